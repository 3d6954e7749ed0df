import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { processName } from "../toolchain/process";
import { projectName, type StackPaths } from "./environment";
import { UserError } from "./error";
import { earliest, failingSince, judgeLocks, parseLock, splitPending, unknownToState, usesEngine, type ExportedStack, type LockVerdict, type PastRun, type StackLock } from "./interrupted";
import { findLeftovers, removeHalfMade } from "./leftovers";
import { endOrphans } from "./orphans";
import { exportStack, must, type Pulumi } from "./pulumi";

/**
 * Puts right what a killed run of ours left, so that the next command works without a human:
 * plugins that still run, the lock of a dead process, and creations of which Pulumi does not know how they ended.
 * @returns whether updates or deletions were interrupted: then the next `up` has to refresh first.
 * @throws UserError when another run is at work on this stack.
 */
export async function recover(pulumi: Pulumi, say: (line: string) => void): Promise<boolean> {
  // First, so that nothing is created behind our back while we look.
  const ended = await endOrphans(pulumi.paths, say);
  if (ended > 0) say(`Ended ${ended} process${ended === 1 ? "" : "es"} that an interrupted run had left`);
  const verdict = refuseWhileBusy(pulumi.paths);
  if (verdict.state === "stale") {
    await must(pulumi, "cancel", "--yes");
    say("Removed the lock of an interrupted run");
  }
  return settlePending(pulumi, verdict.state === "stale" ? verdict.since : undefined, say);
}

/** @throws UserError when another run is at work on this stack. */
export function refuseWhileBusy(paths: StackPaths): Exclude<LockVerdict, { state: "held" }> {
  const verdict = judgeLocks(readLocks(paths), hostname(), (pid) => processName(pid) === "pulumi");
  if (verdict.state !== "held") return verdict;
  throw new UserError(`Pulumi is at work on stack ${paths.stack} already (process ${verdict.by.pid} on ${verdict.by.hostname})`, `wait for it, or: kill -INT ${verdict.by.pid}`);
}

function readLocks(paths: StackPaths): StackLock[] {
  const folder = join(paths.backend, ".pulumi", "locks", "organization", projectName(), paths.stack);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.map((name) => parseLock(readFileSync(join(folder, name), "utf8"))).filter((lock) => lock !== undefined);
}

/**
 * Creations that were under way when Pulumi was killed. Our own provider adopts what exists, keys have no existence outside the state:
 * their mark can go.
 */
async function settlePending(pulumi: Pulumi, since: Date | undefined, say: (line: string) => void): Promise<boolean> {
  const exported = await exportStack(pulumi);
  await removeUnknown(pulumi, exported as ExportedStack, since, say);
  const { settled, unsure, deployment } = splitPending(exported);
  if (settled === 0) return unsure > 0;
  const file = join(pulumi.paths.directory, `recovered.${process.pid}.json`);
  try {
    writeFileSync(file, JSON.stringify(deployment), { mode: 0o600 });
    await must(pulumi, "stack", "import", "--file", file);
  } finally {
    rmSync(file, { force: true });
  }
  say(`Cleared ${settled} creation${settled === 1 ? "" : "s"} that had been interrupted`);
  return unsure > 0;
}

/**
 * What was made on the local engine without Pulumi knowing: the run, or the plugin that made it, was killed before it could say so.
 * `@pulumi/docker` would fail on the name that is taken; importing what is there is no way either, because a half-made
 * container differs from the wanted one and would be replaced anyhow. Nothing depends on it yet, so it is removed and made again.
 * @param killed when the run that was killed began. What is older than it and all runs that failed is somebody else's.
 */
async function removeUnknown(pulumi: Pulumi, exported: ExportedStack, killed: Date | undefined, say: (line: string) => void): Promise<void> {
  if (!usesEngine(exported)) return;
  const unknown = unknownToState(await findLeftovers(pulumi.paths.stack), exported);
  if (unknown.length === 0) return;
  const history = JSON.parse(await must(pulumi, "stack", "history", "--json")) as PastRun[];
  const since = earliest([killed, failingSince(history)]);
  for (const object of unknown) {
    if (since !== undefined && (await removeHalfMade(object, pulumi.paths.stack, since))) say(`Removed the half-made ${object.kind} ${object.name}`);
  }
}
