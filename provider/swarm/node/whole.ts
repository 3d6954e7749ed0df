import type Docker from "dockerode";
import type { Operation } from "../../resource";
import { leaderless, listNodes, waitUntil } from "./api";
import type { SwarmNode } from "./membership";

/** How long every node has to be seen before a new leader is believed: it may not have taken them for unknown yet, in milliseconds. */
const SETTLED = 1000;

/** What is worse in the cluster than before, or undefined when every node that was ready and every manager that answered does so again. */
export function notWhole(before: readonly SwarmNode[], now: readonly SwarmNode[]): string | undefined {
  for (const was of before) {
    const is = now.find(({ ID }) => ID === was.ID);
    const name = was.Description.Hostname || was.ID;
    if (was.Status.State === "ready" && is && is.Status.State !== "ready") return `${name} is ${is.Status.State}`;
    if (was.ManagerStatus?.Reachability === "reachable" && is?.ManagerStatus && is.ManagerStatus.Reachability !== "reachable") return `manager ${name} does not answer`;
  }
  const managers = now.filter(({ ManagerStatus }) => ManagerStatus !== undefined);
  return managers.some(({ ManagerStatus }) => ManagerStatus!.Leader) ? undefined : "there is no leader";
}

/**
 * Waits, when this node was the leader and is not in raft any more, until its successor has heard of every node that answered
 * before, or given it up: a new leader takes all of them for unknown first, and whoever plans by that takes them for dead.
 * @param before the nodes while this one was still a manager
 */
export async function heardByNewLeader(op: Operation, docker: Docker, before: readonly SwarmNode[], id: string): Promise<void> {
  if (!before.find(({ ID }) => ID === id)?.ManagerStatus?.Leader) return;
  const stay = before.filter(({ ID }) => ID !== id);
  let [since, told] = [undefined as number | undefined, ""];
  await waitUntil(
    "the new leader to hear of every node that answered before",
    () => unheard(docker, stay),
    (obstacle) => {
      if (obstacle !== undefined && obstacle !== told) op.status(`waiting for the new leader to hear of every node: ${(told = obstacle)}`);
      since = obstacle === undefined ? (since ?? Date.now()) : undefined;
      return since !== undefined && Date.now() - since >= SETTLED;
    },
    { timeout: op.timeouts.membership, signal: op.signal },
  );
}

/** What the new leader still has to hear; a node that it has given up is nothing to wait for. */
async function unheard(docker: Docker, before: readonly SwarmNode[]): Promise<string | undefined> {
  try {
    const now = await listNodes(docker);
    const givenUp = new Set(now.filter(({ Status }) => Status.State === "down").map(({ ID }) => ID));
    return notWhole(before.filter(({ ID }) => !givenUp.has(ID)), now);
  } catch (error) {
    if (leaderless(error)) return (error as Error).message;
    throw error;
  }
}
