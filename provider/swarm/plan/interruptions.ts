import type { Operation } from "../../resource";
import type { LiveService, LiveTask } from "../service/engineApi";
import { listAllTasks, listServices } from "../service/swarmView";
import { listNodes } from "../node/api";
import type { SwarmNode } from "../node/membership";
import { endangered } from "../node/surgePlan";

/** What runs in the Swarm now, and where. */
export interface ClusterView {
  readonly nodes: readonly SwarmNode[];
  readonly services: readonly LiveService[];
  readonly tasks: readonly LiveTask[];
}

/** Looked at once in a run, unless it is forgotten. */
export const CLUSTER_VIEW = "what runs where";

/** Warns of what is interrupted, and tells what is moved, when these nodes are drained or removed. */
export async function warnOfInterruptions(op: Operation, going: readonly string[]): Promise<void> {
  const cluster = await lookAtCluster(op);
  if (!cluster) return;
  for (const node of cluster.nodes.filter(({ Description }) => going.includes(Description.Hostname))) {
    // The others that go take nothing any more either.
    const staying = cluster.nodes.filter((other) => other === node || !going.includes(other.Description.Hostname));
    const text = interruptionText({ ...cluster, nodes: staying }, node);
    if (text !== undefined) op.warn(`while ${node.Description.Hostname} goes down: ${text}`);
  }
}

/** The Swarm as a manager sees it; undefined, with a warning, where none answers: a preview goes on without it. */
export function lookAtCluster(op: Operation): Promise<ClusterView | undefined> {
  return op.shared(CLUSTER_VIEW, async () => {
    try {
      const { docker } = await op.manager();
      const [nodes, services, tasks] = await Promise.all([listNodes(docker), listServices(docker), listAllTasks(docker)]);
      return { nodes, services, tasks };
    } catch (error) {
      op.warn(`what will be interrupted is not known: ${(error as Error).message}`);
      return undefined;
    }
  });
}

/** What becomes of the services that run on this node alone when it goes down; undefined where there are none. Pure. */
export function interruptionText({ nodes, services, tasks }: ClusterView, node: SwarmNode): string | undefined {
  const found = endangered(services, tasks, node, nodes);
  const stay = found.flatMap(({ service, stays }) => (stays === undefined ? [] : [`service ${service.Spec.Name} is interrupted (${stays})`]));
  const move = found.flatMap(({ service, stays }) => (stays === undefined ? [service.Spec.Name] : []));
  const moved = move.length === 0 ? [] : [`${move.join(", ")} ${move.length === 1 ? "has" : "have"} no task elsewhere and ${move.length === 1 ? "is" : "are"} started there first`];
  return found.length === 0 ? undefined : [...stay, ...moved].join("; ");
}
