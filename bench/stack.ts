import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import Docker from "dockerode";
import { formatDuration } from "../cli/duration";
import { pulumiEnvironment, prepareStack, ROOT, stateFiles } from "../cli/environment";
import { ensureStack, PARALLEL } from "../cli/pulumi";
import { example, labHosts, platformOn } from "../test/e2e/support/configuration";
import { Platform, tail } from "../test/e2e/support/platform";
import type { BundleFiles } from "./bundle";
import { containerMemory, watchMemory, type Peaks } from "./memory";
import { OURS, PLATFORM, SUBNET_NUMBER } from "./names";
import type { TimedResource } from "./phases";

const docker = new Docker();

/** Milliseconds after which a run hangs. */
const PATIENCE = 45 * 60_000;

/** One run of the CLI that succeeded. */
export interface Timed {
  /** When it was started, milliseconds. */
  readonly start: number;
  /** Milliseconds. */
  readonly took: number;
  readonly peaks: Peaks;
  readonly output: string;
}

/** The state of the stack, as far as it is measured. */
export interface StateEntry extends TimedResource {
  readonly type: string;
  readonly outputs?: Record<string, unknown>;
}

/** The platform that is measured: three lab hosts with registry, the two examples and an application of small services. */
export class BenchStack {
  readonly platform = new Platform(PLATFORM);
  readonly hosts = ["m1", "m2", "m3"];
  private child: ReturnType<typeof spawn> | undefined;

  /** Writes the configuration. @param services the application of small services, if there is to be one */
  configure(services: BundleFiles | undefined): void {
    const small = services && {
      name: OURS,
      bundle: this.platform.write("small.dab", services.dab),
      settings: this.platform.write("small.yaml", services.settings),
    };
    this.platform.configure(platformOn(labHosts(SUBNET_NUMBER), { applications: [example("demo"), example("voting"), ...(small ? [small] : [])] }));
  }

  /** Takes away whatever this or an earlier run left, also in the middle of a run. */
  async clear(): Promise<void> {
    this.child?.kill("SIGKILL");
    await this.platform.clear();
  }

  up(): Promise<Timed> {
    return this.run("up", "--yes", "--skip-preview", "--suppress-outputs");
  }

  preview(): Promise<Timed> {
    return this.run("preview", "--expect-no-changes");
  }

  /** An update that has nothing to do. @throws Error when it has */
  idleUp(): Promise<Timed> {
    return this.run("up", "--yes", "--skip-preview", "--suppress-outputs", "--expect-no-changes");
  }

  refresh(): Promise<Timed> {
    return this.run("refresh", "--yes", "--skip-preview", "--expect-no-changes");
  }

  destroy(): Promise<Timed> {
    return this.run("destroy", "--yes", "--skip-preview");
  }

  /** Runs the CLI as the launcher does. @throws Error with the end of its output when it fails */
  private async run(verb: string, ...options: string[]): Promise<Timed> {
    const { paths } = this.platform;
    prepareStack(paths);
    await ensureStack(paths);
    const env = await pulumiEnvironment(paths);
    const start = Date.now();
    const args = [verb, "--stack", paths.stack, "--non-interactive", "--parallel", String(PARALLEL), ...options];
    const child = spawn("pulumi", args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"], timeout: PATIENCE });
    this.child = child;
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    const memory = watchMemory(child.pid!);
    const code = await new Promise<number | null>((resolve, reject) => void child.once("error", reject).once("close", resolve));
    const took = Date.now() - start;
    const peaks = memory.stop();
    if (code !== 0) throw new Error(`pulumi ${verb} failed (${code ?? "killed"}) after ${formatDuration(took)}:\n${tail(output)}`);
    return { start, took, peaks, output };
  }

  async state(): Promise<StateEntry[]> {
    return (await this.platform.resources()) as unknown as StateEntry[];
  }

  /** Bytes of the file that the state is kept in, compressed as it is. */
  stateSize(): number {
    for (const file of stateFiles(this.platform.paths)) {
      try {
        return readFileSync(file).length;
      } catch {
        // It is one of the other names.
      }
    }
    throw new Error("the stack has no state");
  }

  /** Memory of each lab host, in bytes. */
  async hostMemory(): Promise<number[]> {
    const containers = await Promise.all(this.hosts.map((host) => docker.getContainer(this.platform.container(host)).inspect()));
    return containers.map(({ Id, State }) => containerMemory(State.Pid, Id));
  }
}
