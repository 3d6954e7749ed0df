import { spawn } from "node:child_process";
import { constants } from "node:os";
import { say } from "./terminal";

/** Options of {@link runAttached}. */
export interface AttachedOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a program on our own terminal and waits for it, also through Ctrl-C: how to end is the program's decision.
 * On a terminal the kernel gives Ctrl-C to the whole foreground group, so passing it on would make it two, and the second one
 * is Pulumi's hard stop. Without a terminal the program gets its own group and each signal from us exactly once.
 * SIGTERM is passed on as SIGINT, which is what Pulumi ends gracefully on.
 * @returns the exit code; 128 + signal number for a killed program, as in a shell; 127 when it could not be started.
 */
export function runAttached(file: string, args: readonly string[], options: AttachedOptions): Promise<number> {
  const terminal = process.stdin.isTTY === true;
  return new Promise((resolve) => {
    const child = spawn(file, args, { ...options, stdio: "inherit", detached: !terminal });
    const onInterrupt = () => (terminal ? undefined : child.kill("SIGINT"));
    const onTerminate = () => child.kill("SIGINT");
    process.on("SIGINT", onInterrupt).on("SIGTERM", onTerminate);
    const finish = (code: number) => {
      process.off("SIGINT", onInterrupt).off("SIGTERM", onTerminate);
      resolve(code);
    };
    child.once("error", (error) => {
      say(`${file}: ${error.message}`);
      finish(127);
    });
    child.once("close", (code, signal) => finish(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
