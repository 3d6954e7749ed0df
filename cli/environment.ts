import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync, rmSync, renameSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { parse } from "yaml";
import { startTick } from "../toolchain/process";
import { findPulumi } from "../toolchain/pulumi";
import { UserError } from "./error";
import { deriveStackConfig, earlierSalt, hostSourceOf } from "./stackConfig";

/** The checkout that this launcher belongs to. */
export const ROOT = resolve(__dirname, "..");

/** Where one stack is kept and what it is made from. Every path is absolute. */
export interface StackPaths {
  readonly stack: string;
  /** State, passphrase and derived configuration: `.dockyard`, or DOCKYARD_STATE_DIR. */
  readonly directory: string;
  /** The stack's configuration as the user writes it: `Pulumi.<stack>.yaml`, or DOCKYARD_CONFIG, or --config-file. Never written to. */
  readonly source: string;
  /** Its copy with the encryption salt, which Pulumi reads and writes instead. */
  readonly derived: string;
  readonly passphrase: string;
  readonly backend: string;
}

/** Rule of Pulumi for names of stacks. */
const STACK_NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/**
 * Resolves the paths of a stack.
 * @throws UserError for a name that cannot be one of a stack.
 */
export function stackPaths(stack: string, configFile?: string, env: NodeJS.ProcessEnv = process.env): StackPaths {
  if (!STACK_NAME.test(stack)) throw new UserError(`--stack ${stack}: a stack's name consists of letters, digits, "-", "_" and "."`, "--stack dev");
  const directory = resolve(ROOT, env.DOCKYARD_STATE_DIR || ".dockyard");
  const chosen = configFile ?? (env.DOCKYARD_CONFIG || undefined);
  return {
    stack,
    directory,
    source: chosen === undefined ? join(ROOT, `Pulumi.${stack}.yaml`) : resolve(chosen),
    derived: join(directory, `Pulumi.${stack}.yaml`),
    passphrase: join(directory, "passphrase"),
    backend: join(directory, "state"),
  };
}

/** Name of the Pulumi project: part of the paths inside the state. */
export function projectName(): string {
  return (parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")) as { name: string }).name;
}

/** File that holds the stack's state; it exists as soon as the stack does. */
export function stateFiles(paths: StackPaths): string[] {
  const base = join(paths.backend, ".pulumi", "stacks", projectName(), `${paths.stack}.json`);
  return [base, `${base}.gz`, `${base}.zst`];
}

/** Whether the stack exists in the state. */
export function stackExists(paths: StackPaths): boolean {
  return stateFiles(paths).some((file) => existsSync(file));
}

/**
 * Makes the stack's folder: state, passphrase (once, 0600), derived configuration (every time, from what the user wrote).
 * @throws UserError when the user's configuration file is missing or no YAML.
 */
export function prepareStack(paths: StackPaths): void {
  if (!existsSync(paths.source)) {
    throw new UserError(`${paths.source} is missing: it is the configuration of stack ${paths.stack}`, `cp Pulumi.dev.yaml ${paths.source}`);
  }
  mkdirSync(paths.backend, { recursive: true, mode: 0o700 });
  if (!existsSync(paths.passphrase)) writeWhole(paths.passphrase, randomBytes(32).toString("base64url"));
  const earlier = existsSync(paths.derived) ? readFileSync(paths.derived, "utf8") : "";
  writeWhole(paths.derived, deriveStackConfig(readFileSync(paths.source, "utf8"), earlierSalt(earlier), paths.source));
}

/** Whether the stack's configuration asks for hosts in AWS. What is wrong with it is for others to tell. */
export function hostsAreInAws({ source }: StackPaths): boolean {
  return existsSync(source) && hostSourceOf(readFileSync(source, "utf8")) === "aws";
}

/** A kill leaves either the old content or the new one, never half of it. */
function writeWhole(path: string, content: string): void {
  const temporary = `${path}.${process.pid}`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, path);
}

/**
 * The environment in which the CLI works on this stack: toolchain, local backend, passphrase, configuration file.
 * @throws Error when there is no Pulumi CLI yet: the set-up brings it.
 */
export async function pulumiEnvironment(paths: StackPaths, env: NodeJS.ProcessEnv = process.env): Promise<NodeJS.ProcessEnv> {
  const installation = await findPulumi();
  if (installation === undefined) throw new Error("there is no Pulumi CLI yet");
  return {
    ...withoutBackend(env),
    PATH: [installation.bin, env.PATH].filter(Boolean).join(delimiter),
    ...(installation.home === undefined ? {} : { PULUMI_HOME: installation.home }),
    // Without the .attrs files that the backend otherwise writes beside each file, not atomically: a kill inside that write
    // leaves a stack that cannot be loaded ("failed to load checkpoint: EOF").
    PULUMI_BACKEND_URL: `file://${paths.backend}?metadata=skip`,
    // A configuration that carries its own salt was encrypted with the user's passphrase, see prepareStack.
    ...(hasOwnSalt(paths) && ownPassphrase(env) ? ownPassphrase(env) : { PULUMI_CONFIG_PASSPHRASE_FILE: paths.passphrase }),
    PULUMI_OPTION_CONFIG_FILE: paths.derived,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Plugins come with the set-up. The CLI would fetch one for every package in node_modules, that for AWS included, which
    // most stacks never load; what the program really asks for is still fetched when it asks.
    PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL: "true",
    // The state is written before and after every step; compressed it stays small with hundreds of services.
    PULUMI_DIY_BACKEND_ZSTD: "true",
    // By these marks, what a killed run left running is found again: see orphans.ts.
    [RUN_MARK]: paths.directory,
    [LAUNCHER_MARK]: `${process.pid} ${startTick(process.pid)}`,
  };
}

/** Environment variable of every process of a run: the folder of its stacks. */
export const RUN_MARK = "DOCKYARD_RUN";
/** Environment variable of every process of a run: the launcher that started it, as process number and start tick. */
export const LAUNCHER_MARK = "DOCKYARD_LAUNCHER";

/** The passphrase of the stack's state where it is the launcher's own; undefined where the user keeps it. */
export function ownStatePassphrase(paths: StackPaths, env: NodeJS.ProcessEnv = process.env): string | undefined {
  if ((hasOwnSalt(paths) && ownPassphrase(env)) || !existsSync(paths.passphrase)) return undefined;
  return readFileSync(paths.passphrase, "utf8");
}

function hasOwnSalt(paths: StackPaths): boolean {
  return existsSync(paths.source) && earlierSalt(readFileSync(paths.source, "utf8")) !== undefined;
}

function ownPassphrase(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv | undefined {
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined) return { PULUMI_CONFIG_PASSPHRASE: env.PULUMI_CONFIG_PASSPHRASE };
  if (env.PULUMI_CONFIG_PASSPHRASE_FILE) return { PULUMI_CONFIG_PASSPHRASE_FILE: env.PULUMI_CONFIG_PASSPHRASE_FILE };
  return undefined;
}

/** The launcher's stacks live in its own backend: what the user has set for other work must not mix in. */
function withoutBackend(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PULUMI_BACKEND_URL: _1, PULUMI_CONFIG_PASSPHRASE: _2, PULUMI_CONFIG_PASSPHRASE_FILE: _3, PULUMI_STACK: _4, ...rest } = env;
  return rest;
}
