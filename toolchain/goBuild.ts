import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { arch, platform } from "node:os";
import { join, relative } from "node:path";
import { cacheDirectory } from "./cache";
import { withLock } from "./lock";
import { capture, succeed, type CaptureOptions } from "./process";
import { compareVersions, parseVersion, requiredGo } from "./version";
import type { Obstacle } from "./step";

/** A folder with go.mod and go.sum, and what is built from it: by one `go build`, or by a script of its own. */
export interface GoModule {
  /** Folder of the go.mod, relative to toolchain/. */
  readonly folder: string;
  /** Name of the program, where it is not that of its package. */
  readonly program?: string;
  /** Flags and packages after `go build -o ...`. */
  readonly build?: readonly string[];
  /** Script of the folder that is run instead, in a copy of it, with the output's folder as its argument. */
  readonly script?: string;
}

/** Programs built together from pinned Go modules, kept in one folder of the cache. */
export interface GoPrograms {
  /** Name of the folder in the cache, before the hash. */
  readonly name: string;
  readonly modules: readonly GoModule[];
}

/** Reproducible and static: the same sources give the same bytes, and the programs run on any distribution. */
const ALWAYS = ["-trimpath", "-buildvcs=false"];

/** The folder of the cache where these programs are, or will be. */
export function programsDirectory(programs: GoPrograms): string {
  return join(cacheDirectory(), `${programs.name}-${sourceHash(programs)}`);
}

/**
 * Names the sources: every file of the modules, the flags, the platform. The version of Go is left out on purpose:
 * what was built once stays good when Go is updated, or gone.
 */
export function sourceHash(programs: GoPrograms, root: string = __dirname): string {
  const hash = createHash("sha256").update(JSON.stringify([programs.modules, ALWAYS, platform(), arch()]));
  for (const module of programs.modules) {
    for (const file of filesOf(join(root, module.folder))) {
      hash.update(`\0${relative(root, file)}\0`).update(readFileSync(file));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

function filesOf(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
}

/** Whether the programs are in the cache. A folder there is always complete, see {@link buildPrograms}. */
export function programsBuilt(programs: GoPrograms): boolean {
  return existsSync(programsDirectory(programs));
}

/** Why the programs cannot be built here; none when they can. */
export async function goObstacles(programs: GoPrograms): Promise<Obstacle[]> {
  const found = await capture("go", ["env", "GOVERSION"], { cwd: "/", env: { ...process.env, GOTOOLCHAIN: "local" } });
  const mods = programs.modules.map((module) => readFileSync(join(__dirname, module.folder, "go.mod"), "utf8"));
  return goVersionObstacles(found.code === 0 ? found.stdout.trim() : undefined, mods);
}

/** Compares the Go that was found (as `go env GOVERSION` prints it) with what the go.mod files ask for. */
export function goVersionObstacles(found: string | undefined, goMods: readonly string[]): Obstacle[] {
  const needed = goMods.map(requiredGo).sort(compareVersions).at(-1)!;
  const name = `Go ${needed[0]}.${needed[1]}${needed[2] > 0 ? `.${needed[2]}` : ""}`;
  const fix = `install ${name} or newer from https://go.dev/dl/ (or install Pulumi itself: https://www.pulumi.com/docs/install/)`;
  if (found === undefined) return [{ reason: `it has to be built, and there is no Go on PATH (${name} or newer)`, fix }];
  const version = parseVersion(found);
  if (version !== undefined && compareVersions(version, needed) < 0) {
    return [{ reason: `it has to be built, and ${found} on PATH is too old (${name} or newer)`, fix }];
  }
  return [];
}

/**
 * Builds the programs unless they are in the cache: under a lock, in a temporary folder beside the final one, renamed when all is there.
 * A kill at any moment leaves at most a temporary folder, which the next build removes.
 * @throws Error with the last lines of the compiler.
 */
export async function buildPrograms(programs: GoPrograms, report: (line: string) => void): Promise<string> {
  const final = programsDirectory(programs);
  const waiting = ({ pid }: { pid: number }) => report(`waiting for another build (process ${pid})`);
  await withLock(`${final}.lock`, waiting, async () => {
    if (existsSync(final)) return;
    removeAbandoned(final);
    const temporary = mkdtempSync(`${final}.tmp-`);
    for (const module of programs.modules) await buildModule(module, temporary, report);
    publish(temporary, final);
  });
  return final;
}

function removeAbandoned(final: string): void {
  const prefix = relative(cacheDirectory(), `${final}.tmp-`);
  for (const name of readdirSync(cacheDirectory())) {
    if (name.startsWith(prefix)) rmSync(join(cacheDirectory(), name), { recursive: true, force: true });
  }
}

async function buildModule(module: GoModule, output: string, report: (line: string) => void): Promise<void> {
  mkdirSync(output, { recursive: true });
  const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off" };
  const cwd = join(__dirname, module.folder);
  report(`${module.folder}: compiling`);
  let modules = 0;
  const onLine = (line: string) => {
    if (line.startsWith("go: downloading")) report(`${module.folder}: ${++modules} modules downloaded, compiling`);
  };
  if (module.script !== undefined) return runScript(module.script, cwd, output, { env, onLine });
  await succeed("go", ["build", ...ALWAYS, "-o", join(output, module.program ?? "/"), ...(module.build ?? [])], { cwd, env, onLine });
}

/** In a copy beside the output: what the script writes beside its sources would count as sources the next time. */
async function runScript(script: string, folder: string, output: string, options: CaptureOptions): Promise<void> {
  const copy = `${output}-source`;
  try {
    cpSync(folder, copy, { recursive: true });
    await succeed("sh", [join(copy, script), output], options);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function publish(temporary: string, final: string): void {
  try {
    renameSync(temporary, final);
  } catch (error) {
    // Somebody else was faster, with the same content.
    if (!existsSync(final)) throw error;
    rmSync(temporary, { recursive: true, force: true });
  }
}
