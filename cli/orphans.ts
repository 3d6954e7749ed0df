import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { holderAlive, parseHolder } from "../toolchain/lock";
import { processName, startTick } from "../toolchain/process";
import { LAUNCHER_MARK, RUN_MARK, type StackPaths } from "./environment";

/** How long a Pulumi CLI that lost its launcher may take to end gracefully: what it has under way is finished and recorded. */
const GRACEFUL_MS = 30_000;
/** How long its plugins may take. */
const PLUGINS_MS = 5_000;

interface Orphan {
  readonly pid: number;
  readonly tick: string;
}

/**
 * Ends the processes of a run whose launcher is dead: the CLI if it still runs, the plugins and the language host that a
 * killed CLI leaves. They are known by the marks in their environment, never by their name.
 * @returns how many there were.
 */
export async function endOrphans(paths: StackPaths, say: (line: string) => void): Promise<number> {
  const orphans = findOrphans(paths.directory);
  const engines = orphans.filter(({ pid }) => processName(pid) === "pulumi");
  if (engines.length > 0) say("An interrupted run is still at work: ending it");
  await end(engines, "SIGINT", GRACEFUL_MS);
  await end(orphans, "SIGTERM", PLUGINS_MS);
  await end(orphans, "SIGKILL", 1_000);
  return orphans.length;
}

function findOrphans(directory: string): Orphan[] {
  if (!existsSync("/proc")) return [];
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.flatMap((pid) => {
    const tick = startTick(pid);
    return pid !== process.pid && tick !== undefined && isOrphan(environmentOf(pid), directory) ? [{ pid, tick }] : [];
  });
}

/**
 * Whether a process with this environment was started for the stacks in `directory` by a launcher that is dead.
 * @param alive whether a launcher (its mark's value) still runs.
 */
export function isOrphan(environment: readonly string[], directory: string, alive: (mark: string) => boolean = launcherAlive): boolean {
  if (!environment.includes(`${RUN_MARK}=${directory}`)) return false;
  const launcher = environment.find((each) => each.startsWith(`${LAUNCHER_MARK}=`))?.slice(LAUNCHER_MARK.length + 1);
  return launcher !== undefined && !alive(launcher);
}

function launcherAlive(mark: string): boolean {
  const holder = parseHolder(`${mark}\n`);
  return holder !== undefined && holderAlive(holder);
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // Of another user, or gone.
  }
}

async function end(orphans: readonly Orphan[], signal: NodeJS.Signals, patience: number): Promise<void> {
  const alive = () => orphans.filter(({ pid, tick }) => startTick(pid) === tick);
  for (const { pid } of alive()) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself.
    }
  }
  for (let waited = 0; alive().length > 0 && waited < patience; waited += 100) await sleep(100);
}
