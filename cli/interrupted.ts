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
  /** How many updates and deletions were interrupted: only a refresh can tell how they ended. */
  readonly unsure: number;
  /** The exported stack without the creations that can be cleared. */
  readonly deployment: unknown;
}

/** Packages whose interrupted creations can be repeated: ours adopts what exists, keys and what Pulumi itself keeps exist in the state alone, docker is cleaned up. */
const REPEATABLE = new Set(["dockyard", "docker", "tls", "pulumi"]);

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
    deployment: { ...exported, deployment: { ...deployment, pending_operations: pending.filter((each) => !repeatable.includes(each)) } },
  };
}

/** A stack as the CLI exports it, as far as the local engine is concerned. */
export interface ExportedStack {
  readonly deployment?: {
    readonly resources?: readonly Operation["resource"][];
    readonly pending_operations?: readonly Operation[];
  };
}

/** Whether the stack has, or was about to get, anything on the local engine. */
export function usesEngine({ deployment = {} }: ExportedStack): boolean {
  const pending = (deployment.pending_operations ?? []).map(({ resource }) => resource);
  return [...(deployment.resources ?? []), ...pending].some(({ type }) => type.startsWith("docker:index/"));
}

/**
 * Containers and networks with the stack's label of which the state knows nothing. `@pulumi/docker` would fail on their names.
 * Creating a volume that is there already is no error: volumes, which hold data, are never among them.
 */
export function unknownToState(found: readonly DockerObject[], { deployment = {} }: ExportedStack): DockerObject[] {
  const known = new Set((deployment.resources ?? []).map(({ type, inputs }) => `${/^docker:index\/(\w+):/.exec(type)?.[1]} ${String(inputs?.name)}`));
  return found.filter(({ kind, name }) => kind !== "volume" && !known.has(`${kind} ${name}`));
}

/** A run as `pulumi stack history --json` tells it, newest first. A killed one is not told. */
export interface PastRun {
  readonly kind: string;
  readonly result: string;
  /** RFC 3339. */
  readonly startTime: string;
}

/** When the first of the runs began that changed something and failed, counted from the last that succeeded; `undefined` when none did. */
export function failingSince(history: readonly PastRun[]): Date | undefined {
  const changing = history.filter(({ kind }) => kind === "update" || kind === "destroy");
  const good = changing.findIndex(({ result }) => result === "succeeded");
  const failed = good < 0 ? changing : changing.slice(0, good);
  return earliest(failed.map(({ startTime }) => new Date(startTime)));
}

/** The earliest of the times that are there. */
export function earliest(times: readonly (Date | undefined)[]): Date | undefined {
  const known = times.filter((time) => time !== undefined).map((time) => time.getTime());
  return known.length === 0 ? undefined : new Date(Math.min(...known));
}

/** Logical names of what an exported stack protects. */
export function protectedNames(exported: { readonly deployment?: { readonly resources?: readonly { readonly urn: string; readonly protect?: boolean }[] } }): string[] {
  return (exported.deployment?.resources ?? []).filter(({ protect }) => protect === true).map(({ urn }) => urn.split("::").slice(3).join("::"));
}
