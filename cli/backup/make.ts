import type Docker from "dockerode";
import { backupId } from "../../backup/id";
import { type Keys, type Manifest, type Part, type PartName } from "../../backup/manifest";
import { makeKey } from "../../backup/seal";
import type { BackupStore } from "../../backup/store";
import type { Connection } from "../../provider/remote/connection";
import type { Machine } from "../../provider/remote/machine";
import { findManager } from "../../provider/remote/manager";
import { unlockKeyOf } from "../../provider/swarm/cluster/autolock";
import { assertOwned } from "../../provider/swarm/owner/assertOwned";
import { inspectNode, listNodes, waitUntil } from "../../provider/swarm/node/api";
import { UserError } from "../error";
import { awaitQuorum } from "../lostQuorum/apply";
import type { StackHost, StackSwarm } from "../stackHosts";
import { backUnlocked } from "./backUnlocked";
import { readInventory } from "./inventory";
import { text, writeManifest, writePart } from "./parts";
import { clearStage, fetchRaft, stageRaft } from "./raftCopy";
import { fetchRegistry, findRegistry } from "./registryCopy";
import { planSource, type SourcePlan } from "./source";

/** What a backup is made of and where it goes. */
export interface BackupJob {
  readonly stackName: string;
  readonly stack: StackSwarm;
  readonly store: BackupStore;
  readonly passphrase: string;
  readonly allowDowntime: boolean;
  readonly withRegistry: boolean;
  /** The stack's state as `pulumi stack export` gives it, its configuration, and the passphrase that the launcher made for them. */
  readonly state: string;
  readonly configuration: string;
  readonly statePassphrase?: string;
  readonly connect: (connection: Connection) => Promise<Machine>;
  say(line: string): void;
}

interface Source {
  readonly plan: Extract<SourcePlan, { do: "copy" }>;
  readonly host: StackHost;
  readonly machine: Machine;
}

/**
 * Makes one backup. @returns its manifest
 * @throws UserError before anything was touched, when no manager can be stopped for it
 * @throws Refused before anything was touched, when another state owns the platform
 */
export async function makeBackup(job: BackupJob): Promise<Manifest> {
  const { store, say } = job;
  const asked = await anyManager(job);
  await assertOwned(asked, { owner: job.stack.provider.owner });
  const source = await chooseSource(job, asked);
  const swarm = await describeSwarm(job, asked, source);
  const key = await makeKey();
  const madeAt = new Date();
  const id = backupId(madeAt);
  try {
    const registry = job.withRegistry ? await findRegistry(asked) : undefined;
    await copyRaft(job, source, swarm.keys);
    const put = (name: PartName, produce: Parameters<typeof writePart>[4]) => writePart(store, id, key, name, produce);
    const parts: Part[] = [await put("raft", (to) => fetchRaft(source.machine, to)).finally(() => clearStage(source.machine))];
    if (registry) {
      say("Copying the registry's data");
      const host = job.stack.hosts.find(({ nodeId }) => nodeId === registry.nodeId);
      if (!host) throw new Error(`the registry runs on the node ${registry.nodeId}, which the stack's state does not know; run ./dockyard refresh`);
      parts.push(await put("registry", async (to) => fetchRegistry(await job.connect(host.connection), registry.volume, to)));
    }
    parts.push(await put("state", text(job.state)), await put("configuration", text(job.configuration)));
    parts.push(await put("keys", text(JSON.stringify({ ...swarm.keys, ...(job.statePassphrase && { passphrase: job.statePassphrase }) } satisfies Keys))));
    const manifest: Manifest = { format: 1, id, stack: job.stackName, madeAt: madeAt.toISOString(), ...swarm.facts, parts };
    await writeManifest(store, manifest, key, job.passphrase);
    return manifest;
  } catch (error) {
    // Nobody can use half of it, and the error that stopped it is the one to be told.
    await store.remove(id).catch(() => undefined);
    throw error;
  }
}

/** The Docker API of a manager that sees a quorum. */
async function anyManager({ stack, connect }: BackupJob, without?: StackHost): Promise<Docker> {
  const managers = stack.hosts.filter((host) => host.role === "manager" && host !== without);
  return (await findManager(managers.map(({ connection, name }) => ({ ...connection, name })), connect)).docker;
}

async function chooseSource(job: BackupJob, docker: Docker): Promise<Source> {
  const [nodes, tasks] = await Promise.all([listNodes(docker), docker.listTasks({ filters: { "desired-state": ["running"] } })]);
  const counts = new Map<string, number>();
  for (const { NodeID } of tasks as { NodeID?: string }[]) if (NodeID) counts.set(NodeID, (counts.get(NodeID) ?? 0) + 1);
  const plan = planSource(nodes, counts, new Set(job.stack.hosts.flatMap(({ nodeId }) => nodeId ?? [])), job.allowDowntime);
  if (plan.do === "refuse") throw new UserError(`No backup was made: ${plan.reason}`, plan.fix);
  const host = job.stack.hosts.find(({ nodeId }) => nodeId === plan.nodeId)!;
  return { plan, host, machine: await job.connect(host.connection) };
}

async function describeSwarm({ stack, state }: BackupJob, docker: Docker, { plan, machine }: Source) {
  const [swarm, inventory, version] = await Promise.all([docker.swarmInspect() as Promise<SwarmSpec>, readInventory(docker), machine.docker.version()]);
  const autolock = swarm.Spec.EncryptionConfig?.AutoLockManagers === true;
  const { addressPool, subnetSize, dataPathPort } = stack.cluster;
  const keys: Keys = autolock ? { unlockKey: await unlockKeyOf(docker) } : {};
  const facts = {
    cluster: { id: swarm.ID, autolock, addressPool: [...addressPool], subnetSize, dataPathPort },
    source: { id: plan.nodeId, name: plan.name, engine: version.Version },
    inventory,
    resources: countResources(state),
  };
  return { keys, facts };
}

interface SwarmSpec {
  readonly ID: string;
  readonly Spec: { readonly EncryptionConfig?: { readonly AutoLockManagers?: boolean } };
}

/** How many resources an exported stack has. */
export function countResources(state: string): number {
  return (JSON.parse(state) as { deployment?: { resources?: unknown[] } }).deployment?.resources?.length ?? 0;
}

/** Stops the engine for the copy and waits until the Swarm is what it was. */
async function copyRaft(job: BackupJob, { plan, host, machine }: Source, keys: Keys): Promise<void> {
  const { engine: timeout } = job.stack.provider.timeouts;
  const root = ((await machine.docker.info()) as { DockerRootDir: string }).DockerRootDir;
  job.say(`Stopping the engine of ${host.name} for a moment and copying the Swarm's state (tasks that stop and start again: ${plan.tasks})`);
  await stageRaft(machine, root, timeout);
  job.say(`Waiting until ${host.name} is back`);
  await backUnlocked(machine, `${host.name} to be back in the Swarm`, keys, timeout);
  if (plan.downtime) return awaitQuorum(machine.docker, host.name, timeout);
  const others = await anyManager(job, host);
  const back = (node: Awaited<ReturnType<typeof inspectNode>>) => node?.Status.State === "ready" && node.ManagerStatus?.Reachability === "reachable";
  await waitUntil(`${host.name} to be a ready manager again`, () => inspectNode(others, plan.nodeId), back, { timeout, signal: new AbortController().signal });
}
