import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { ensureStack } from "../../../cli/pulumi";
import { prepareStack, pulumiEnvironment, ROOT, stackPaths, type StackPaths } from "../../../cli/environment";
import { findLeftovers, removeLeftovers } from "../../../cli/leftovers";
import { holderAlive, parseHolder } from "../../../toolchain/lock";
import { processName, startTick } from "../../../toolchain/process";
import type { StackConfiguration } from "./configuration";
import { readEventLog, type Change, type EventLog } from "./events";
import { killAll, type RunProcess, runProcesses } from "./machine";
import type { RegistryLogin } from "./pulls";

/** How one run of a command ended. */
export interface Run {
  readonly code: number | null;
  /** Both streams, in the order in which they came. */
  readonly output: string;
}

/** How one run of the CLI ended, with what it told in its event log. */
export interface PulumiRun extends Run {
  readonly changes: readonly Change[];
  readonly log: EventLog;
}

/** A running command: its output can be waited for, and it can be killed. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Run>;
  /** Resolves as soon as the output matches. @throws Error with the output when the command ends before. */
  matches(pattern: RegExp): Promise<void>;
}

/**
 * A platform of its own for one test file: state folder, stack, hosts. Commands are the real ones; removal goes by the
 * stack's label and the folder's mark alone, so it also takes away what a killed earlier run left.
 */
export class Platform {
  readonly paths: StackPaths;
  private runs = 0;

  /** @param name of the stack, after "e2e-"; no two test files have the same */
  constructor(name: string) {
    const directory = join(tmpdir(), "dockyard-e2e", name);
    this.paths = stackPaths(`e2e-${name}`, undefined, { DOCKYARD_STATE_DIR: join(directory, "state"), DOCKYARD_CONFIG: join(directory, "stack.yaml") });
  }

  /** Folder for files of the test itself. */
  get folder(): string {
    return join(this.paths.directory, "..");
  }

  /** Name of a host's container. */
  container(host: string): string {
    return `dockyard-${this.paths.stack}-${host}`;
  }

  /** Writes the stack's configuration. */
  configure(configuration: StackConfiguration): void {
    mkdirSync(this.folder, { recursive: true });
    const keys = Object.entries(configuration).map(([key, value]) => [`dockyard:${key}`, value]);
    writeFileSync(this.paths.source, stringify({ config: Object.fromEntries(keys) }));
  }

  /** Writes a file beside the configuration. @returns its path. */
  write(name: string, content: string): string {
    mkdirSync(this.folder, { recursive: true });
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  up(...options: string[]): Promise<PulumiRun> {
    return this.pulumi("up", "--yes", "--skip-preview", ...options);
  }

  preview(...options: string[]): Promise<PulumiRun> {
    return this.pulumi("preview", ...options);
  }

  refresh(...options: string[]): Promise<PulumiRun> {
    return this.pulumi("refresh", ...(options.includes("--preview-only") ? [] : ["--yes", "--skip-preview"]), ...options);
  }

  destroy(...options: string[]): Promise<PulumiRun> {
    return this.pulumi("destroy", "--yes", "--skip-preview", ...options);
  }

  /** Runs the CLI itself on the stack, as the launcher would. */
  async pulumi(verb: string, ...options: string[]): Promise<PulumiRun> {
    prepareStack(this.paths);
    await ensureStack(this.paths);
    const events = join(this.folder, `events-${++this.runs}-${verb}.json`);
    const args = [verb, "--stack", this.paths.stack, "--non-interactive", "--parallel", "64", "--event-log", events, ...options];
    // Event logs are among the flags that the CLI offers only to those who debug it.
    const env = { ...(await pulumiEnvironment(this.paths)), PULUMI_DEBUG_COMMANDS: "true" };
    const run = await start("pulumi", args, env).ended;
    const log = existsSync(events) ? readEventLog(events) : { changes: [], steps: [], messages: [] };
    return { ...run, changes: log.changes, log };
  }

  /** The stack's state. */
  async resources(): Promise<StateResource[]> {
    return (await this.exported()).resources ?? [];
  }

  /** Operations of which the state does not know how they ended. */
  async pending(): Promise<unknown[]> {
    return (await this.exported()).pending_operations ?? [];
  }

  /** The login that the platform pushes with to its registry. */
  async registryLogin(): Promise<RegistryLogin> {
    const { resources = [] } = await this.exported("--show-secrets");
    const { registries } = resources.find(({ type }) => type === "pulumi:providers:dockyard")!.inputs as { registries: { plaintext: string } };
    // JSON text in what the CLI shows as JSON text.
    const [address, { push }] = Object.entries<{ push: Omit<RegistryLogin, "address"> }>(JSON.parse(JSON.parse(registries.plaintext) as string) as never)[0]!;
    return { address, ...push };
  }

  private async exported(...options: string[]): Promise<{ resources?: StateResource[]; pending_operations?: unknown[] }> {
    if (!existsSync(this.paths.derived)) return {};
    const { code, output } = await start("pulumi", ["stack", "export", "--stack", this.paths.stack, ...options], await pulumiEnvironment(this.paths)).ended;
    if (code !== 0) throw new Error(`pulumi stack export failed: ${output}`);
    return (JSON.parse(output) as { deployment: object }).deployment;
  }

  /** Starts `./dockyard VERB` on the stack. */
  launch(verb: string, ...options: string[]): Running {
    const { PULUMI_STACK: _, ...env } = process.env;
    const own = { DOCKYARD_STATE_DIR: this.paths.directory, DOCKYARD_CONFIG: this.paths.source, NO_COLOR: "1" };
    return start(join(ROOT, "dockyard"), [verb, "--stack", this.paths.stack, ...options], { ...env, ...own });
  }

  /** Runs `./dockyard VERB` on the stack. */
  dockyard(verb: string, ...options: string[]): Promise<Run> {
    return this.launch(verb, ...options).ended;
  }

  /** What the engine of this machine holds of the stack: "container NAME", "network NAME", "volume NAME". */
  async leftovers(): Promise<string[]> {
    return (await findLeftovers(this.paths.stack)).map(({ kind, name }) => `${kind} ${name}`).sort();
  }

  /**
   * Takes away whatever there is of this platform: processes, hosts, files.
   * @throws Error when another run of the same test is at work on this machine: it would lose all of that.
   */
  async clear(): Promise<void> {
    this.claim();
    this.killEverything();
    await removeLeftovers(await findLeftovers(this.paths.stack));
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Notes this process as the one whose platform it is, unless one that still runs is. */
  private claim(): void {
    const note = `${this.folder}.owner`;
    const owner = existsSync(note) ? parseHolder(readFileSync(note, "utf8")) : undefined;
    if (owner !== undefined && owner.pid !== process.pid && holderAlive(owner)) {
      throw new Error(`Another run of these tests (process ${owner.pid}) is at work on the platform ${this.paths.stack} of this machine; wait for it to end`);
    }
    mkdirSync(join(this.folder, ".."), { recursive: true });
    writeFileSync(note, `${process.pid} ${startTick(process.pid)}\n`);
  }

  /** Kills a launcher and everything that works for it, all at once, as a power cut would. */
  kill(running: Running): void {
    const { pid } = running.child;
    const tick = pid === undefined ? undefined : startTick(pid);
    this.killEverything(pid !== undefined && tick !== undefined ? [{ pid, tick }] : []);
  }

  /** Again until none is found: one may be started by another between the look and its signal. */
  private killEverything(launchers: Parameters<typeof killAll>[0] = []): void {
    const look = () => runProcesses(this.paths.directory);
    const end = Date.now() + 5000;
    for (let left = [...launchers, ...look()]; left.length > 0 && Date.now() < end; left = look()) killAll(left);
  }

  /** Kills one of the provider plugins alone. */
  killPlugin(name: string): void {
    // Ours is a script that becomes node; the others are programs of their own.
    const program = name === "dockyard" ? "provider/main.ts" : `pulumi-resource-${name}`;
    this.killThose(`plugin ${name}`, ({ command }) => command.includes(program));
  }

  /** Kills the program alone: the process that asks for resources. */
  killProgram(): void {
    this.killThose("program", ({ command }) => command.includes("@pulumi/pulumi/cmd/run"));
  }

  /** Kills the CLI alone, as the kernel does when memory runs out. */
  killCli(): void {
    this.killThose("CLI", ({ pid }) => processName(pid) === "pulumi");
  }

  private killThose(what: string, isOne: (process: RunProcess) => boolean): void {
    const those = runProcesses(this.paths.directory).filter(isOne);
    if (those.length === 0) throw new Error(`no ${what} is at work on this stack`);
    killAll(those);
  }
}

/** A resource of the state, as far as tests look at it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
}

/** Nothing for a run that succeeded; else its exit code and the end of its output, for the report on the test. */
export function failure({ code, output }: Run): string {
  return code === 0 ? "" : `exit code ${code}:\n${tail(output)}`;
}

/** The last lines of an output. */
export function tail(text: string): string {
  return text.trimEnd().split("\n").slice(-60).join("\n");
}

function start(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Running {
  const child = spawn(file, args, { cwd: ROOT, env: withoutJest(env), stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const look of watchers) look();
    });
  }
  const ended = new Promise<Run>((resolve) => {
    child.once("error", (error) => resolve({ code: 127, output: `${output}${file}: ${error.message}` }));
    child.once("close", (code) => resolve({ code, output }));
  });
  const matches = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!pattern.test(output)) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      void ended.then(({ code }) => reject(new Error(`${file} ended (${code}) without ${pattern}:\n${tail(output)}`)));
      look();
    });
  return { child, ended, matches };
}

/** What jest sets for its own process would change how the program and the provider run. */
function withoutJest(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_ENV: _1, JEST_WORKER_ID: _2, NODE_OPTIONS: _3, ...rest } = env;
  return rest;
}

/** The text of a file of the project. */
export function projectFile(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}
