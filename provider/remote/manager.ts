import type Docker from "dockerode";
import type { Connection } from "./connection";
import type { Machine } from "./machine";

/** A host whose engine is a manager of the Swarm and sees a quorum. */
export interface SwarmManager {
  readonly machine: Machine;
  readonly docker: Docker;
  /** Swarm id of this node. */
  readonly nodeId: string;
  readonly clusterId: string;
}

/** What an engine says about its Swarm membership; the part of `docker info` that matters here. */
export interface SwarmInfo {
  NodeID?: string;
  NodeAddr?: string;
  LocalNodeState?: "inactive" | "pending" | "active" | "error" | "locked";
  ControlAvailable?: boolean;
  Error?: string;
  Cluster?: { ID?: string };
}

/**
 * The first of the configured managers that answers and sees a quorum, in their order, so a dead one costs its connect
 * time once and blocks nothing.
 * @throws Error that says for every candidate why it does not serve
 */
export async function findManager(candidates: readonly Connection[], machine: (connection: Connection) => Promise<Machine>): Promise<SwarmManager> {
  if (candidates.length === 0) throw new Error("the provider has no managers to ask; its `managers` must name at least one host");
  const reasons: string[] = [];
  for (const candidate of candidates) {
    try {
      const host = await machine(candidate);
      const swarm = (await host.docker.info()).Swarm as SwarmInfo;
      const problem = whyNot(swarm);
      if (problem === undefined) return { machine: host, docker: host.docker, nodeId: swarm.NodeID!, clusterId: swarm.Cluster!.ID! };
      reasons.push(`${candidate.address}: ${problem}`);
    } catch (error) {
      reasons.push((error as Error).message);
    }
  }
  throw new Error(`no manager of the Swarm answers with a quorum:\n  ${reasons.join("\n  ")}`);
}

function whyNot(swarm: SwarmInfo): string | undefined {
  if (swarm.LocalNodeState === "locked") return "its Swarm is locked since its engine restarted; `up` unlocks it with the key in the stack's state, once more if this was a refresh";
  if (swarm.LocalNodeState !== "active") return `it is not in a Swarm (state ${swarm.LocalNodeState ?? "unknown"})`;
  if (!swarm.ControlAvailable) return "it is a worker";
  // A manager without a leader answers `info`, but cannot read the cluster.
  if (swarm.Error || !swarm.Cluster?.ID) return `it sees no quorum${swarm.Error ? ` (${swarm.Error.trim()})` : ""}`;
  return undefined;
}
