/** Who changes the cluster, and until when that holds without a renewal. */
export interface Lease {
  /** Names a stack and where it is run from; the same for every run of it, so that the run after a kill goes on at once. */
  readonly holder: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** The Swarm config that carries the lease; it comes and goes with runs, and is nothing that a stack has made. */
export const LEASE_CONFIG = "dockyard-lease";

export const HOLDER_LABEL = "dockyard.lease.holder";
export const UNTIL_LABEL = "dockyard.lease.until";

/** A lease as labels of a Swarm config. */
export function leaseLabels({ holder, until }: Lease): Record<string, string> {
  return { [HOLDER_LABEL]: holder, [UNTIL_LABEL]: new Date(until).toISOString() };
}

/** The lease that labels tell; undefined where they tell none. */
export function leaseIn(labels: Readonly<Record<string, string>> | null | undefined): Lease | undefined {
  const until = Date.parse(labels?.[UNTIL_LABEL] ?? "");
  const holder = labels?.[HOLDER_LABEL];
  return holder === undefined || Number.isNaN(until) ? undefined : { holder, until };
}

/**
 * Why the cluster must not be changed now, or undefined when it may: nobody holds it, this holder does, the lease has run out, or it is
 * broken by its holder's name. Pure.
 */
export function refusedBy(current: Lease | undefined, holder: string, now: number, broken: string | undefined): string | undefined {
  if (current === undefined || current.holder === holder || current.until <= now || current.holder === broken) return undefined;
  const seconds = Math.ceil((current.until - now) / 1000);
  return (
    `the cluster is being changed by "${current.holder}", which holds it for another ${seconds} s unless it renews that; nothing was changed. ` +
    `Wait until it is done. If that run is dead and cannot be waited for, break its lease by name: ./dockyard up --break-lease ${JSON.stringify(current.holder)} (or DOCKYARD_BREAK_LEASE in the environment)`
  );
}
