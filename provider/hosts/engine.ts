import * as z from "zod";
import { changesBetween, replacing } from "../diff";
import type { Machine } from "../remote/machine";
import { machineToLookAt } from "../remote/silent";
import { type Change, type Operation, PartlyCreated, Refused, type ResourceKind, type Stored } from "../resource";
import { parseDaemon, pickDaemon } from "./daemonJson";
import { applyEngine } from "./engineApply";
import { observeEngine } from "./engineHost";
import { checkEngine, EngineInputs } from "./engineInputs";
import { type EngineFacts, type EngineWish, NAMES_BLOCK, planEngine } from "./enginePlan";
import { foretellRestart } from "./engineForetell";
import { assertFreshBackup } from "./freshBackup";
import { namesIn } from "./hostsFile";
import { matchesPin } from "./packagePin";
import { withUnknown } from "./unknownChanges";

export const EngineOutputs = z.strictObject({
  version: z.string().describe("Version of the running engine."),
  apiVersion: z.string().describe("Newest version of the Docker API that it speaks."),
  storageDriver: z.string(),
  state: z.enum(["running", "stopped", "reload pending", "restart pending"]).describe("Anything but \"running\" is repaired by the next update."),
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
  const changes = withUnknown(changesBetween(withDefaults(old.inputs), withDefaults(wanted)), unknown);
  const unfinished: Change[] = old.outputs.state === "running" ? [] : [{ path: "state", kind: "update" }];
  return [...replacing(changes, ["host"]), ...unfinished];
}

async function create(op: Operation, inputs: EngineInputs) {
  const machine = await op.machine(inputs.connection);
  let touched = false;
  try {
    const outputs = await settle(op, machine, inputs, [], () => (touched = true));
    return { id: inputs.host, outputs };
  } catch (error) {
    // Something of ours is on the host now: keep it in state, so that a destroy takes it away again.
    throw touched ? new PartlyCreated(inputs.host, NOT_THERE, error as Error) : error;
  }
}

async function update(op: Operation, _id: string, { inputs }: Stored<EngineInputs, EngineOutputs>, wanted: EngineInputs) {
  return { outputs: await settle(op, await op.machine(wanted.connection), wanted, Object.keys(inputs.daemon ?? {})) };
}

async function read(op: Operation, id: string, stored: Stored<EngineInputs, EngineOutputs>): Promise<Stored<EngineInputs, EngineOutputs> | undefined> {
  const { inputs, outputs } = stored;
  const machine = await machineToLookAt(op, inputs.connection);
  if (!machine) return stored;
  const facts = await observeEngine(machine);
  if (facts.machineId !== id || facts.engineVersion === undefined) return undefined;
  return { inputs: inputsAsFound(op, inputs, facts), outputs: await outputsOf(machine, facts, outputs) };
}

/** Takes away what we wrote and leaves package and engine as they run; what was set shows at the engine's next start. */
async function remove(op: Operation, id: string, { inputs }: Stored<EngineInputs, EngineOutputs>): Promise<void> {
  const machine = await op.machine(inputs.connection).catch((error: Error) => op.warn(`nothing was cleaned up on the host of this engine: ${error.message}`));
  if (!machine) return; // a dead host must not keep anyone from removing it
  const facts = await observeEngine(machine);
  if (facts.machineId !== id) return; // another machine answers there by now
  const wish: EngineWish = { package: { source: facts.package?.source ?? "distribution" }, daemon: {}, names: {}, formerKeys: Object.keys(inputs.daemon ?? {}) };
  const files = planEngine(wish, { ...facts, inSwarm: false }).filter(({ kind }) => kind === "names" || kind === "daemon");
  await applyEngine(op, machine, files.map((step) => (step.kind === "daemon" ? { ...step, then: "none" } : step)));
}

/** Looks, plans, does, looks again. */
async function settle(
  op: Operation,
  machine: Machine,
  inputs: EngineInputs,
  formerKeys: readonly string[],
  onTouch: () => void = () => undefined,
): Promise<EngineOutputs> {
  const { package: from, daemon, names } = withDefaults(inputs);
  const facts = await observeEngine(machine);
  if (facts.machineId !== inputs.host) {
    throw new Refused(`${machine.address} is another machine (machine-id ${facts.machineId || "none"}) than the host that is meant (${inputs.host}); run \`pulumi refresh\`, then \`pulumi up\``);
  }
  const steps = planEngine({ package: from, daemon, names, formerKeys }, facts);
  if (facts.inSwarm && steps.some((step) => step.kind === "install" && step.upgrade)) assertFreshBackup(op, machine.address);
  if (steps.length > 0) onTouch();
  await applyEngine(op, machine, steps);
  return outputsOf(machine, steps.length > 0 ? await observeEngine(machine) : facts, NOT_THERE);
}

function withDefaults(inputs: EngineInputs) {
  return { ...inputs, package: inputs.package ?? { source: "distribution" as const }, daemon: inputs.daemon ?? {}, names: inputs.names ?? {} };
}

/** The inputs as they would have to be written to describe what is found; what is as wanted comes back as written. */
function inputsAsFound(op: Operation, inputs: EngineInputs, facts: EngineFacts): EngineInputs {
  const found: EngineInputs = { ...inputs };
  if (inputs.package && facts.package) {
    const { source, version } = facts.package;
    const pin = inputs.package.version;
    found.package = { source, ...(pin === undefined ? {} : { version: matchesPin(version, pin) ? pin : version }) };
  }
  if (inputs.daemon) found.daemon = daemonAsFound(op, inputs, facts);
  const names = namesIn(facts.hostsText, NAMES_BLOCK);
  if (inputs.names || Object.keys(names).length > 0) found.names = names;
  return found;
}

/** A file that cannot be read counts as one without our keys, so that the next update looks at it and says what is wrong. */
function daemonAsFound(op: Operation, inputs: EngineInputs, { daemonText }: EngineFacts): Record<string, unknown> {
  try {
    return { ...pickDaemon(parseDaemon(daemonText), Object.keys(inputs.daemon ?? {})) };
  } catch (error) {
    op.warn(`${inputs.connection.address}: ${(error as Error).message}`);
    return {};
  }
}

async function outputsOf(machine: Machine, facts: EngineFacts, known: EngineOutputs): Promise<EngineOutputs> {
  if (!facts.active) return { ...known, version: facts.engineVersion ?? known.version, state: "stopped" };
  const [version, info] = await Promise.all([machine.docker.version(), machine.docker.info()]);
  const state = facts.pending === "none" ? "running" : (`${facts.pending} pending` as const);
  return { version: version.Version, apiVersion: version.ApiVersion, storageDriver: info.Driver, state };
}
