import { setTimeout as sleep } from "node:timers/promises";
import { Refused } from "./resource";

/** How long the first one waits for others that come at the same time, in milliseconds: they may have to go before it. */
const GATHER = 1500;

/**
 * Lets those who wait go one at a time, the lowest rank first, in the order of their coming within a rank. After one has failed nobody
 * goes any more: what broke one would break the next.
 */
export class Turns {
  private readonly waiting: { readonly rank: number; readonly go: () => void; readonly refuse: (error: Error) => void }[] = [];
  private busy = false;
  private failure: Error | undefined;

  constructor(private readonly gather: number = GATHER) {}

  /**
   * Does `work` when its turn has come.
   * @param name of the one that goes, for the message to those who do not
   * @throws Refused when another one failed before; whatever `work` throws
   */
  async take<T>(name: string, rank: number, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((go, refuse) => {
      this.waiting.push({ rank, go, refuse });
      if (!this.busy) void this.begin();
    });
    try {
      return await work();
    } catch (error) {
      // Whoever refuses has changed nothing, so the next one may well go.
      if (!(error instanceof Refused)) this.failure = new Refused(`left as it is, because ${name} failed before its turn came; mend that one, then run this again: the others follow then`);
      throw error;
    } finally {
      this.next();
    }
  }

  private async begin(): Promise<void> {
    this.busy = true;
    await sleep(this.gather);
    this.next();
  }

  private next(): void {
    if (this.failure) for (const { refuse } of this.waiting.splice(0)) refuse(this.failure);
    const lowest = Math.min(...this.waiting.map(({ rank }) => rank));
    const at = this.waiting.findIndex(({ rank }) => rank === lowest);
    if (at < 0) this.busy = false;
    else this.waiting.splice(at, 1)[0]!.go();
  }
}
