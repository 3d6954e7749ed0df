import type { SwarmNode } from "../../provider/swarm/node/membership";
import { majority } from "../../provider/swarm/node/quorum";

export type SourcePlan =
  /** `tasks`: how many stop with its engine. `downtime`: nothing can be changed in the Swarm meanwhile. */
  | { readonly do: "copy"; readonly nodeId: string; readonly name: string; readonly tasks: number; readonly downtime: boolean }
  | { readonly do: "refuse"; readonly reason: string; readonly fix?: string };

/**
 * The manager whose engine is stopped for the copy of raft: none that leads or that the quorum needs, and of the others the one
 * with the fewest tasks. Pure.
 * @param nodes as a manager with a quorum lists them
 * @param tasks running tasks of each node, by its id
 * @param known ids of the nodes that can be reached over SSH
 */
export function planSource(nodes: readonly SwarmNode[], tasks: ReadonlyMap<string, number>, known: ReadonlySet<string>, allowDowntime: boolean): SourcePlan {
  const managers = nodes.filter(({ ManagerStatus }) => ManagerStatus);
  const reachable = managers.filter(({ ManagerStatus }) => ManagerStatus!.Reachability === "reachable");
  const alone = managers.length === 1;
  if (alone && !allowDowntime) {
    return {
      do: "refuse",
      reason:
        `${name(managers[0]!)} is the only manager. Its engine has to stop for the copy: what runs there (tasks: ${tasks.get(managers[0]!.ID) ?? 0}) stops and starts again, ` +
        "and until it is back nothing in the Swarm can be changed or started elsewhere",
      fix: "./dockyard backup --allow-downtime, at a time that suits; or have three managers",
    };
  }
  if (!alone && reachable.length - 1 < majority(managers.length)) {
    const away = managers.filter((node) => !reachable.includes(node)).map(name).join(", ");
    return {
      do: "refuse",
      reason: `${reachable.length} of ${managers.length} managers are reachable, and the quorum needs ${majority(managers.length)}: none can be stopped for the copy`,
      fix: away === "" ? "have three managers" : `bring back ${away} first`,
    };
  }
  const candidates = reachable.filter(({ ID, Status, ManagerStatus }) => known.has(ID) && Status.State === "ready" && (alone || !ManagerStatus!.Leader));
  const [best] = candidates.sort((a, b) => (tasks.get(a.ID) ?? 0) - (tasks.get(b.ID) ?? 0) || (name(a) < name(b) ? -1 : 1));
  if (!best) return { do: "refuse", reason: "no manager but the leader is ready and known to the stack's state", fix: "./dockyard refresh" };
  return { do: "copy", nodeId: best.ID, name: name(best), tasks: tasks.get(best.ID) ?? 0, downtime: alone };
}

function name({ Description, ID }: SwarmNode): string {
  return Description.Hostname || ID;
}
