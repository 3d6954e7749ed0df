import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds in which the hosts that get tasks of a new service have joined its networks; they do it before they pull its image. */
const JOINING = 1000;

/**
 * Lets services of one set of networks begin together, and those of another a moment later. A host that joins two overlay
 * networks at once asks the same peer for both tables, and the engine takes the first answer for the second question
 * (libnetwork's networkdb keeps one waiting question for each peer): one of the two then waits 30 seconds, its tasks with it.
 * Seen in one of eight bring-ups of two applications.
 */
export class JoiningTurns {
  private readonly open = new Map<string, Promise<void>>();
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly duration: number = JOINING) {}

  /** Resolves when a service in these networks may begin: at once, unless others have their turn. None: at once. */
  turn(networks: readonly string[]): Promise<void> {
    if (networks.length === 0) return Promise.resolve();
    const key = [...networks].sort().join(" ");
    const begun = this.open.get(key) ?? this.last;
    if (!this.open.has(key)) {
      this.open.set(key, begun);
      this.last = begun.then(() => sleep(this.duration, undefined, { ref: false })).then(() => void this.open.delete(key));
    }
    return begun;
  }
}

const clusters = new Map<string, JoiningTurns>();

/** The turns of a cluster in this process. */
export function joiningTurns(cluster: string): JoiningTurns {
  const turns = clusters.get(cluster) ?? new JoiningTurns();
  clusters.set(cluster, turns);
  return turns;
}
