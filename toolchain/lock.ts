import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startTick } from "./process";

/** Who holds a lock: a process, told apart from a later one of the same number by its start tick. */
export interface Holder {
  readonly pid: number;
  readonly tick: string;
}

/** Reads the holder from a lock file; `undefined` for anything that we did not write. */
export function parseHolder(text: string): Holder | undefined {
  const match = /^([1-9]\d*) (\S+)\n$/.exec(text);
  return match === null ? undefined : { pid: Number(match[1]), tick: match[2]! };
}

/** Whether the process that took a lock still runs. */
export function holderAlive(holder: Holder, tickOf: (pid: number) => string | undefined = startTick): boolean {
  return tickOf(holder.pid) === holder.tick;
}

/**
 * Runs `work` while no other process on this machine holds the same lock. A lock whose holder is dead is taken over.
 * It saves double work only: what is built under it is also published atomically, so that two holders do no harm.
 */
export async function withLock<T>(path: string, waiting: (holder: Holder) => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  while (!tryLock(path)) {
    const holder = readHolder(path);
    if (holder === undefined || !holderAlive(holder)) rmSync(path, { force: true });
    else {
      waiting(holder);
      await sleep(500);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function tryLock(path: string): boolean {
  // A link appears whole or not at all: nobody ever reads a lock without its holder.
  const own = `${path}.${process.pid}`;
  writeFileSync(own, `${process.pid} ${startTick(process.pid)}\n`);
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    return parseHolder(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
