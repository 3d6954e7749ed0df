import type { SwarmInfo } from "../../remote/manager";
import { MACHINE_LABEL, type SwarmNode } from "./membership";

export type JoinPlan =
  /** The host's engine is that node already. */
  | { readonly do: "adopt"; readonly nodeId: string }
  /** `ghosts` are dead nodes of an earlier machine of the same name or address; they go first. */
  | { readonly do: "join"; readonly ghosts: readonly SwarmNode[] }
  | { readonly do: "wait"; readonly reason: string }
  | { readonly do: "refuse"; readonly reason: string };

/** The host that is to become a node. */
export interface Joining {
  readonly name: string;
  readonly address: string;
  readonly machine: string;
  readonly cluster: string;
}

/** How a host becomes a node of the cluster, from what its engine and the managers say. */
export function planJoin(host: Joining, local: SwarmInfo, nodes: readonly SwarmNode[]): JoinPlan {
  const twin = nodes.find((node) => node.ID !== local.NodeID && node.Spec.Labels?.[MACHINE_LABEL] === host.machine && node.Status.State !== "down");
  if (twin) {
    return {
      do: "refuse",
      reason: `${host.name} (${host.address}) has the machine-id ${host.machine}, which the node ${twin.Description.Hostname} (${twin.Status.Addr}) has too: one of them is a copy of the other. ` +
        `Give it an id of its own (rm /etc/machine-id /var/lib/dbus/machine-id; systemd-machine-id-setup; reboot)`,
    };
  }
  switch (local.LocalNodeState) {
    case "active":
    case "error":
    case "locked": {
      if (nodes.some(({ ID }) => ID === local.NodeID) && local.LocalNodeState === "active") return { do: "adopt", nodeId: local.NodeID! };
      const state = local.LocalNodeState === "active" ? `a node of ${local.Cluster?.ID ? `the Swarm ${local.Cluster.ID}` : "another Swarm"}` : `in the state "${local.LocalNodeState}" (${local.Error?.trim() ?? "no reason given"})`;
      return { do: "refuse", reason: `${host.name} (${host.address}) is ${state}, not of ${host.cluster}; nothing is taken from another Swarm. Let it leave first (docker swarm leave --force)` };
    }
    case "pending":
      return { do: "wait", reason: `${host.name} is still joining` };
    default:
      return { do: "join", ghosts: nodes.filter((node) => isGhost(host, node)) };
  }
}

/** A node that stands for an earlier life of this host: same name or address, and down, or told apart by its machine. */
function isGhost(host: Joining, node: SwarmNode): boolean {
  const address = node.ManagerStatus?.Addr.replace(/:\d+$/, "") ?? node.Status.Addr;
  const samePlace = node.Description.Hostname === host.name || address === host.address;
  const earlier = node.Spec.Labels?.[MACHINE_LABEL];
  return samePlace && (node.Status.State === "down" || (address === host.address && earlier !== undefined && earlier !== host.machine));
}
