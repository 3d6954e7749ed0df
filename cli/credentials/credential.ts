import color from "picocolors";
import { table } from "../report";

/** Something that lets somebody in, or proves who somebody is, and how long it does so. */
export interface Credential {
  readonly name: string;
  /** When it ends; left out for what has no end. */
  readonly expires?: Date;
  /** Since when it is the one in use. */
  readonly since?: Date;
  /** With fewer days left than this somebody should look. */
  readonly worryDays?: number;
  /** Who renews it, and how. */
  readonly renewal: string;
  /** Why nothing could be found out about it. */
  readonly unknown?: string;
}

const DAY = 24 * 3600_000;

/** The table of all credentials, what ends first on top; "" when there are none. Pure. */
export function renderCredentials(credentials: readonly Credential[], now: Date): string {
  const end = ({ expires }: Credential) => expires?.getTime() ?? Infinity;
  const sorted = [...credentials].sort((a, b) => (end(a) === end(b) ? 0 : end(a) - end(b)));
  return table(
    ["CREDENTIAL", "ENDS", "LEFT", "RENEWED BY"],
    sorted.map((each) => [each.name, ends(each, now), left(each, now), each.renewal]),
  );
}

function ends({ expires, since, unknown }: Credential, now: Date): string {
  if (unknown !== undefined) return color.yellow("unknown");
  if (expires !== undefined) return date(expires);
  return since === undefined ? "never" : `never, ${days(now.getTime() - since.getTime())} old`;
}

function left({ expires, worryDays = 0, unknown }: Credential, now: Date): string {
  if (unknown !== undefined) return color.yellow(unknown);
  if (expires === undefined) return color.dim("-");
  const remaining = expires.getTime() - now.getTime();
  if (remaining <= 0) return color.red("has ended");
  const text = days(remaining);
  if (remaining > worryDays * DAY) return text;
  return remaining > (worryDays * DAY) / 4 ? color.yellow(text) : color.red(text);
}

/** Whole days, rounded down: what is left must not look like more than it is. */
function days(milliseconds: number): string {
  const whole = Math.floor(milliseconds / DAY);
  return whole === 1 ? "1 day" : `${whole} days`;
}

function date(when: Date): string {
  return when.toISOString().slice(0, 10);
}
