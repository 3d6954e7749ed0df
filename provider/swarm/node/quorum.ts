/** Managers that answer, of all that raft counts. */
export interface Quorum {
  readonly reachable: number;
  readonly of: number;
}

/** How many of `members` must be reachable for raft to accept anything. */
export function majority(members: number): number {
  return Math.floor(members / 2) + 1;
}

/** Whether raft accepts anything: the one rule by which every step of the nodes and every restart of a manager is judged. */
export function hasMajority({ reachable, of }: Quorum): boolean {
  return of > 0 && reachable >= majority(of);
}
