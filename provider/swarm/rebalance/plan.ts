import type { SwarmNode } from "../node/membership";
import { fits, tiedTo } from "../node/surgePlan";
import type { ClusterView } from "../plan/interruptions";
import type { LiveService } from "../service/engineApi";

/** A service some of whose tasks go to other nodes. */
export interface Spreading {
  readonly service: LiveService;
  /**
   * How many of its tasks are too many where they are. So many are started for a moment, which Swarm places where the fewest are, and then
   * so many taken back, which it does where the most are; no other task is touched. 0: it is even by itself, and all are made anew.
   */
  readonly surplus: number;
  /** Tasks by hostname, as they are and as Swarm is expected to place them. */
  readonly before: Readonly<Record<string, number>>;
  readonly after: Readonly<Record<string, number>>;
}

/** Tasks of each service by node id. */
type Placement = Map<string, Map<string, number>>;

/**
 * The services to move so that tasks are spread evenly again: over the nodes that a service may run on, and of all services over
 * all nodes. Swarm places a new task where the fewest of its service are, and of those where the fewest of all are (swarmkit,
 * scheduler/nodeset.go), and takes tasks away where the most of the service are (orchestrator/replicated/services.go); so each one is
 * tried out in that way and taken when it leaves things more even. Left out is what would start elsewhere without its data, and global
 * services. Pure.
 */
export function planRebalance(view: ClusterView): Spreading[] {
  const nodes = view.nodes.filter(({ Spec, Status }) => Spec.Availability === "active" && Status.State === "ready");
  const placement = placementOf(view);
  const found = view.services.filter(({ Spec }) => Spec.Mode?.Replicated && !tiedTo(Spec.TaskTemplate)).map((service) => {
    const allowed = nodes.filter((node) => fits(service.Spec.TaskTemplate, node));
    const before = placement.get(service.ID)!;
    return { service, allowed, before, uneven: gapOf(before, allowed) >= 2 };
  });
  // Those that are uneven by themselves first: often the nodes are even then, and the others stay.
  const order = found.sort((a, b) => Number(b.uneven) - Number(a.uneven) || (a.service.Spec.Name < b.service.Spec.Name ? -1 : 1));
  return order.flatMap(({ service, allowed, before, uneven }) => {
    const after = spread(service.ID, sum(before.values()), allowed, placement);
    if (!isBetter(before, after, service.ID, allowed, placement)) return [];
    placement.set(service.ID, after);
    return [{ service, surplus: uneven ? surplusOf(before, after) : 0, before: byHostname(before, view.nodes), after: byHostname(after, view.nodes) }];
  });
}

function placementOf({ services, tasks }: ClusterView): Placement {
  const placement: Placement = new Map(services.map(({ ID }) => [ID, new Map<string, number>()]));
  for (const { ServiceID, NodeID, DesiredState, Status } of tasks) {
    const counts = placement.get(ServiceID);
    if (counts && NodeID && DesiredState === "running" && Status.State === "running") counts.set(NodeID, (counts.get(NodeID) ?? 0) + 1);
  }
  return placement;
}

/** Where Swarm puts that many tasks of a service one after the other. */
function spread(service: string, count: number, nodes: readonly SwarmNode[], placement: Placement): Map<string, number> {
  const others = new Map(nodes.map(({ ID }) => [ID, tasksOn(ID, placement, service)]));
  const placed = new Map<string, number>();
  const at = (id: string) => placed.get(id) ?? 0;
  for (let task = 0; task < count && nodes.length > 0; task++) {
    const [best] = [...nodes].sort((a, b) => at(a.ID) - at(b.ID) || at(a.ID) + others.get(a.ID)! - at(b.ID) - others.get(b.ID)! || (a.ID < b.ID ? -1 : 1));
    placed.set(best!.ID, at(best!.ID) + 1);
  }
  return placed;
}

/** More even for the service by two tasks between its fullest and its emptiest node, or as even for it and so for the nodes as a whole. */
function isBetter(before: Map<string, number>, after: Map<string, number>, service: string, nodes: readonly SwarmNode[], placement: Placement): boolean {
  if (nodes.length < 2) return false;
  if (gapOf(before, nodes) >= 2) return gapOf(after, nodes) < gapOf(before, nodes);
  const all = (of: Map<string, number>) => new Map(nodes.map(({ ID }) => [ID, tasksOn(ID, placement, service) + (of.get(ID) ?? 0)]));
  return gapOf(all(before), nodes) >= 2 && gapOf(all(after), nodes) < gapOf(all(before), nodes);
}

/** How many tasks more the fullest of the nodes has than the emptiest. */
function gapOf(counts: Map<string, number>, nodes: readonly SwarmNode[]): number {
  const found = nodes.map(({ ID }) => counts.get(ID) ?? 0);
  return Math.max(...found) - Math.min(...found);
}

function surplusOf(before: Map<string, number>, after: Map<string, number>): number {
  return sum([...before].map(([node, count]) => Math.max(0, count - (after.get(node) ?? 0))));
}

/** Tasks of all services but one on a node. */
function tasksOn(node: string, placement: Placement, without: string): number {
  return sum([...placement].map(([service, counts]) => (service === without ? 0 : (counts.get(node) ?? 0))));
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

function byHostname(counts: Map<string, number>, nodes: readonly SwarmNode[]): Record<string, number> {
  return Object.fromEntries([...counts].map(([id, count]) => [nodes.find(({ ID }) => ID === id)?.Description.Hostname ?? id, count] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** "shop_web: m1 3 → m1 1, m2 1, m3 1" */
export function spreadingText({ service, before, after }: Spreading): string {
  const text = (counts: Readonly<Record<string, number>>) => Object.entries(counts).map(([host, count]) => `${host} ${count}`).join(", ");
  return `${service.Spec.Name}: ${text(before)} → ${text(after)}`;
}
