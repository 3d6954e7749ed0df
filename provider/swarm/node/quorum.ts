import type { SwarmNode } from "./membership";

/** How many of `members` must be reachable for raft to accept anything. */
export function majority(members: number): number {
  return Math.floor(members / 2) + 1;
}

/**
 * Why taking this manager out of raft would lose the quorum, or undefined when it would not. Judged by what is observed:
 * of the managers that stay, a majority must be reachable. The last manager cannot be taken out at all.
 */
export function quorumLostWithout(nodes: readonly SwarmNode[], leaving: string): string | undefined {
  const stay = nodes.filter(({ ID, ManagerStatus, Spec }) => ID !== leaving && (ManagerStatus || Spec.Role === "manager"));
  const reachable = stay.filter(({ ManagerStatus }) => ManagerStatus?.Reachability === "reachable");
  if (stay.length === 0) return "it is the last manager";
  if (reachable.length >= majority(stay.length)) return undefined;
  const silent = stay.filter((node) => !reachable.includes(node)).map(({ Description, ID }) => Description.Hostname || ID);
  return `only ${reachable.length} of the ${stay.length} managers that stay would be reachable, ${majority(stay.length)} are needed; bring back ${silent.join(", ")} first`;
}
