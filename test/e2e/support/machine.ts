import { readdirSync, readFileSync } from "node:fs";
import { RUN_MARK } from "../../../cli/environment";
import { CHAINS, setUp, unsatisfied } from "../../../cli/setup";
import { engine } from "../../../toolchain/engine";
import { startTick } from "../../../toolchain/process";

/**
 * Everything that `./dockyard test` sets up before this suite has to be there.
 * @throws Error that names what is missing: a suite that skipped itself would pass on a machine that shows nothing.
 */
export async function requireSetup(): Promise<void> {
  // A `down` of an earlier test stops the engine when nothing else is on it; starting it again is no set-up.
  await engineBack();
  const missing = (await unsatisfied(CHAINS)).flat().map(({ title }) => title);
  if (missing.length === 0) return;
  throw new Error(`The end-to-end tests need the machine set up, and these are missing: ${missing.join("; ")}. Run: ./dockyard test e2e`);
}

/** Starts the engine again that `./dockyard down` stopped, because nothing else was on it. */
export async function engineBack(): Promise<void> {
  await setUp([[engine]]);
}

/** A process, and the tick at which it was started: together they are never used twice. */
export interface RunProcess {
  readonly pid: number;
  readonly tick: string;
  readonly command: string;
}

/** The processes of runs on the stacks in this folder: CLI, language host, program, plugins. The launcher itself is none. */
export function runProcesses(directory: string): RunProcess[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.flatMap((pid) => {
    const tick = startTick(pid);
    if (pid === process.pid || tick === undefined || !read(`/proc/${pid}/environ`).split("\0").includes(`${RUN_MARK}=${directory}`)) return [];
    return [{ pid, tick, command: read(`/proc/${pid}/cmdline`).split("\0").join(" ").trim() }];
  });
}

/** Ends processes at once, without a chance to clean up. One that has ended by itself, or whose number was given away, is left alone. */
export function killAll(processes: readonly Pick<RunProcess, "pid" | "tick">[]): void {
  for (const { pid, tick } of processes) {
    if (startTick(pid) !== tick) continue;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended between the look and the signal.
    }
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
