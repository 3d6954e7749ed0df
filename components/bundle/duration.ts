/** A length of time; nanoseconds are what the engine counts in. Never negative. */
export interface Duration {
  readonly nanoseconds: number;
}

const UNITS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, "µs": 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** Numbers with units in a row, as Go and Docker write a duration: "500ms", "1m30s", "1.5h"; or a plain "0". */
export const DURATION_PATTERN = /^(?:(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+|0)$/;

/** Undefined when `text` is no duration, or one longer than can be counted exactly (104 days). */
export function parseDuration(text: string): Duration | undefined {
  if (!DURATION_PATTERN.test(text)) return undefined;
  let nanoseconds = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)([a-zµ]+)/g)) nanoseconds += Math.round(Number(amount) * UNITS[unit!]!);
  return Number.isSafeInteger(nanoseconds) ? { nanoseconds } : undefined;
}

/** The one way this project writes a duration: whole numbers, largest unit first, "1m30s", "1s500ms", "0s". */
export function formatDuration({ nanoseconds }: Duration): string {
  let rest = nanoseconds;
  let text = "";
  for (const unit of ["h", "m", "s", "ms", "us", "ns"]) {
    const amount = Math.floor(rest / UNITS[unit]!);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * UNITS[unit]!;
  }
  return text === "" ? "0s" : text;
}

export const seconds = (amount: number): Duration => ({ nanoseconds: amount * 1e9 });

export const longest = (a: Duration, b: Duration): Duration => (a.nanoseconds >= b.nanoseconds ? a : b);
