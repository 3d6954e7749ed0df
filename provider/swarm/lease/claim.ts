import { commandLine } from "../../remote/shell";
import { foreignName } from "../foreignName";

/** Who changes the cluster, and until when that holds without a renewal. */
export interface Lease {
  /** Names a stack and where it is run from; the same for every run of it, so that the run after a kill goes on at once. */
  readonly holder: string;
  /** Milliseconds since 1970. */
  readonly until: number;
  /** Whether the labels asked for a time that no run writes; `until` is bounded then. */
  readonly excessive?: true;
}

/** The longest lease that a configuration can ask for, in milliseconds; one that says that it ends later was not written by a run. */
export const LONGEST_LEASE = 3_600_000;

/** The Swarm config that carries the lease; it comes and goes with runs, and is nothing that a stack has made. */
export const LEASE_CONFIG = "dockyard-lease";

export const HOLDER_LABEL = "dockyard.lease.holder";
export const UNTIL_LABEL = "dockyard.lease.until";

/** As `Date.toISOString` writes a time of these millennia. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A lease as labels of a Swarm config. */
export function leaseLabels({ holder, until }: Lease): Record<string, string> {
  return { [HOLDER_LABEL]: holder, [UNTIL_LABEL]: new Date(until).toISOString() };
}

/**
 * The lease that a config tells, which others can write: the holder by a name that is fit to be shown and typed, and an end that is not
 * later than the longest lease after the Swarm's own note of when it was written. Undefined where it tells none.
 * @param written when the Swarm took the labels, by its own clock; left out or spoilt: at the beginning of time
 */
export function leaseIn(labels: Readonly<Record<string, string>> | null | undefined, written: string | undefined): Lease | undefined {
  const holder = labels?.[HOLDER_LABEL];
  const text = labels?.[UNTIL_LABEL] ?? "";
  const until = TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (holder === undefined || Number.isNaN(until)) return undefined;
  const latest = (Date.parse(written ?? "") || 0) + LONGEST_LEASE;
  return { holder: foreignName(holder), until: Math.min(until, latest), ...(until > latest && { excessive: true }) };
}

/**
 * Why the cluster must not be changed now, or undefined when it may: nobody holds it, this holder does, the lease has run out, or it is
 * broken by its holder's name. Pure.
 */
export function refusedBy(current: Lease | undefined, holder: string, now: number, broken: string | undefined): string | undefined {
  if (current === undefined || current.holder === holder || current.until <= now || current.holder === broken) return undefined;
  // A manager's clock may be far ahead, and its notes with it.
  const seconds = Math.ceil(Math.min(current.until - now, LONGEST_LEASE) / 1000);
  const word = commandLine([current.holder]);
  return (
    `the cluster is being changed by "${current.holder}", which holds it for another ${seconds} s unless it renews that; nothing was changed. ${doubt(current)}` +
    `Wait until it is done. If that run is dead and cannot be waited for, break its lease by name: ./dockyard up --break-lease ${word} (or DOCKYARD_BREAK_LEASE in the environment)`
  );
}

function doubt({ excessive }: Lease): string {
  return excessive
    ? `No run takes a lease for as long as this one says: a clock is wrong, or somebody wrote it by hand; it counts for ${LONGEST_LEASE / 1000} s from when it was written. `
    : "";
}
