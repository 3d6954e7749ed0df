import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import * as z from "zod";
import type { Change, Operation, ResourceKind, Stored } from "../resource";
import { managerOf, OtherCluster } from "./clusterManager";
import { checkNetwork, decideNetwork, fromNetwork, isSuchNetwork, type LiveNetwork, NetworkInputs, observeNetwork, poolOf, toNetworkSpec } from "./networkSpec";
import { foreignThing, tellReplaced } from "./ownership";
import { removeWhenFree } from "./release";
import { changesBetween } from "./service/changes";
import { engineMessage, statusOf } from "./service/swarmView";
import { sharedRead } from "./sharedReads";

const NetworkOutputs = z.strictObject({
  /** The subnet that it has, given or chosen by the engine. */
  actualSubnet: z.string(),
});
type NetworkOutputs = z.infer<typeof NetworkOutputs>;

const readKey = (cluster: string) => `networks of ${cluster}`;

/** Milliseconds for the Swarm to choose a subnet. */
const ALLOCATION = 10_000;

async function listNetworks(docker: Docker, name?: string): Promise<LiveNetwork[]> {
  const filters = { scope: ["swarm"], ...(name === undefined ? {} : { name: [name] }) };
  const found = (await docker.listNetworks({ filters } as never)) as unknown as LiveNetwork[];
  return found.filter((network) => network.Driver === "overlay" && (name === undefined || network.Name === name));
}

async function create(op: Operation, inputs: NetworkInputs): Promise<{ id: string; outputs: NetworkOutputs }> {
  const { docker } = await managerOf(op, inputs.cluster);
  op.status("creating");
  const id = (await adopted(docker, inputs)) ?? (await createOrAdopt(docker, inputs));
  op.forget(readKey(inputs.cluster));
  return { id, outputs: { actualSubnet: await allocatedSubnet(op, docker, inputs.name, id) } };
}

/** The id of a network that is exactly what is asked for: an interrupted run left it. */
async function adopted(docker: Docker, inputs: NetworkInputs): Promise<string | undefined> {
  const [existing] = await listNetworks(docker, inputs.name);
  if (!existing) return undefined;
  if (isSuchNetwork(inputs, existing)) return existing.Id;
  const paths = networkChanges(observeNetwork(inputs, existing), inputs).map(({ path }) => path);
  throw foreignThing("network", inputs.name, existing.Labels, `differs in ${paths.join(", ")}, which cannot change in place`);
}

async function createOrAdopt(docker: Docker, inputs: NetworkInputs): Promise<string> {
  try {
    return (await docker.createNetwork(toNetworkSpec(inputs) as never)).id;
  } catch (error) {
    // Somebody was faster, or the answer to our own first attempt was lost.
    const existing = statusOf(error) === 409 ? await adopted(docker, inputs) : undefined;
    if (existing !== undefined) return existing;
    throw new Error(`network "${inputs.name}": ${engineMessage(error)}`, { cause: error });
  }
}

async function allocatedSubnet(op: Operation, docker: Docker, name: string, id: string): Promise<string> {
  for (const deadline = Date.now() + ALLOCATION; Date.now() < deadline; ) {
    op.signal.throwIfAborted();
    const network = (await listNetworks(docker, name)).find(({ Id }) => Id === id);
    const subnet = network && (poolOf(network, "ipv4") ?? poolOf(network, "ipv6"))?.Subnet;
    if (subnet) return subnet;
    await sleep(100);
  }
  throw new Error(`network "${name}" got no subnet from the Swarm within ${ALLOCATION / 1000} s; its address pool may be used up: give a subnet, or remove networks that nobody uses`);
}

async function read(op: Operation, id: string, { inputs, outputs }: Stored<NetworkInputs, NetworkOutputs>): Promise<Stored<NetworkInputs, NetworkOutputs> | undefined> {
  const { clusterId, docker } = await op.manager();
  const networks = await sharedRead(op, readKey(clusterId), () => listNetworks(docker));
  const live = networks.find((network) => network.Id === id);
  if (!live) {
    tellReplaced(op, "network", inputs.name, id, networks.find(({ Name }) => Name === inputs.name)?.Id);
    return undefined;
  }
  const imported = inputs.name === undefined;
  return {
    inputs: imported ? { cluster: clusterId, ...fromNetwork(live) } : observeNetwork(inputs, live),
    outputs: { actualSubnet: poolOf(live, "ipv4")?.Subnet ?? outputs.actualSubnet },
  };
}

async function remove(op: Operation, id: string, { inputs }: Stored<NetworkInputs, NetworkOutputs>): Promise<void> {
  try {
    await managerOf(op, inputs.cluster);
  } catch (error) {
    if (!(error instanceof OtherCluster)) throw error;
    return op.warn(`the network "${inputs.name}" went with its cluster: ${error.message}`);
  }
  await removeWhenFree(op, {
    what: "network",
    name: inputs.name,
    remove: async () => (await op.manager()).docker.getNetwork(id).remove(),
    usedBy: (spec) => (spec.TaskTemplate.Networks ?? spec.Networks ?? []).some(({ Target }) => Target === id),
    advice: "a network cannot change while services are attached: give the new one another name and subnet, or detach them first",
  });
  op.forget(readKey(inputs.cluster));
}

function networkChanges(old: NetworkInputs, wanted: NetworkInputs): Change[] {
  const meaning = ({ labels, ...rest }: NetworkInputs) => ({
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== false && value !== undefined)),
    labels: labels ?? {},
  });
  return changesBetween({ canon: meaning(old), written: old }, { canon: meaning(wanted), written: wanted });
}

function diff({ inputs: old, outputs }: Stored<NetworkInputs, NetworkOutputs>, wanted: NetworkInputs, unknown: readonly string[]): Change[] {
  const open = new Set(unknown.map((path) => path.split(/[.[]/)[0]));
  const known = networkChanges(old, wanted).filter(({ path }) => !open.has(path.split(/[.[]/)[0]));
  // An address that was left open and is now written down as it is, or the other way round, is no other network.
  const meant = known.filter(({ path }) => !(path === "subnet" && (wanted.subnet ?? old.subnet) === outputs.actualSubnet));
  return [...meant, ...unknown.map((path): Change => ({ path, kind: "update" }))].map((change) => ({ ...change, replace: true }));
}

/** An overlay network of the Swarm. */
export const networkKind: ResourceKind<NetworkInputs, NetworkOutputs> = {
  type: "dockyard:swarm:Network",
  description: "An overlay network of the Swarm. Swarm can change nothing of it in place; while services use it, it cannot be replaced.",
  inputs: NetworkInputs,
  outputs: NetworkOutputs,
  // A name, and a subnet, exist once.
  deleteBeforeReplace: true,
  decide: decideNetwork,
  check: checkNetwork,
  diff,
  create,
  read,
  delete: remove,
};
