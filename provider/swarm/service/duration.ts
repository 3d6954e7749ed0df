/** Nanoseconds in each unit that Go writes durations with. */
const UNITS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };
const PART = /(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h)/gy;

/**
 * A Go duration ("1m30s", "500ms", "0") in nanoseconds, as the Docker API counts time.
 * @throws RangeError for text that is no duration
 */
export function parseDuration(text: string): number {
  if (text === "0") return 0;
  PART.lastIndex = 0;
  let nanoseconds = 0;
  let end = 0;
  for (let part = PART.exec(text); part; part = PART.exec(text)) {
    nanoseconds += Number(part[1]) * UNITS[part[2]!]!;
    end = PART.lastIndex;
  }
  if (end === 0 || end !== text.length) throw new RangeError(`"${text}" is no duration; write it like "10s" or "1m30s"`);
  return Math.round(nanoseconds);
}

/** Nanoseconds as a Go duration in its shortest whole units: 90e9 is "1m30s", 1500e6 is "1s500ms". */
export function formatDuration(nanoseconds: number): string {
  let rest = Math.round(nanoseconds);
  let text = "";
  for (const unit of ["h", "m", "s", "ms", "us", "ns"]) {
    const count = Math.floor(rest / UNITS[unit]!);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * UNITS[unit]!;
  }
  return text || "0s";
}

/** A Go duration in milliseconds, the unit of timers. */
export const milliseconds = (text: string): number => parseDuration(text) / 1e6;
