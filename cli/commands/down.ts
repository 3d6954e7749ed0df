import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { recordFile } from "../../backup/record";
import { cacheDirectory } from "../../toolchain/cache";
import { engine, pingEngine, stopEngine } from "../../toolchain/engine";
import { plugins } from "../../toolchain/plugins";
import { pulumi as pulumiStep } from "../../toolchain/pulumi";
import { confirmed } from "../confirm";
import { prepareStack, projectName, stackExists, type StackPaths } from "../environment";
import { UserError } from "../error";
import { protectedNames, type DockerObject } from "../interrupted";
import { findLeftovers, removeImages, removeLeftovers } from "../leftovers";
import { endOrphans } from "../orphans";
import { hasLooked } from "../lookFirst";
import { attachPulumi, PARALLEL, type Pulumi } from "../pulumi";
import { recover } from "../recovery";
import { setUp } from "../setup";
import { say } from "../terminal";

/** Options of `down`, see its help. */
export interface DownOptions {
  readonly yes: boolean;
  readonly force: boolean;
  readonly unprotect: boolean;
  readonly purge: boolean;
}

/** Destroys the stack and leaves nothing of it: no container, volume, network, file or process. @returns the exit code. */
export async function down(paths: StackPaths, options: DownOptions): Promise<number> {
  if (!(await anythingThere(paths, options))) {
    say(`Nothing of stack ${paths.stack} is here.`);
    await letGoOfEngine();
    return 0;
  }
  const question = `Destroy stack ${paths.stack} with its hosts' platform, applications and their data?`;
  if (!(await confirmed(question, { yes: options.yes, withoutTerminal: "go ahead" }))) {
    say("Nothing was changed.");
    return 1;
  }
  if (stackExists(paths)) {
    const code = await destroy(paths, options);
    if (code !== 0) return code;
  }
  await endOrphans(paths, say);
  const unknown = await clearEngine(paths, options);
  forgetStack(paths);
  if (options.purge) purgeCache();
  if (unknown.length > 0) throw strangers(paths, unknown);
  say(`Stack ${paths.stack} is gone.`);
  return 0;
}

async function anythingThere(paths: StackPaths, options: DownOptions): Promise<boolean> {
  if (stackExists(paths) || existsSync(paths.derived)) return true;
  if (options.purge && existsSync(cacheDirectory())) return true;
  return (await pingEngine()) === undefined && (await findLeftovers(paths.stack)).length > 0;
}

async function destroy(paths: StackPaths, options: DownOptions): Promise<number> {
  await setUp([[pulumiStep, plugins], [engine]]);
  // The state alone says what there is: the program and its configuration may be gone, or broken.
  if (existsSync(paths.source)) prepareStack(paths);
  const pulumi = await attachPulumi(paths);
  await recover(pulumi, say);
  await giveUpProtection(pulumi, options);
  const code = await pulumi.show("destroy", "--yes", "--skip-preview", "--parallel", String(PARALLEL));
  if (code !== 0 && !options.force) {
    throw new UserError(
      "pulumi destroy did not finish (see above); what it did destroy is gone, the rest is still recorded",
      `./dockyard down --stack ${paths.stack}   (again), or with --force: remove the containers of this machine and forget the rest`,
    );
  }
  return removeStack(pulumi);
}

/**
 * Destroying would come to what is protected last, when everything else is gone already: so it is asked about first.
 * @throws UserError when something is protected and the user has not said that it may go.
 */
async function giveUpProtection(pulumi: Pulumi, { unprotect }: DownOptions): Promise<void> {
  const exported = await pulumi.ask("stack", "export");
  if (exported.code !== 0) throw new Error(`pulumi stack export failed: ${exported.stderr.trim()}`);
  const guarded = protectedNames(JSON.parse(exported.stdout) as Parameters<typeof protectedNames>[0]);
  if (guarded.length === 0) return;
  const { stack } = pulumi.paths;
  if (!unprotect) {
    throw new UserError(
      `stack ${stack} protects ${guarded.join(", ")}, which cannot be made again once lost; nothing was changed`,
      `./dockyard down --stack ${stack} --unprotect`,
    );
  }
  const done = await pulumi.ask("state", "unprotect", "--all", "--yes");
  if (done.code !== 0) throw new Error(`pulumi state unprotect failed: ${done.stderr.trim()}`);
}

async function removeStack(pulumi: Pulumi): Promise<number> {
  // --preserve-config: without it the CLI would delete the user's Pulumi.<stack>.yaml.
  const done = await pulumi.ask("stack", "rm", "--yes", "--force", "--preserve-config");
  if (done.code !== 0) say(done.stderr.trimEnd());
  return done.code ?? 1;
}

/**
 * After destroying, everything that the state knew is gone. What still carries the stack's label comes from a state that was lost, or
 * belongs to a stack of the same name in another checkout: only the user can tell, so it is removed with --force alone.
 * @returns what was left alone.
 */
async function clearEngine(paths: StackPaths, options: DownOptions): Promise<DockerObject[]> {
  let unknown: DockerObject[] = [];
  if ((await pingEngine()) === undefined) {
    unknown = await findLeftovers(paths.stack);
    if (options.force) {
      await removeLeftovers(unknown);
      for (const { kind, name } of unknown.splice(0)) say(`Removed the ${kind} ${name}`);
    }
    if (options.purge) say(`Removed ${await removeImages()} images`);
  }
  await letGoOfEngine();
  return unknown;
}

/** Stops the engine of this machine where it runs for nobody any more. */
async function letGoOfEngine(): Promise<void> {
  const done = await stopEngine();
  if (done !== undefined) say(done);
}

function strangers(paths: StackPaths, unknown: readonly DockerObject[]): UserError {
  const list = unknown.map(({ kind, name }) => `${kind} ${name}`).join(", ");
  return new UserError(
    `What this checkout knew of stack ${paths.stack} is gone, but the engine holds more with its label: ${list}. ` +
      "It was made from another checkout, or by a run whose state was deleted",
    `./dockyard down --stack ${paths.stack} in that checkout; if there is none: ./dockyard down --stack ${paths.stack} --force`,
  );
}

function forgetStack(paths: StackPaths): void {
  const others = existsSync(paths.directory) ? readdirSync(paths.directory).filter((name) => isOtherStack(name, paths.stack)) : [];
  if (others.length === 0) {
    rmSync(paths.directory, { recursive: true, force: true });
    return;
  }
  for (const kind of ["backups", "history"]) {
    rmSync(join(paths.backend, ".pulumi", kind, projectName(), paths.stack), { recursive: true, force: true });
  }
  rmSync(paths.derived, { force: true });
  rmSync(recordFile(paths.directory, paths.stack), { force: true });
  hasLooked(paths);
}

function isOtherStack(file: string, stack: string): boolean {
  return /^Pulumi\..+\.yaml$/.test(file) && file !== `Pulumi.${stack}.yaml`;
}

function purgeCache(): void {
  rmSync(cacheDirectory(), { recursive: true, force: true });
  say(`Removed the cache ${cacheDirectory()}`);
}
