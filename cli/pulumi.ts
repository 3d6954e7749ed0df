import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { capture, succeed, type Finished } from "../toolchain/process";
import { runAttached } from "./child";
import { debuggingWarning } from "./debugging";
import { prepareStack, projectName, pulumiEnvironment, ROOT, stackExists, type StackPaths } from "./environment";
import { say } from "./terminal";

/** Operations in flight at once: creating a service is mostly waiting, so many more than there are cores. */
export const PARALLEL = 64;

/** The Pulumi CLI, at work on one stack. */
export interface Pulumi {
  readonly paths: StackPaths;
  /** Runs a command with its own display on our terminal. @returns its exit code. */
  show(...args: string[]): Promise<number>;
  /** Runs a command and collects its output. */
  ask(...args: string[]): Promise<Finished>;
}

/** Prepares the stack's folder and gives the CLI for it. @throws UserError, see {@link prepareStack}. */
export async function openPulumi(paths: StackPaths): Promise<Pulumi> {
  prepareStack(paths);
  return attachPulumi(paths);
}

/** The CLI for a stack whose folder is there already. */
export async function attachPulumi(paths: StackPaths): Promise<Pulumi> {
  warnOfDebugging();
  const env = await pulumiEnvironment(paths);
  const stack = ["--stack", paths.stack];
  return {
    paths,
    show: (...args) => runAttached("pulumi", [...args, ...stack], { cwd: ROOT, env }),
    ask: (...args) => capture("pulumi", [...args, ...stack, "--non-interactive"], { cwd: ROOT, env }),
  };
}

let warned = false;

/** Once in a run, before anything is logged. */
function warnOfDebugging(): void {
  const warning = debuggingWarning(process.env);
  if (warning !== undefined && !warned) say(warning);
  warned = true;
}

/**
 * Creates the stack unless it exists. The CLI writes a new stack's configuration file beside Pulumi.yaml, which would
 * dirty the file under version control: so it is created from an empty project of the same name.
 */
export async function ensureStack(paths: StackPaths): Promise<void> {
  if (stackExists(paths)) return;
  mkdirSync(paths.directory, { recursive: true });
  const project = mkdtempSync(join(paths.directory, "new-stack-"));
  try {
    writeFileSync(join(project, "Pulumi.yaml"), `name: ${projectName()}\nruntime: nodejs\n`);
    const { PULUMI_OPTION_CONFIG_FILE: _, ...env } = await pulumiEnvironment(paths);
    await succeed("pulumi", ["stack", "init", paths.stack, "--no-select", "--non-interactive"], { cwd: project, env });
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

/** Runs a command that has to succeed and collects its output. @throws Error with what the CLI said. */
export async function must(pulumi: Pulumi, ...args: string[]): Promise<string> {
  const done = await pulumi.ask(...args);
  if (done.code !== 0) throw new Error(`pulumi ${args.join(" ")} failed: ${done.stderr.trim() || done.stdout.trim()}`);
  return done.stdout;
}

/** The stack's state, as `pulumi stack export` gives it; secrets stay encrypted. */
export async function exportStack(pulumi: Pulumi): Promise<{ readonly deployment?: unknown }> {
  return JSON.parse(await must(pulumi, "stack", "export")) as { deployment?: unknown };
}
