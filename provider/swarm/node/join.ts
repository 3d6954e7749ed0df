import type Docker from "dockerode";
import type { Machine } from "../../remote/machine";
import type { SwarmInfo, SwarmManager } from "../../remote/manager";
import { type Operation, Refused } from "../../resource";
import { inspectNode, listNodes, updateNode, waitUntil } from "./api";
import { assertCanEncrypt } from "./canEncrypt";
import type { NodeInputs } from "./inputs";
import { MACHINE_LABEL } from "./membership";
import { planJoin } from "./plan";
import { removeDead, removeGhost } from "./removal";

/** Makes the host a node of the cluster, whatever it has come to already; answers the node's id. */
export async function join(op: Operation, inputs: NodeInputs): Promise<string> {
  const machine = await op.machine(inputs.connection);
  const manager = await op.manager();
  const host = { name: inputs.name, address: inputs.advertiseAddress, machine: inputs.machine, cluster: inputs.cluster };
  const plan = await waitUntil(
    `${inputs.name} to be in the Swarm or out of it`,
    async () => planJoin(host, await membershipOf(machine), await listNodes(manager.docker)),
    ({ do: step }) => step !== "wait",
    { timeout: op.timeouts.membership, signal: op.signal },
  );
  switch (plan.do) {
    case "adopt":
      return plan.nodeId;
    case "join":
      for (const ghost of plan.ghosts) await removeGhost(op, manager.docker, ghost);
      // Until a new manager answers, raft counts it among the silent: of three with one dead, it would make two of four.
      if (inputs.role === "manager") await removeDead(op, manager.docker);
      await assertCanEncrypt(machine, manager.docker, inputs.name);
      op.signal.throwIfAborted();
      op.status(`joining as ${inputs.role}`);
      return enter(op, machine, manager, inputs);
    default:
      throw new Refused("reason" in plan ? plan.reason : "");
  }
}

/** Asks for the token only now, and keeps it nowhere. */
async function enter(op: Operation, machine: Machine, manager: SwarmManager, inputs: NodeInputs): Promise<string> {
  const [swarm, self] = await Promise.all([manager.docker.swarmInspect(), inspectNode(manager.docker, manager.nodeId)]);
  const tokens = (swarm as { JoinTokens: { Manager: string; Worker: string } }).JoinTokens;
  await machine.docker.swarmJoin({
    ListenAddr: `${inputs.advertiseAddress}:2377`,
    AdvertiseAddr: inputs.advertiseAddress,
    DataPathAddr: inputs.advertiseAddress,
    RemoteAddrs: [self!.ManagerStatus!.Addr],
    JoinToken: inputs.role === "manager" ? tokens.Manager : tokens.Worker,
  });
  const local = await waitUntil(
    `${inputs.name} to become an active node`,
    () => membershipOf(machine),
    ({ LocalNodeState }) => LocalNodeState === "active",
    { timeout: op.timeouts.membership, signal: op.signal },
  );
  return local.NodeID!;
}

/** Brings role, availability and labels of a node to what is asked for, and waits until the managers see it ready. */
export async function settle(op: Operation, docker: Docker, id: string, inputs: NodeInputs): Promise<void> {
  await updateNode(docker, id, (spec) => ({
    ...spec,
    Role: inputs.role,
    Availability: inputs.availability,
    Labels: { ...inputs.labels, [MACHINE_LABEL]: inputs.machine },
  }));
  await waitUntil(
    `${inputs.name} to be a ready ${inputs.role}`,
    () => inspectNode(docker, id),
    (node) =>
      node?.Status.State === "ready" && (inputs.role === "manager" ? node.ManagerStatus?.Reachability === "reachable" : node.ManagerStatus === undefined),
    { timeout: op.timeouts.membership, signal: op.signal },
  );
}

export async function membershipOf(machine: Machine): Promise<SwarmInfo> {
  return (await machine.docker.info()).Swarm as SwarmInfo;
}
