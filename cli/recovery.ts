import { existsSync, readdirSync, readFileSync, writeFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processName, startTick } from "../toolchain/process";
import { projectName, RUN_MARK, type StackPaths } from "./environment";
import { UserError } from "./error";
import { judgeLocks, parseLock, splitPending, type StackLock } from "./interrupted";
import { removeByName } from "./leftovers";
import type { Pulumi } from "./pulumi";

/**
 * Puts right what a killed run of ours left, so that the next command works without a human:
 * plugins that still run, the lock of a dead process, and creations of which Pulumi does not know how they ended.
 * @throws UserError when another run is at work on this stack.
 */
export async function recover(pulumi: Pulumi, say: (line: string) => void): Promise<void> {
  const verdict = judgeLocks(readLocks(pulumi.paths), hostname(), (pid) => processName(pid) === "pulumi");
  if (verdict.state === "held") {
    throw new UserError(`Pulumi is at work on stack ${pulumi.paths.stack} already (process ${verdict.by.pid} on ${verdict.by.hostname})`, `wait for it, or: kill -INT ${verdict.by.pid}`);
  }
  // First, so that nothing is created behind our back while we look.
  const ended = await endOrphans(pulumi.paths);
  if (ended > 0) say(`Ended ${ended} process${ended === 1 ? "" : "es"} that an interrupted run had left`);
  if (verdict.state === "stale") {
    await must(pulumi, "cancel", "--yes");
    say("Removed the lock of an interrupted run");
  }
  await settlePending(pulumi, say);
}

function readLocks(paths: StackPaths): StackLock[] {
  const folder = join(paths.backend, ".pulumi", "locks", "organization", projectName(), paths.stack);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.map((name) => parseLock(readFileSync(join(folder, name), "utf8"))).filter((lock) => lock !== undefined);
}

/**
 * Creations that were under way when Pulumi was killed. Our own provider adopts what exists, keys have no existence outside the state:
 * their mark can go. `@pulumi/docker` would fail on the name that is taken; importing what is there is no way either, because a half-made
 * container differs from the wanted one and would be replaced anyhow. Nothing depends on it yet, so it is removed and made again.
 */
async function settlePending(pulumi: Pulumi, say: (line: string) => void): Promise<void> {
  const exported = JSON.parse(await must(pulumi, "stack", "export")) as { deployment?: unknown };
  const { settled, dockerObjects, deployment } = splitPending(exported);
  if (settled === 0) return;
  for (const object of dockerObjects) {
    if (await removeByName(object, pulumi.paths.stack)) say(`Removed the half-made ${object.kind} ${object.name}`);
  }
  const file = join(pulumi.paths.directory, `recovered.${process.pid}.json`);
  try {
    writeFileSync(file, JSON.stringify(deployment), { mode: 0o600 });
    await must(pulumi, "stack", "import", "--file", file);
  } finally {
    rmSync(file, { force: true });
  }
  say(`Cleared ${settled} creation${settled === 1 ? "" : "s"} that had been interrupted`);
}

async function must(pulumi: Pulumi, ...args: string[]): Promise<string> {
  const done = await pulumi.ask(...args);
  if (done.code !== 0) throw new Error(`pulumi ${args.join(" ")} failed: ${done.stderr.trim() || done.stdout.trim()}`);
  return done.stdout;
}

/**
 * Ends what a killed CLI leaves running: its plugins and language host. They carry our mark in their environment and
 * have no living `pulumi` above them. @returns how many there were.
 */
export async function endOrphans(paths: StackPaths): Promise<number> {
  const orphans = markedProcesses(paths.directory).filter((pid) => !underPulumi(pid));
  const identities = orphans.map((pid) => ({ pid, tick: startTick(pid) })).filter(({ tick }) => tick !== undefined);
  const alive = () => identities.filter(({ pid, tick }) => startTick(pid) === tick);
  signalAll(alive(), "SIGTERM");
  for (let waited = 0; alive().length > 0 && waited < 5_000; waited += 100) await sleep(100);
  signalAll(alive(), "SIGKILL");
  return identities.length;
}

function signalAll(processes: readonly { pid: number }[], signal: NodeJS.Signals): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself.
    }
  }
}

function markedProcesses(directory: string): number[] {
  if (!existsSync("/proc")) return [];
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.filter((pid) => pid !== process.pid && environmentOf(pid).includes(`${RUN_MARK}=${directory}`));
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // Of another user, or gone.
  }
}

function underPulumi(pid: number): boolean {
  for (let each = pid; each > 1; each = parentOf(each)) {
    if (processName(each) === "pulumi") return true;
  }
  return false;
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
