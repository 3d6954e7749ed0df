import { setTimeout as sleep } from "node:timers/promises";
import { Refused } from "./resource";

/** How long the first one waits for others that come at the same time, in milliseconds: they may have to go before it. */
const GATHER = 1500;

/** One that waits for its turn. */
export interface Waiting {
  /** For the message to those who do not go because this one failed. */
  readonly name: string;
  /** Lower ones go first; the next rank waits until all of the one before are done. */
  readonly rank: number;
  /** How many of its rank may go side by side. Default 1. */
  readonly atOnce?: number;
  /**
   * Names of those that go before it. It waits for them as long as the first one gathers others, in case that they do not come at
   * all (a run of some targets alone). Left out: nobody knows who is to come, so the first one always gathers.
   */
  readonly after?: readonly string[];
  /** Whether the others go although this one failed. Default false. */
  readonly othersGoOn?: boolean;
}

interface Place extends Waiting {
  /** When it stops to wait for those before it, in milliseconds of the clock. */
  readonly patience: number;
  /** Looks once more when its patience is at an end. */
  lookAgain?: NodeJS.Timeout;
  readonly go: () => void;
  readonly refuse: (error: Error) => void;
}

/**
 * Lets those who wait go one at a time, or as many at once as their rank allows, the lowest rank first, in the order of their coming
 * within a rank. After one has failed nobody goes any more: what broke one would break the next.
 */
export class Turns {
  private readonly waiting: Place[] = [];
  /** The ranks of those that are at it. */
  private readonly going: number[] = [];
  /** Names of those that had their turn, however it ended. */
  private readonly gone = new Set<string>();
  private gathering = false;
  private failure: Error | undefined;

  constructor(private readonly gather: number = GATHER) {}

  /**
   * Does `work` when its turn has come.
   * @throws Refused when another one failed before; whatever `work` throws
   */
  async take<T>(who: Waiting, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((go, refuse) => {
      const place: Place = { ...who, patience: Date.now() + this.gather, go, refuse };
      this.waiting.push(place);
      if (!this.isReady(place)) place.lookAgain = setTimeout(() => this.next(), this.gather + 1);
      if (this.going.length === 0 && who.after === undefined) void this.begin();
      else this.next(); // there may be room beside those of its rank
    });
    try {
      return await work();
    } catch (error) {
      // Whoever refuses has changed nothing, so the next one may well go.
      if (!(error instanceof Refused) && !who.othersGoOn) this.failure = new Refused(`left as it is, because ${who.name} failed before its turn came; mend that one, then run this again: the others follow then`);
      throw error;
    } finally {
      this.going.splice(this.going.indexOf(who.rank), 1);
      this.gone.add(who.name);
      this.next();
    }
  }

  private async begin(): Promise<void> {
    if (this.gathering) return;
    this.gathering = true;
    await sleep(this.gather);
    this.gathering = false;
    this.next();
  }

  private next(): void {
    if (this.failure) for (const { refuse } of this.waiting.splice(0)) refuse(this.failure);
    if (this.gathering) return;
    for (let place = this.first(); place && this.hasRoom(place) && this.isReady(place); place = this.first()) {
      this.waiting.splice(this.waiting.indexOf(place), 1);
      this.going.push(place.rank);
      clearTimeout(place.lookAgain);
      place.go();
    }
  }

  private first(): Place | undefined {
    const lowest = Math.min(...this.waiting.map(({ rank }) => rank));
    return this.waiting.find(({ rank }) => rank === lowest);
  }

  private isReady({ after = [], patience }: Place): boolean {
    return after.every((name) => this.gone.has(name)) || Date.now() >= patience;
  }

  private hasRoom({ rank, atOnce = 1 }: Place): boolean {
    return this.going.every((other) => other === rank) && this.going.length < atOnce;
  }
}
