import * as z from "zod";
import { PartlyCreated, type Operation, type ResourceKind, type Stored } from "../../resource";
import { managerOf, OtherCluster } from "../clusterManager";
import { tellReplaced } from "../ownership";
import { sharedRead } from "../sharedReads";
import { assertAdoptable } from "./adopt";
import { checkService } from "./check";
import { diagnose } from "./diagnosis";
import { milliseconds } from "./duration";
import { diffService, explainEffect, hardest } from "./effects";
import type { LiveService } from "./engineApi";
import { holding } from "./hold";
import { namingHostNetwork } from "./hostNetwork";
import { ServiceInputs } from "./inputs";
import { fromSpec, observe } from "./observed";
import { removeService } from "./removal";
import { createService, updateService } from "./send";
import { engineMessage, listServices, serviceNamed, statusOf } from "./swarmView";
import { NotConverged, watchOf } from "./watch";

const DEFAULT_STABLE = "2s";

/** A service has no outputs beyond its id: what it is, its inputs say. */
type ServiceOutputs = Record<string, never>;
const NOTHING: ServiceOutputs = {};

const readKey = (cluster: string) => `services of ${cluster}`;

async function create(op: Operation, inputs: ServiceInputs): Promise<{ id: string; outputs: ServiceOutputs }> {
  const { docker } = await managerOf(op, inputs.cluster);
  op.status("creating");
  const { id, isNew } = await createService(docker, inputs, op.registryAuth(inputs.image)).then(
    (created) => ({ id: created, isNew: true }),
    async (error) => ({ id: await adopt(op, inputs, error), isNew: false }),
  );
  op.forget(readKey(inputs.cluster));
  try {
    if (isNew) await converged(op, inputs, id);
    else await bringTo(op, inputs, id);
  } catch (error) {
    throw new PartlyCreated(id, NOTHING, error as Error);
  }
  return { id, outputs: NOTHING };
}

/** The id of a service of that name which an interrupted run left behind, if that is why the engine refused ours. */
async function adopt(op: Operation, inputs: ServiceInputs, refusal: unknown): Promise<string> {
  const { docker } = await managerOf(op, inputs.cluster);
  const found = statusOf(refusal) === 409 ? await serviceNamed(docker, inputs.name) : undefined;
  const live = found && (await namingHostNetwork(docker, found, inputs));
  if (!live) throw new Error(`service "${inputs.name}": ${engineMessage(refusal)}`, { cause: refusal });
  assertAdoptable(live, inputs);
  op.status("taking over the service that exists");
  return live.ID;
}

/** Updates the service where it is not as wanted, and waits until it has converged. */
async function bringTo(op: Operation, inputs: ServiceInputs, id: string): Promise<void> {
  const { docker } = await managerOf(op, inputs.cluster);
  const auth = op.registryAuth(inputs.image);
  const sent = await updateService(docker, id, inputs, auth);
  op.forget(readKey(inputs.cluster));
  // A label says nothing about the tasks, so their state is no reason to wait, or to fail.
  if (sent?.effect === "restarts nothing") return;
  try {
    await watchOf(inputs.cluster).converged(rolloutOf(op, inputs, id, sent?.staleVersion));
  } catch (error) {
    if (!(error instanceof NotConverged)) throw error;
    if (sent || !error.hopeless) throw await explained(op, inputs, id, error);
    // Its tasks were given up in an earlier run. Now somebody asks again.
    op.status("starting its tasks again");
    const restarted = await updateService(docker, id, inputs, auth, { restart: true });
    await converged(op, inputs, id, restarted?.staleVersion);
  }
}

async function converged(op: Operation, inputs: ServiceInputs, id: string, staleVersion?: number): Promise<void> {
  try {
    await watchOf(inputs.cluster).converged(rolloutOf(op, inputs, id, staleVersion));
  } catch (error) {
    throw error instanceof NotConverged ? await explained(op, inputs, id, error) : error;
  }
}

function rolloutOf(op: Operation, inputs: ServiceInputs, id: string, staleVersion: number | undefined) {
  const { timeout, stable = DEFAULT_STABLE } = inputs.convergence ?? {};
  return { op, id, timeout: timeout === undefined ? op.timeouts.convergence : milliseconds(timeout), stable: milliseconds(stable), staleVersion };
}

async function explained(op: Operation, inputs: ServiceInputs, id: string, error: NotConverged): Promise<Error> {
  const report = await op.manager().then(({ docker }) => diagnose(docker, id, error.tasks)).catch(() => "");
  return new Error(`service "${inputs.name}" did not converge: ${error.message}${report && `\n${report}`}`, { cause: error });
}

async function read(op: Operation, id: string, stored: Stored<ServiceInputs, ServiceOutputs>): Promise<Stored<ServiceInputs, ServiceOutputs> | undefined> {
  const { clusterId, docker } = await op.manager();
  const services = await sharedRead(op, readKey(clusterId), async () => new Map((await listServices(docker)).map((service) => [service.ID, service])));
  const live: LiveService | undefined = services.get(id);
  if (!live) {
    const { name } = stored.inputs;
    tellReplaced(op, "service", name, id, [...services.values()].find(({ Spec }) => Spec.Name === name)?.ID);
    return undefined;
  }
  const imported = stored.inputs.name === undefined;
  const inputs = imported ? { cluster: clusterId, ...fromSpec(live.Spec) } : observe(stored.inputs, (await namingHostNetwork(docker, live, stored.inputs)).Spec);
  return { inputs, outputs: NOTHING };
}

async function update(op: Operation, id: string, old: Stored<ServiceInputs, ServiceOutputs>, wanted: ServiceInputs): Promise<{ outputs: ServiceOutputs }> {
  const changes = diffService(old, wanted, []);
  const elsewhere = changes.length > 0 && changes.every(({ path }) => path.startsWith("convergence"));
  const replacing = hardest(changes) === "replaces tasks";
  if (!elsewhere) await (replacing ? holding(op, id, wanted, () => bringTo(op, wanted, id)) : bringTo(op, wanted, id));
  return { outputs: NOTHING };
}

async function remove(op: Operation, id: string, { inputs }: Stored<ServiceInputs, ServiceOutputs>): Promise<void> {
  try {
    await managerOf(op, inputs.cluster);
  } catch (error) {
    if (!(error instanceof OtherCluster)) throw error;
    return op.warn(`the service "${inputs.name}" went with its cluster: ${error.message}`);
  }
  await removeService(op, id, inputs);
  op.forget(readKey(inputs.cluster));
}

/** A service in the Swarm, created and updated until it has converged. */
export const serviceKind: ResourceKind<ServiceInputs, ServiceOutputs> = {
  type: "dockyard:swarm:Service",
  description: "A service in the Swarm. Create and update wait until it has converged; a rollout that fails is an error with the failing tasks' logs.",
  inputs: ServiceInputs,
  outputs: z.strictObject({}),
  deleteBeforeReplace: true,
  check: checkService,
  diff: diffService,
  explain: explainEffect,
  create,
  read,
  update,
  delete: remove,
};
