import type Docker from "dockerode";
import type { Machine } from "../../provider/remote/machine";
import type { SwarmInfo } from "../../provider/remote/manager";
import { inspectNode, listNodes, updateNode, waitUntil } from "../../provider/swarm/node/api";
import type { SwarmNode } from "../../provider/swarm/node/membership";
import type { StackHost, StackSwarm } from "../stackHosts";
import { within } from "../within";
import type { RecoveryStep } from "./plan";

/** What the steps work on. */
export interface Recovery {
  readonly stack: StackSwarm;
  readonly survivor: StackHost;
  machine(host: StackHost): Promise<Machine>;
  say(line: string): void;
}

/** Does one step, unless an earlier run has done it. @throws Error that says what was waited for when time is over */
export async function applyStep(recovery: Recovery, step: RecoveryStep): Promise<void> {
  switch (step.do) {
    case "force new cluster":
      return forceNewCluster(recovery);
    case "leave":
      return leave(recovery, hostNamed(recovery.stack, step.name));
    case "remove":
      return remove(recovery, step.names);
  }
}

async function forceNewCluster({ stack, survivor, machine, say }: Recovery): Promise<void> {
  const { docker } = await machine(survivor);
  const { engine: timeout } = stack.provider.timeouts;
  say(`${survivor.name}: making it the only manager of the Swarm`);
  await within(timeout, `${survivor.name}: the new cluster does not come up`, restart(docker, survivor.advertiseAddress, stack.cluster));
  await awaitQuorum(docker, survivor.name, timeout);
}

/** Starts the engine's part of the Swarm anew, with what is in its state, and itself as the only member. */
export function restart(docker: Docker, address: string, { addressPool, subnetSize, dataPathPort }: Omit<StackSwarm["cluster"], "id">): Promise<unknown> {
  return docker.swarmInit({
    ForceNewCluster: true,
    ListenAddr: `${address}:2377`,
    AdvertiseAddr: address,
    DataPathAddr: address,
    // The engine writes these beside the state that it keeps, and would write its own defaults otherwise.
    DataPathPort: dataPathPort,
    DefaultAddrPool: [...addressPool],
    SubnetSize: subnetSize,
    Spec: {},
  });
}

/** Waits until the engine sees a quorum and can list the nodes. */
export async function awaitQuorum(docker: Docker, name: string, timeout: number): Promise<void> {
  const leads = async () => {
    const swarm = (await docker.info()).Swarm as SwarmInfo;
    return !swarm.Error && swarm.Cluster?.ID ? (await listNodes(docker)).some(({ ManagerStatus }) => ManagerStatus?.Leader) : false;
  };
  await waitUntil(`${name} to lead the Swarm`, () => leads().catch(() => false), Boolean, { timeout, signal: new AbortController().signal });
}

async function leave({ stack, machine, say }: Recovery, host: StackHost): Promise<void> {
  const { docker } = await machine(host);
  const { LocalNodeState } = (await docker.info()).Swarm as SwarmInfo;
  if (LocalNodeState === "inactive") return;
  say(`${host.name}: leaving what is left of the lost quorum`);
  await within(stack.provider.timeouts.membership, `${host.name}: the engine does not leave the Swarm`, docker.swarmLeave({ force: true }));
}

async function remove({ stack, survivor, machine, say }: Recovery, names: readonly string[]): Promise<void> {
  const { docker } = await machine(survivor);
  const { NodeID } = (await docker.info()).Swarm as SwarmInfo;
  const gone = (await listNodes(docker)).filter((node) => node.ID !== NodeID && node.Spec.Role === "manager" && names.includes(node.Description.Hostname));
  for (const node of gone) {
    say(`${survivor.name}: removing the entry of ${node.Description.Hostname}`);
    await removeEntry(docker, node, stack.provider.timeouts.membership);
  }
}

/** One that is no member of raft any more cannot be demoted either: Swarm answers that it does not find it there. */
async function removeEntry(docker: Docker, node: SwarmNode, timeout: number): Promise<void> {
  if (node.ManagerStatus) await demote(docker, node, timeout);
  await docker.getNode(node.ID).remove({ force: true });
}

async function demote(docker: Docker, node: SwarmNode, timeout: number): Promise<void> {
  await updateNode(docker, node.ID, (spec) => ({ ...spec, Role: "worker" }));
  const outOfRaft = (seen: SwarmNode | undefined) => !seen?.ManagerStatus;
  await waitUntil(`raft to let go of ${node.Description.Hostname}`, () => inspectNode(docker, node.ID), outOfRaft, { timeout, signal: new AbortController().signal });
}

function hostNamed({ hosts }: StackSwarm, name: string): StackHost {
  return hosts.find((host) => host.name === name)!;
}
