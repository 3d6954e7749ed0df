import { judge, steadiness, type Verdict } from "../../../../provider/swarm/service/convergence";
import type { LiveNode, LiveService, LiveTask, UpdateState } from "../../../../provider/swarm/service/engineApi";

const node = (name: string, state: "ready" | "down" = "ready", availability: "active" | "drain" = "active"): [string, LiveNode] => [
  name,
  { ID: name, Spec: { Availability: availability }, Description: { Hostname: name }, Status: { State: state } },
];
const NODES = new Map([node("m1"), node("m2"), node("m3")]);

function service(mode: "global" | number, update?: UpdateState, extra: Partial<LiveService["Spec"]> = {}): LiveService {
  const Mode = mode === "global" ? { Global: {} } : { Replicated: { Replicas: mode } };
  return { ID: "s", Version: { Index: 1 }, Spec: { Name: "web", TaskTemplate: { ContainerSpec: { Image: "i" } }, Mode, ...extra }, UpdateStatus: update && { State: update, Message: "why" } };
}

let made = 0;
/** A task in one line: "running", "failed>shutdown" (state, then desired state); later ones are newer. */
function task(slot: number, states: string, { on = "m1", err, exit }: { on?: string; err?: string; exit?: number } = {}): LiveTask {
  const [state, desired = "running"] = states.split(">") as [LiveTask["Status"]["State"], LiveTask["DesiredState"]?];
  made++;
  return { ID: `t${made}`, ServiceID: "s", Slot: slot || undefined, NodeID: on || undefined, CreatedAt: `2026-01-01T00:00:${String(made).padStart(6, "0")}Z`, DesiredState: desired, Status: { State: state, Err: err, ContainerStatus: exit === undefined ? undefined : { ExitCode: exit } } };
}

const says = (verdict: Verdict) => (verdict.state === "up" ? "up" : `${verdict.state}: ${verdict.reason}`);

test.each<[string, LiveService | undefined, LiveTask[], string]>([
  ["all replicas run", service(2), [task(1, "running"), task(2, "running", { on: "m2" })], "up"],
  ["one is on its way", service(2), [task(1, "running"), task(2, "starting")], "waiting: 1 of 2 running"],
  ["none is made yet", service(2), [], "waiting: 0 of 2 running"],
  ["nothing is asked for", service(0), [], "up"],
  ["scaled down, but one still runs", service(1), [task(1, "running"), task(2, "running")], "waiting: 2 of 1 running"],
  ["scaled down, and the other is on its way out", service(1), [task(1, "running"), task(2, "running>remove")], "up"],
  ["no node fits", service(1), [task(1, "pending", { on: "", err: "no suitable node (scheduling constraints not satisfied on 3 nodes)" })], "waiting: 0 of 1 running; task pending: no suitable node (scheduling constraints not satisfied on 3 nodes)"],
  ["the service is gone", undefined, [], "failed: the service was removed while it was rolled out"],
  ["it crashes and is started again", service(1), [task(1, "failed>shutdown", { err: "task: non-zero exit (3)", exit: 3 }), task(1, "ready>ready")], "waiting: 0 of 1 running; task on m1 failed: task: non-zero exit (3)"],
  ["a crash ends a service that is not restarted", service(1), [task(1, "failed>shutdown", { err: "task: non-zero exit (3)" })], "failed: a task failed, and the restart policy starts no other"],
  ["a task has just failed, and the engine has not decided", service(1), [task(1, "failed", { err: "x" })], "waiting: 0 of 1 running; task on m1 failed: x"],
  ["a program that ended as it should did its work", service(1), [task(1, "complete>shutdown")], "up"],
  ["a program that ended, and is started again", service(1), [task(1, "complete>shutdown"), task(1, "ready>ready")], "waiting: 0 of 1 running"],
  ["a node is down", service(1), [task(1, "running", { on: "dead" })], "waiting: 0 of 1 running; dead is down"],
  ["an update is under way", service(2, "updating"), [task(1, "running")], "waiting: 1 of 2 running the new version"],
  ["all run, but the engine still watches", service(1, "updating"), [task(1, "running")], "waiting: 1 of 1 running the new version; the engine has not ended the update; dead is down"],
  ["a failing task during an update is the engine's to judge", service(1, "updating"), [task(1, "failed>shutdown", { err: "x" })], "waiting: 0 of 1 running the new version; task on m1 failed: x"],
  ["an update is done", service(1, "completed"), [task(1, "running")], "up"],
  ["an update was paused", service(1, "paused"), [task(1, "running")], "failed: the update was paused: why"],
  ["it goes back", service(1, "rollback_started"), [task(1, "running")], "waiting: rolling back (why)"],
  ["it went back", service(1, "rollback_completed"), [task(1, "running")], "failed: the update failed and was rolled back: why"],
  ["it could not even go back", service(1, "rollback_paused"), [], "failed: the update failed, and rolling it back was paused too: why"],
  ["a global service on every node", service("global"), [task(0, "running"), task(0, "running", { on: "m2" }), task(0, "running", { on: "m3" })], "up"],
  ["a global service on its way", service("global"), [task(0, "running"), task(0, "preparing", { on: "m2" })], "waiting: 1 of 2 running"],
  ["a global service of which nothing is made yet", service("global"), [], "waiting: 0 of 3 running"],
  ["a global service leaves what is on a dead node", service("global"), [task(0, "running"), task(0, "running", { on: "dead" })], "up"],
])("%s", (_what, live, tasks, expected) => {
  expect(says(judge(live, tasks, new Map([...NODES, node("dead", "down")])))).toBe(expected);
});

test("a global service that fits on no node has nothing to do", () => {
  const TaskTemplate = { ContainerSpec: { Image: "i" }, Placement: { Constraints: ["node.labels.a==b"] } };
  expect(judge(service("global", undefined, { TaskTemplate }), [], NODES)).toMatchObject({ state: "up", key: "" });
});

describe("attempts that cannot succeed", () => {
  const rejected = (times: number, err: string) => [...Array.from({ length: times }, () => task(1, "rejected>shutdown", { on: "m2", err })), task(1, "ready>ready")];

  test("end the waiting after three", () => {
    expect(judge(service(1), rejected(2, "No such image: nope:1"), NODES).state).toBe("waiting");
    const verdict = judge(service(1), rejected(3, "No such image: nope:1"), NODES);
    expect(verdict).toMatchObject({ state: "failed", tasks: [{ NodeID: "m2" }] });
  });

  test("are only those of which the error says so: a program may crash until its database is there", () => {
    expect(judge(service(1), rejected(5, "task: non-zero exit (1)"), NODES).state).toBe("waiting");
  });

  test("do not count where another task of the replica ran", () => {
    expect(judge(service(1), [...rejected(3, "No such image: x"), task(1, "running>shutdown")], NODES).state).toBe("waiting");
  });
});

test("the engine's own watch after an update counts towards the time that tasks have to stay up", () => {
  const watched = judge(service(1, "completed", { UpdateConfig: { Parallelism: 1, Monitor: 3e9 } }), [task(1, "running")], NODES);
  expect(watched).toMatchObject({ state: "up", watched: 3000 });
  expect(judge(service(1), [task(1, "running")], NODES)).toMatchObject({ watched: 0 });
});

test("steadiness begins anew with every task that is replaced, and ends when the service is not up", () => {
  const up = (key: string): Verdict => ({ state: "up", key, watched: 0 });
  const first = steadiness(undefined, up("a b"), 100);
  expect(steadiness(first, up("a b"), 900)).toEqual({ key: "a b", since: 100 });
  expect(steadiness(first, up("a c"), 900)).toEqual({ key: "a c", since: 900 });
  expect(steadiness(first, { state: "waiting", reason: "" }, 900)).toBeUndefined();
});
