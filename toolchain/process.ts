import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** What a finished child process left behind. */
export interface Finished {
  /** Exit code; 128 + signal number is not used, a killed process has code `null`. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@link capture} and {@link succeed}. */
export interface CaptureOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the process is killed. Default: none. */
  readonly timeout?: number;
  /** Called with every complete line of either stream, for progress. */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a program without a shell and collects its output; never throws for a failing program, only
 * reports it (a program that is not there has code 127, as in a shell).
 */
export function capture(file: string, args: readonly string[], options: CaptureOptions = {}): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: options.cwd, env: options.env ?? process.env, stdio: ["ignore", "pipe", "pipe"], timeout: options.timeout });
    const out = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      let rest = "";
      child[name].setEncoding("utf8").on("data", (text: string) => {
        out[name] += text;
        const lines = (rest + text).split(/\r?\n/);
        rest = lines.pop() ?? "";
        for (const line of lines) if (line.trim() !== "") options.onLine?.(line.trim());
      });
    }
    child.once("error", (error) => resolve({ code: 127, stdout: out.stdout, stderr: error.message }));
    child.once("close", (code) => resolve({ code, ...out }));
  });
}

/**
 * Like {@link capture}, for a program that has to succeed.
 * @throws Error that names the command and carries the last lines of its output.
 */
export async function succeed(file: string, args: readonly string[], options: CaptureOptions = {}): Promise<string> {
  const done = await capture(file, args, options);
  if (done.code === 0) return done.stdout;
  const tail = `${done.stdout}\n${done.stderr}`.trim().split("\n").slice(-12).join("\n");
  throw new Error(`${[file, ...args].join(" ")} failed (${done.code === null ? "killed" : `exit code ${done.code}`}):\n${tail}`);
}

/**
 * Identity of a process that survives the reuse of its number: the clock tick at which the kernel started it.
 * `undefined` when there is no such process (a zombie counts as none).
 */
export function startTick(pid: number): string | undefined {
  if (!existsSync("/proc/self/stat")) return answersSignal(pid) ? "unknown" : undefined; // not Linux
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces: count fields after the last ")". State is field 3, start time field 22.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function answersSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The program name of a process as the kernel knows it (at most 15 characters), `undefined` when there is none. */
export function processName(pid: number): string | undefined {
  try {
    return startTick(pid) === undefined ? undefined : readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return undefined;
  }
}
