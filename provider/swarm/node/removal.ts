import type Docker from "dockerode";
import { type Operation, Refused } from "../../resource";
import { deadAndUnwanted, keptInRaft } from "../plan/foresee";
import { inspectNode, listNodes, updateNode, waitUntil } from "./api";
import type { SwarmNode } from "./membership";
import { heardByNewLeader } from "./whole";

/**
 * Makes a manager a worker and waits until raft has let go of it. Nothing happens to one that raft does not count.
 * @throws Refused when raft would have no majority without it
 */
export async function takeOutOfRaft(op: Operation, docker: Docker, id: string, name: string): Promise<void> {
  const nodes = await listNodes(docker);
  const node = nodes.find(({ ID }) => ID === id);
  // A dead one that raft does not count, as a forced new cluster leaves them, cannot be demoted either.
  if (!node || (!node.ManagerStatus && (node.Spec.Role === "worker" || node.Status.State === "down"))) return;
  assertMajorityWithout(nodes, id, name);
  op.status("demoting");
  await updateNode(docker, id, (spec) => ({ ...spec, Role: "worker" }));
  await waitUntil(`raft to let go of ${name}`, () => inspectNode(docker, id), (seen) => !seen || seen.ManagerStatus === undefined, { timeout: op.timeouts.membership, signal: op.signal });
  await heardByNewLeader(op, docker, nodes, id);
}

/** @throws Refused when raft would have no majority without this manager */
export function assertMajorityWithout(nodes: readonly SwarmNode[], id: string, name: string): void {
  const problem = keptInRaft(nodes, id);
  if (problem) throw new Refused(`${name} stays a manager: ${problem}`);
}

/** Removes a node whose machine is gone. */
export async function removeGhost(op: Operation, docker: Docker, ghost: SwarmNode): Promise<void> {
  op.status(`removing the dead node ${ghost.Description.Hostname} (${ghost.ID}) first`);
  await takeOutOfRaft(op, docker, ghost.ID, ghost.Description.Hostname);
  await removeNode(docker, ghost.ID);
}

/** Removes the dead managers that are in no configuration any more, but for `spared`: as long as they stay raft counts them. */
export async function removeDead(op: Operation, docker: Docker, spared?: string): Promise<void> {
  const dead = deadAndUnwanted(await listNodes(docker), op.nodes).filter(({ ID, Spec }) => Spec.Role === "manager" && ID !== spared);
  for (const node of dead) await removeGhost(op, docker, node);
}

/** Forced, because the managers see a node that left as ready until its heartbeat is missed, some 15 s later. */
export async function removeNode(docker: Docker, id: string): Promise<void> {
  try {
    await docker.getNode(id).remove({ force: true });
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
  }
}
