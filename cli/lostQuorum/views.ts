import { seesNoQuorum, type SwarmInfo } from "../../provider/remote/manager";
import type { SwarmNode } from "../../provider/swarm/node/membership";
import type { RaftEvidence } from "./evidence";

/** A manager of the stack and what it says of the Swarm. */
export type ManagerView = { readonly name: string; readonly address: string } & Said;

/** What one manager says. */
export type Said =
  /** It could not be asked: no SSH, or no engine. */
  | { readonly says: "nothing"; readonly reason: string }
  /** It sees a quorum. `nodes`: as it lists them. */
  | { readonly says: "quorum"; readonly nodeId: string; readonly clusterId: string; readonly nodes: readonly SwarmNode[] }
  /** It is a manager, has the Swarm's state, and no quorum. */
  | { readonly says: "no quorum"; readonly nodeId: string; readonly reason: string; readonly raft: RaftEvidence }
  /** Its state waits for the unlock key. */
  | { readonly says: "locked" }
  /** It is on its way into the Swarm. */
  | { readonly says: "pending" }
  /** Its part of the Swarm cannot start, or its state is missing. */
  | { readonly says: "broken"; readonly nodeId?: string; readonly reason: string }
  /** It is a worker of some Swarm. */
  | { readonly says: "worker" }
  /** It is in no Swarm. */
  | { readonly says: "no manager" };

/** Reads what an engine says of its Swarm. `nodes` and `raft` are looked at only where they can be. */
export function viewOf(swarm: SwarmInfo, nodes: readonly SwarmNode[] | undefined, raft: RaftEvidence | undefined): Said {
  const nodeId = swarm.NodeID ?? "";
  const error = swarm.Error?.trim();
  if (seesNoQuorum(swarm)) {
    return raft ? { says: "no quorum", nodeId, reason: error || "it has no leader", raft } : { says: "broken", nodeId, reason: "its copy of the Swarm's state is missing" };
  }
  switch (swarm.LocalNodeState) {
    case "locked":
      return { says: "locked" };
    case "pending":
      return { says: "pending" };
    case "error":
      return { says: "broken", nodeId, reason: error || "no reason given" };
    case "active":
      return swarm.ControlAvailable ? { says: "quorum", nodeId, clusterId: swarm.Cluster!.ID!, nodes: nodes ?? [] } : { says: "worker" };
    default:
      return { says: "no manager" };
  }
}
