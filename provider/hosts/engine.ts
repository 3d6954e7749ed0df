import * as z from "zod";
import { changesBetween, replacing } from "../diff";
import type { Machine } from "../remote/machine";
import { machineToLookAt } from "../remote/silent";
import { type Change, type Operation, PartlyCreated, Refused, type ResourceKind, type Stored } from "../resource";
import { daemonDefaults, effectiveDaemon, writtenAsFound } from "./daemonDefaults";
import { type Daemon, parseDaemon } from "./daemonJson";
import { applyEngine } from "./engineApply";
import { observeEngine } from "./engineHost";
import { checkEngine, EngineInputs } from "./engineInputs";
import { type EngineFacts, type EngineWish, NAMES_BLOCK, daemonIn, planEngine } from "./enginePlan";
import { foretellRestart } from "./engineForetell";
import { assertFreshBackup } from "./freshBackup";
import { namesIn } from "./hostsFile";
import { matchesPin } from "./packagePin";
import { withUnknown } from "./unknownChanges";

export const EngineOutputs = z.strictObject({
  version: z.string().describe("Version of the running engine."),
  apiVersion: z.string().describe("Newest version of the Docker API that it speaks."),
  storageDriver: z.string(),
  runc: z.string().optional().describe("Version of the runc that containers are started by, where the engine tells it."),
  state: z.enum(["running", "stopped", "reload pending", "restart pending"]).describe("Anything but \"running\" is repaired by the next update."),
  defaults: z.record(z.string(), z.unknown()).optional().describe("Keys of daemon.json that it got when it was set up, for those that \"daemon\" says nothing of. None where somebody else had set it up."),
});
export type EngineOutputs = z.infer<typeof EngineOutputs>;

const NOT_THERE: EngineOutputs = { version: "", apiVersion: "", storageDriver: "", state: "stopped" };

/** The Docker Engine of one host: its package, its configuration, the names it resolves. */
export const engineKind: ResourceKind<EngineInputs, EngineOutputs> = {
  type: "dockyard:hosts:Engine",
  description: "The Docker Engine of a host. Its package is installed, daemon.json and names are kept as written; it is restarted only when a change needs it.",
  inputs: EngineInputs,
  outputs: EngineOutputs,
  check: checkEngine,
  diff,
  foretell: foretellRestart,
  create,
  read,
  update,
  delete: remove,
};

function diff(old: Stored<EngineInputs, EngineOutputs>, wanted: EngineInputs, unknown: readonly string[]): Change[] {
  const { defaults } = old.outputs;
  const changes = withUnknown(changesBetween(withDefaults(old.inputs, defaults), withDefaults(wanted, defaults)), unknown);
  const unfinished: Change[] = old.outputs.state === "running" ? [] : [{ path: "state", kind: "update" }];
  return [...replacing(changes, ["host"]), ...unfinished];
}

async function create(op: Operation, inputs: EngineInputs) {
  const machine = await op.machine(inputs.connection);
  const facts = await observe(machine, inputs);
  const defaults = daemonDefaults({ ...facts, found: daemonIn(facts.daemonText) });
  let touched = false;
  try {
    const outputs = await settle(op, machine, inputs, { facts, defaults, formerKeys: [], onTouch: () => (touched = true) });
    return { id: inputs.host, outputs };
  } catch (error) {
    // Something of ours is on the host now: keep it in state, so that a destroy takes it away again.
    throw touched ? new PartlyCreated(inputs.host, known(NOT_THERE, defaults), error as Error) : error;
  }
}

async function update(op: Operation, _id: string, { inputs, outputs: { defaults = {} } }: Stored<EngineInputs, EngineOutputs>, wanted: EngineInputs) {
  const machine = await op.machine(wanted.connection);
  const facts = await observe(machine, wanted);
  return { outputs: await settle(op, machine, wanted, { facts, defaults, formerKeys: ownKeys(inputs, defaults) }) };
}

async function read(op: Operation, id: string, stored: Stored<EngineInputs, EngineOutputs>): Promise<Stored<EngineInputs, EngineOutputs> | undefined> {
  const { inputs, outputs } = stored;
  const machine = await machineToLookAt(op, inputs.connection);
  if (!machine) return stored;
  const facts = await observeEngine(machine);
  if (facts.machineId !== id || facts.engineVersion === undefined) return undefined;
  return { inputs: inputsAsFound(op, stored, facts), outputs: known(await outputsOf(machine, facts, outputs), outputs.defaults) };
}

/** Takes away what we wrote and leaves package and engine as they run; what was set shows at the engine's next start. */
async function remove(op: Operation, id: string, { inputs, outputs }: Stored<EngineInputs, EngineOutputs>): Promise<void> {
  const machine = await op.machine(inputs.connection).catch((error: Error) => op.warn(`nothing was cleaned up on the host of this engine: ${error.message}`));
  if (!machine) return; // a dead host must not keep anyone from removing it
  const facts = await observeEngine(machine);
  if (facts.machineId !== id) return; // another machine answers there by now
  const wish: EngineWish = { package: { source: facts.package?.source ?? "distribution" }, daemon: {}, names: {}, formerKeys: ownKeys(inputs, outputs.defaults) };
  const files = planEngine(wish, { ...facts, inSwarm: false }).filter(({ kind }) => kind === "names" || kind === "daemon");
  await applyEngine(op, machine, files.map((step) => (step.kind === "daemon" ? { ...step, then: "none" } : step)));
}

/** A look at the engine of the host that is meant. */
async function observe(machine: Machine, { host }: EngineInputs): Promise<EngineFacts> {
  const facts = await observeEngine(machine);
  if (facts.machineId === host) return facts;
  throw new Refused(`${machine.address} is another machine (machine-id ${facts.machineId || "none"}) than the host that is meant (${host}); run \`pulumi refresh\`, then \`pulumi up\``);
}

interface Known {
  readonly facts: EngineFacts;
  readonly defaults: Daemon;
  readonly formerKeys: readonly string[];
  readonly onTouch?: () => void;
}

/** Plans, does, looks again. */
async function settle(op: Operation, machine: Machine, inputs: EngineInputs, { facts, defaults, formerKeys, onTouch }: Known): Promise<EngineOutputs> {
  const { package: from, daemon, names } = withDefaults(inputs, defaults);
  const steps = planEngine({ package: from, daemon, names, formerKeys }, facts);
  if (facts.inSwarm && steps.some((step) => step.kind === "install" && step.upgrade)) assertFreshBackup(op, machine.address);
  if (steps.length > 0) onTouch?.();
  await applyEngine(op, machine, steps);
  return known(await outputsOf(machine, steps.length > 0 ? await observeEngine(machine) : facts, NOT_THERE), defaults);
}

function withDefaults(inputs: EngineInputs, defaults: Daemon | undefined) {
  return { ...inputs, package: inputs.package ?? { source: "distribution" as const }, daemon: effectiveDaemon(inputs.daemon, defaults), names: inputs.names ?? {} };
}

/** Keys of daemon.json that are there because of us. */
function ownKeys({ daemon }: EngineInputs, defaults: Daemon | undefined): string[] {
  return Object.keys(effectiveDaemon(daemon, defaults));
}

/** An engine that got no defaults has no word of them in the state, as those of earlier versions. */
function known({ defaults: _former, ...outputs }: EngineOutputs, defaults: Daemon | undefined): EngineOutputs {
  return Object.keys(defaults ?? {}).length > 0 ? { ...outputs, defaults: { ...defaults } } : outputs;
}

/** The inputs as they would have to be written to describe what is found; what is as wanted comes back as written. */
function inputsAsFound(op: Operation, { inputs, outputs: { defaults } }: Stored<EngineInputs, EngineOutputs>, facts: EngineFacts): EngineInputs {
  const found: EngineInputs = { ...inputs };
  if (inputs.package && facts.package) {
    const { source, version } = facts.package;
    const pin = inputs.package.version;
    found.package = { source, ...(pin === undefined ? {} : { version: matchesPin(version, pin) ? pin : version }) };
  }
  const daemon = daemonAsFound(op, inputs, defaults, facts);
  if (inputs.daemon || Object.keys(daemon).length > 0) found.daemon = daemon;
  const names = namesIn(facts.hostsText, NAMES_BLOCK);
  if (inputs.names || Object.keys(names).length > 0) found.names = names;
  return found;
}

/** A file that cannot be read counts as one without our keys, so that the next update looks at it and says what is wrong. */
function daemonAsFound(op: Operation, { daemon, connection }: EngineInputs, defaults: Daemon | undefined, { daemonText }: EngineFacts): Record<string, unknown> {
  let found: Daemon = {};
  try {
    found = parseDaemon(daemonText);
  } catch (error) {
    op.warn(`${connection.address}: ${(error as Error).message}`);
  }
  return { ...writtenAsFound(daemon, defaults, found) };
}

async function outputsOf(machine: Machine, facts: EngineFacts, known: EngineOutputs): Promise<EngineOutputs> {
  if (!facts.active) return { ...known, version: facts.engineVersion ?? known.version, state: "stopped" };
  const [version, info] = await Promise.all([machine.docker.version(), machine.docker.info()]);
  const runc = version.Components?.find(({ Name }) => Name === "runc")?.Version;
  const state = facts.pending === "none" ? "running" : (`${facts.pending} pending` as const);
  return { version: version.Version, apiVersion: version.ApiVersion, storageDriver: info.Driver, ...(runc && { runc }), state };
}
