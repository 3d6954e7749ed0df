import type Docker from "dockerode";
import type { Connection, ManagerConnection } from "./connection";
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
 * @throws Error that says for every candidate why it does not serve, and what helps when the quorum is lost
 */
export async function findManager(candidates: readonly ManagerConnection[], machine: (connection: Connection) => Promise<Machine>): Promise<SwarmManager> {
  if (candidates.length === 0) throw new Error("the provider has no managers to ask; its `managers` must name at least one host");
  const reasons: string[] = [];
  let leaderless = 0;
  for (const candidate of candidates) {
    const { name, address } = candidate;
    try {
      const host = await machine(candidate);
      const swarm = (await host.docker.info()).Swarm as SwarmInfo;
      const problem = whyNot(swarm);
      if (problem === undefined) return { machine: host, docker: host.docker, nodeId: swarm.NodeID!, clusterId: swarm.Cluster!.ID! };
      if (seesNoQuorum(swarm)) leaderless++;
      reasons.push(name === undefined ? `${address}: ${problem}` : `${name} (${address}): ${problem}`);
    } catch (error) {
      reasons.push(`${name === undefined ? "" : `${name}: `}${(error as Error).message}`);
    }
  }
  const list = `no manager of the Swarm answers with a quorum:\n  ${reasons.join("\n  ")}`;
  throw new Error(leaderless === 0 ? list : `${list}\n${lostQuorum(leaderless, candidates.length)}`);
}

function whyNot(swarm: SwarmInfo): string | undefined {
  if (swarm.LocalNodeState === "locked") return "its Swarm is locked since its engine restarted; `up` unlocks it with the key in the stack's state, once more if this was a refresh";
  if (seesNoQuorum(swarm)) return `it sees no quorum${swarm.Error ? ` (${swarm.Error.trim()})` : ""}`;
  if (swarm.LocalNodeState !== "active") return `it is not in a Swarm (state ${swarm.LocalNodeState ?? "unknown"})`;
  if (!swarm.ControlAvailable) return "it is a worker";
  return undefined;
}

/**
 * A manager without a leader answers `info`, but cannot read the cluster. One whose engine was started since then is "pending",
 * and so is a node that is just joining, which is no manager yet.
 */
export function seesNoQuorum({ LocalNodeState, ControlAvailable, Error: problem, Cluster }: SwarmInfo): boolean {
  const manages = (LocalNodeState === "active" || LocalNodeState === "pending") && ControlAvailable === true;
  return manages && (Boolean(problem) || !Cluster?.ID);
}

function lostQuorum(survivors: number, managers: number): string {
  const needed = Math.floor(managers / 2) + 1;
  return (
    `The Swarm has lost its quorum: ${survivors} of ${managers} managers ${survivors === 1 ? "has" : "have"} its state, ${needed} have to reach each other. ` +
    `Bring the others back; nothing else is needed then. If they are gone for good: ./dockyard recover`
  );
}
