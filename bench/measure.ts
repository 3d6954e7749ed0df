/** One line of a table of measurements. */
export interface Measure {
  readonly what: string;
  /** As people read it: "2.4 s", "61 MB". */
  readonly value: string;
  /** What it is to be, "< 3 s". */
  readonly aim?: string;
  /** Whether the aim is met; without one there is nothing to say. */
  readonly met?: boolean;
}

/** Measurements that were taken together. */
export interface Section {
  /** Stays the same between runs, and names the section in docs/benchmarks.md: "services-60". */
  readonly id: string;
  readonly title: string;
  readonly measures: readonly Measure[];
}

/** A time that is to stay below a limit. Both in milliseconds. */
export function time(what: string, took: number, below?: number): Measure {
  const limit = below === undefined ? {} : { aim: `< ${inSeconds(below)}`, met: took < below };
  return { what, value: inSeconds(took), ...limit };
}

/** Some bytes of memory or disk. */
export function amount(what: string, bytes: number, below?: number): Measure {
  const limit = below === undefined ? {} : { aim: `< ${inBytes(below)}`, met: bytes < below };
  return { what, value: inBytes(bytes), ...limit };
}

/** How many times as long as something else. */
export function ratio(what: string, value: number, atMost: number): Measure {
  return { what, value: `${value.toFixed(2)}×`, aim: `≤ ${atMost}×`, met: value <= atMost };
}

/** The one in the middle; of an even number the lower one of the two. @throws RangeError when there is none */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new RangeError("no values, no median");
  return middle;
}

function inSeconds(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return seconds < 10 ? `${Number(seconds.toFixed(2))} s` : `${seconds.toFixed(1)} s`;
}

function inBytes(bytes: number): string {
  if (bytes < 10_000) return `${Math.round(bytes)} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${Math.round(bytes / 1_000_000)} MB`;
}
