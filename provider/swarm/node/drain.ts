import type Docker from "dockerode";
import type { Operation } from "../../resource";
import { updateNode, waitUntil } from "./api";
import type { SwarmNode } from "./membership";
import { startElsewhere } from "./surge";

/** The parts of the Docker API's Task that matter here. */
export interface TaskPlace {
  readonly ServiceID?: string;
  readonly Slot?: number;
  readonly NodeID?: string;
  readonly DesiredState: string;
  readonly Status: { readonly State: string; readonly Err?: string };
}

/**
 * What keeps a drained node from being empty: tasks that still run on it, and slots of the services that are moving away
 * whose task does not run yet. Global services have no slots and nothing to move. Pure.
 */
export function stillDraining(tasks: readonly TaskPlace[], nodeId: string, moving: ReadonlySet<string>): { onNode: TaskPlace[]; waiting: TaskPlace[] } {
  return {
    onNode: tasks.filter((task) => task.NodeID === nodeId && isLive(task)),
    waiting: tasks.filter((task) => task.Slot && moving.has(task.ServiceID ?? "") && task.DesiredState === "running" && isLive(task) && task.Status.State !== "running"),
  };
}

/** The lock that draining takes: a service must not be moved to a node that is drained as well. */
const DRAIN = "drain";

/**
 * Empties the node without an interruption where that can be: what runs there alone is started elsewhere first. One node at a
 * time; all that are to be drained stop taking tasks at once, so that nothing moves twice.
 */
export async function drainNode(op: Operation, docker: Docker, cluster: string, node: SwarmNode): Promise<void> {
  op.status("draining");
  await updateNode(docker, node.ID, (spec) => (spec.Availability === "active" ? { ...spec, Availability: "pause" } : spec));
  await op.exclusively(DRAIN, async () => {
    await startElsewhere(op, docker, cluster, node);
    const moving = await servicesOn(docker, node.ID);
    await updateNode(docker, node.ID, (spec) => ({ ...spec, Availability: "drain" }));
    await awaitDrained(op, docker, node.ID, node.Description.Hostname, moving);
  });
}

/** The services that have a task on the node now. */
async function servicesOn(docker: Docker, nodeId: string): Promise<ReadonlySet<string>> {
  const tasks = (await docker.listTasks({ filters: { node: [nodeId], "desired-state": ["running"] } })) as TaskPlace[];
  return new Set(tasks.flatMap(({ ServiceID }) => ServiceID ?? []));
}

/**
 * Waits until a drained node runs nothing and its tasks run elsewhere. A task that finds no place (a constraint, a host port
 * that is taken) or does not come up is told and holds nothing up: it stopped here already, and waiting longer helps nobody.
 */
async function awaitDrained(op: Operation, docker: Docker, nodeId: string, name: string, moving: ReadonlySet<string>): Promise<void> {
  const observe = async () => stillDraining((await docker.listTasks()) as TaskPlace[], nodeId, moving);
  const options = { timeout: op.timeouts.drain, signal: op.signal };
  await waitUntil(`the tasks on ${name} to end`, observe, ({ onNode }) => onNode.length === 0, options);

  const homeless = ({ Status }: TaskPlace) => /no suitable node/.test(Status.Err ?? "");
  let left: TaskPlace[] = [];
  const moved = waitUntil(`the tasks of ${name} to run elsewhere`, observe, ({ waiting }) => (left = waiting).every(homeless), options);
  await moved.catch((error: Error) => op.warn(error.message));
  for (const task of left) op.warn(`a task of service ${task.ServiceID} does not run without ${name}: ${task.Status.Err || task.Status.State}`);
}

function isLive({ Status }: TaskPlace): boolean {
  return !["complete", "shutdown", "failed", "rejected", "remove", "orphaned"].includes(Status.State);
}
