import { setTimeout as sleep } from "node:timers/promises";
import type { Operation } from "../../resource";
import { milliseconds } from "./duration";
import type { LiveTask } from "./engineApi";
import type { ServiceInputs } from "./inputs";
import { listAllTasks, listNodes, listTasks, statusOf } from "./swarmView";
import type { Nodes } from "./tasks";

/** Milliseconds between two looks at tasks that stop. */
const INTERVAL = 250;
const USUAL_GRACE = "10s";

/**
 * Removes the service and waits until its containers have stopped, so that what they used (networks, secrets, ports)
 * is free. One that is gone already is fine. Tasks on nodes that are down are not waited for,
 * and what does not stop within its grace period and the configured time is only told about.
 */
export async function removeService(op: Operation, id: string, inputs: ServiceInputs): Promise<void> {
  const { docker } = await op.manager();
  const tasks = await unless404(listTasks(docker, [id]), []);
  op.status("removing");
  await unless404(docker.getService(id).remove(), undefined);
  const pending = tasks.filter((task) => task.Status.ContainerStatus?.ContainerID || task.NodeID).map((task) => task.ID);
  const deadline = Date.now() + milliseconds(inputs.stopGracePeriod ?? USUAL_GRACE) + op.timeouts.removal;
  const left = await stopped(op, inputs.cluster, pending, deadline);
  if (left.length > 0) op.warn(`the service "${inputs.name}" is removed, but ${left.length} of its tasks still stop: ${left.map((task) => task.ID).join(", ")}`);
}

/** Waits until none of the tasks holds anything any more; gives those that still do when the time is up. */
async function stopped(op: Operation, cluster: string, ids: readonly string[], deadline: number): Promise<LiveTask[]> {
  let shown: string | undefined;
  for (;;) {
    op.signal.throwIfAborted();
    const left = await stillThere(op, cluster, ids);
    if (left.length === 0 || Date.now() > deadline) return left;
    const message = `removed; ${left.length} of its tasks still stop`;
    if (message !== shown) op.status((shown = message));
    await sleep(INTERVAL);
  }
}

/** However many services are being removed at once, one list of tasks serves them all. */
async function stillThere(op: Operation, cluster: string, ids: readonly string[]): Promise<LiveTask[]> {
  if (ids.length === 0) return [];
  const key = `tasks that stop in ${cluster}`;
  const { holding, nodes } = await op.shared(key, async () => {
    setTimeout(() => op.forget(key), INTERVAL - 50).unref();
    const { docker } = await op.manager();
    const found = (await listAllTasks(docker)).filter(holdsSomething);
    return { holding: found, nodes: found.length > 0 ? await listNodes(docker) : new Map() };
  });
  const mine = new Set(ids);
  return ignoreDead(holding.filter((task) => mine.has(task.ID)), nodes);
}

const ENDED: readonly string[] = ["complete", "shutdown", "failed", "rejected", "remove", "orphaned"];
const holdsSomething = (task: LiveTask) => !ENDED.includes(task.Status.State);

function ignoreDead(tasks: readonly LiveTask[], nodes: Nodes): LiveTask[] {
  return tasks.filter((task) => task.NodeID === undefined || nodes.get(task.NodeID)?.Status.State === "ready");
}

async function unless404<T>(call: Promise<T>, instead: T): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (statusOf(error) === 404) return instead;
    throw error;
  }
}
