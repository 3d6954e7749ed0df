import * as z from "zod";

/** A lock of Pulumi's file backend: who took it, and when. */
export interface StackLock {
  readonly pid: number;
  readonly hostname: string;
  /** RFC 3339. */
  readonly timestamp: string;
}

const lockSchema = z.object({ pid: z.int().positive(), hostname: z.string(), timestamp: z.iso.datetime({ offset: true }) });

/** Reads a lock file; one that was cut off by a kill counts as none. */
export function parseLock(text: string): StackLock | undefined {
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Whether a stack is free, locked by somebody who may be alive, or locked only by processes that are dead (the first of them began at `since`). */
export type LockVerdict = { readonly state: "free" } | { readonly state: "stale"; readonly since: Date } | { readonly state: "held"; readonly by: StackLock };

/**
 * Judges the locks of a stack. A lock of another machine is never called stale: from here nobody can tell.
 * @param alive whether a process of this machine is a running Pulumi CLI.
 */
export function judgeLocks(locks: readonly StackLock[], here: string, alive: (pid: number) => boolean): LockVerdict {
  const by = locks.find((lock) => lock.hostname !== here || alive(lock.pid));
  if (by !== undefined) return { state: "held", by };
  if (locks.length === 0) return { state: "free" };
  return { state: "stale", since: new Date(Math.min(...locks.map(({ timestamp }) => Date.parse(timestamp)))) };
}

/**
 * Whether an object of the local engine was made by an interrupted run: it belongs to a stack of this name, and is not older than the run.
 * The name alone would not do: another checkout on this machine may have a stack of the same name, with the same names in it.
 * @param created as the engine reports it, RFC 3339.
 */
export function madeByRun(object: { readonly stack: string | undefined; readonly created: string }, stack: string, since: Date): boolean {
  return object.stack === stack && Date.parse(object.created) >= since.getTime();
}

/** An object of the local engine, by the name that the program gave it. */
export interface DockerObject {
  readonly kind: "container" | "network" | "volume";
  readonly name: string;
}

/** What to do about the interrupted creations in an exported stack. */
export interface PendingPlan {
  /** How many of them can be cleared. */
  readonly settled: number;
  /** What may have been created on the local engine without Pulumi knowing. */
  readonly dockerObjects: readonly DockerObject[];
  /** How many updates and deletions were interrupted: only a refresh can tell how they ended. */
  readonly unsure: number;
  /** The exported stack without the creations that can be cleared. */
  readonly deployment: unknown;
}

/** Packages whose interrupted creations can be repeated: ours adopts what exists, keys exist in the state alone, docker is cleaned up. */
const REPEATABLE = new Set(["dockyard", "docker", "tls"]);

interface Operation {
  readonly type: string;
  readonly resource: { readonly type: string; readonly inputs?: Record<string, unknown> };
}

/**
 * Takes the interrupted creations out of an exported stack that can be repeated without harm; those of other packages stay,
 * because there something may exist, and cost money, that only a human can find.
 */
export function splitPending(exported: { readonly deployment?: unknown }): PendingPlan {
  const deployment = (exported.deployment ?? {}) as { pending_operations?: Operation[] };
  const pending = deployment.pending_operations ?? [];
  const repeatable = pending.filter(({ type, resource }) => type === "creating" && REPEATABLE.has(resource.type.split(":")[0] ?? ""));
  return {
    settled: repeatable.length,
    unsure: pending.filter(({ type }) => type === "updating" || type === "deleting").length,
    dockerObjects: repeatable.flatMap(({ resource }) => dockerObject(resource)),
    deployment: { ...exported, deployment: { ...deployment, pending_operations: pending.filter((each) => !repeatable.includes(each)) } },
  };
}

function dockerObject(resource: Operation["resource"]): DockerObject[] {
  // Creating a volume that is there already is no error: volumes, which hold data, are never removed here.
  const kind = /^docker:index\/(container|network):/.exec(resource.type)?.[1] as DockerObject["kind"] | undefined;
  const name = resource.inputs?.name;
  return kind === undefined || typeof name !== "string" ? [] : [{ kind, name }];
}

/** Logical names of what an exported stack protects. */
export function protectedNames(exported: { readonly deployment?: { readonly resources?: readonly { readonly urn: string; readonly protect?: boolean }[] } }): string[] {
  return (exported.deployment?.resources ?? []).filter(({ protect }) => protect === true).map(({ urn }) => urn.split("::").slice(3).join("::"));
}
