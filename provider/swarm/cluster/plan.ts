import type { SwarmInfo } from "../../remote/manager";

/** What one configured manager said of its membership, or why it could not be asked. */
export interface Candidate {
  readonly address: string;
  readonly swarm?: SwarmInfo;
  readonly unreachable?: string;
}

export type ClusterStep =
  /** A Swarm is there already: this one is used. */
  | { readonly do: "adopt"; readonly clusterId: string; readonly through: string }
  /** No manager is in a Swarm: the first one starts it. */
  | { readonly do: "init" }
  /** A manager is in between; ask again shortly. */
  | { readonly do: "wait"; readonly reason: string }
  | { readonly do: "refuse"; readonly reason: string };

/**
 * How to come by the cluster. A second one must never be formed: whatever cannot be told for sure is refused rather than
 * initialised over.
 */
export function planCluster(candidates: readonly Candidate[]): ClusterStep {
  const members = candidates.filter(({ swarm }) => swarm?.LocalNodeState === "active" && swarm.ControlAvailable && swarm.Cluster?.ID);
  const clusters = [...new Set(members.map(({ swarm }) => swarm!.Cluster!.ID!))];
  if (clusters.length > 1) {
    const list = members.map(({ address, swarm }) => `${address} (${swarm!.Cluster!.ID})`).join(", ");
    return { do: "refuse", reason: `the configured managers belong to different Swarms: ${list}; let all but one Swarm's hosts leave (docker swarm leave --force)` };
  }
  if (members[0]) return { do: "adopt", clusterId: clusters[0]!, through: members[0].address };

  const between = candidates.find(({ swarm }) => swarm?.LocalNodeState === "pending" || (swarm?.LocalNodeState === "active" && swarm.ControlAvailable));
  if (between) return { do: "wait", reason: `${between.address} is ${between.swarm!.LocalNodeState}${between.swarm!.Error ? `: ${between.swarm!.Error.trim()}` : ""}` };

  const elsewhere = candidates.find(({ swarm }) => swarm && swarm.LocalNodeState !== "inactive");
  if (elsewhere) {
    const state = elsewhere.swarm!.LocalNodeState === "active" ? "a worker of some Swarm" : `in the state "${elsewhere.swarm!.LocalNodeState}"`;
    return { do: "refuse", reason: `${elsewhere.address} is ${state}, so no Swarm is started over it; unlock it, or let it leave (docker swarm leave --force)` };
  }
  const silent = candidates.filter(({ unreachable }) => unreachable);
  if (silent.length > 0) {
    const list = silent.map(({ unreachable }) => unreachable).join("; ");
    return { do: "refuse", reason: `no Swarm is started while a manager may be in one and cannot be asked: ${list}` };
  }
  return { do: "init" };
}
