import { setTimeout as sleep } from "node:timers/promises";
import type { LiveService, LiveTask } from "../../../../provider/swarm/service/engineApi";
import { ConvergenceWatch, NotConverged } from "../../../../provider/swarm/service/watch";
import type { Operation } from "../../../../provider/resource";

/** A Swarm of which only the lists exist; what was asked for is counted. */
class FakeSwarm {
  readonly services = new Map<string, LiveService>();
  readonly tasks: LiveTask[] = [];
  calls = { services: 0, tasks: 0, nodes: 0 };
  lost = false;

  add(id: string, state: LiveTask["Status"]["State"], version = 1): LiveTask {
    this.services.set(id, { ID: id, Version: { Index: version }, Spec: { Name: id, TaskTemplate: { ContainerSpec: { Image: "i" } }, Mode: { Replicated: { Replicas: 1 } } } });
    const task: LiveTask = { ID: `task-${id}`, ServiceID: id, Slot: 1, NodeID: "n", CreatedAt: "1", DesiredState: "running", Status: { State: state } };
    this.tasks.push(task);
    return task;
  }

  operation(signal = new AbortController().signal): Operation & { said: string[] } {
    const said: string[] = [];
    const answer = async <T>(kind: "services" | "tasks" | "nodes", value: T) => {
      this.calls[kind]++;
      if (this.lost) throw new Error("connection lost");
      return value;
    };
    const docker = {
      listServices: () => answer("services", [...this.services.values()]),
      listTasks: () => answer("tasks", this.tasks),
      listNodes: () => answer("nodes", [{ ID: "n", Spec: { Availability: "active" }, Status: { State: "ready" }, Description: { Hostname: "m1" } }]),
    };
    return { said, signal, status: (message: string) => said.push(message), manager: async () => ({ docker }) } as unknown as Operation & { said: string[] };
  }
}

const wait = (watch: ConvergenceWatch, op: Operation, id: string, more: object = {}) => watch.converged({ op, id, timeout: 3000, stable: 0, ...more });

test("one list of services and one of tasks a look serve all services in flight, and none when nothing is", async () => {
  const swarm = new FakeSwarm();
  const ids = Array.from({ length: 50 }, (_, index) => `s${index}`);
  for (const id of ids) swarm.add(id, "running");
  const watch = new ConvergenceWatch();
  await Promise.all(ids.map((id) => wait(watch, swarm.operation(), id)));
  expect(swarm.calls.services).toBeLessThanOrEqual(2);
  expect(swarm.calls.tasks).toBe(swarm.calls.services);
  const asked = swarm.calls.services;
  await sleep(400);
  expect(swarm.calls.services).toBe(asked);
});

test("says what it waits for only when that changes", async () => {
  const swarm = new FakeSwarm();
  const task = swarm.add("web", "starting");
  const op = swarm.operation();
  const converged = wait(new ConvergenceWatch(), op, "web", { stable: 300 });
  await sleep(500);
  task.Status.State = "running";
  await converged;
  expect(op.said).toEqual(["0 of 1 running", "running; watching that it stays so"]);
});

test("a manager that is lost for a while does not fail the rollout", async () => {
  const swarm = new FakeSwarm();
  swarm.add("web", "running");
  swarm.lost = true;
  const op = swarm.operation();
  const converged = wait(new ConvergenceWatch(), op, "web");
  await sleep(300);
  swarm.lost = false;
  await converged;
  expect(op.said[0]).toBe("the Swarm does not answer: connection lost");
});

test("time is up with the reason for waiting; the engine's refusal comes at once", async () => {
  const swarm = new FakeSwarm();
  swarm.add("slow", "preparing");
  await expect(wait(new ConvergenceWatch(), swarm.operation(), "slow", { timeout: 200 })).rejects.toThrow("it did not converge within 0 s: 0 of 1 running");
  const failing = swarm.add("bad", "failed");
  failing.DesiredState = "shutdown";
  const failure = await wait(new ConvergenceWatch(), swarm.operation(), "bad").catch((error: NotConverged) => error);
  expect(failure).toMatchObject({ hopeless: true, tasks: [failing] });
});

test("a look that still shows the version before the update says nothing", async () => {
  const swarm = new FakeSwarm();
  swarm.add("web", "running", 7);
  let done = false;
  const converged = wait(new ConvergenceWatch(), swarm.operation(), "web", { staleVersion: 7 }).then(() => (done = true));
  await sleep(400);
  expect(done).toBe(false);
  swarm.services.get("web")!.Version.Index = 8;
  await converged;
});

test("stops when the operation is cancelled", async () => {
  const swarm = new FakeSwarm();
  swarm.add("web", "preparing");
  const cancel = new AbortController();
  const converged = wait(new ConvergenceWatch(), swarm.operation(cancel.signal), "web");
  setTimeout(() => cancel.abort(), 200);
  await expect(converged).rejects.toThrow("cancelled while the service converges (0 of 1 running)");
});
