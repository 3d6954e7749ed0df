import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { Connection } from "../../remote/connection";
import { findManager } from "../../remote/manager";
import { type Operation, Refused } from "../../resource";
import { assertMemberOurs } from "../owner/hostSwarm";
import { inspectNode, listNodes } from "./api";
import { drainNode } from "./drain";
import type { NodeInputs } from "./inputs";
import { membershipOf } from "./join";
import type { SwarmNode } from "./membership";
import { inPlanOrder } from "./order";
import { removeDead, removeNode, takeOutOfRaft } from "./removal";

/** The last manager that answers is asked to go while other nodes are still there. */
class OthersStay extends Refused {}

/** Between two looks whether the others have gone, in milliseconds. */
const LOOK_AGAIN = 500;

/**
 * Takes a node out of the cluster for good: drain, demote, leave, remove. Any part that was done before is passed over.
 * Managers go one after the other in the order of the plan, each asking anew who is left to be asked. Where an interrupted run has demoted some, the
 * only one that is left may have its turn first: it waits for the others, which may be about to go as well.
 */
export async function leaveCluster(op: Operation, id: string, inputs: NodeInputs): Promise<void> {
  const leave = () => takeOut(op, id, inputs);
  if (inputs.role !== "manager") return leave();
  for (const deadline = Date.now() + op.timeouts.membership; ; await sleep(LOOK_AGAIN, undefined, { signal: op.signal })) {
    try {
      return await inPlanOrder(op, inputs.name, "leave", leave);
    } catch (error) {
      if (!(error instanceof OthersStay) || Date.now() > deadline) throw error;
      op.status("waiting for the other nodes to leave");
    }
  }
}

async function takeOut(op: Operation, id: string, inputs: NodeInputs): Promise<void> {
  const others = op.managers.filter(({ address }) => address !== inputs.connection.address);
  const found = await managerAmong(op, others);
  if ("none" in found) return leaveAsLast(op, id, inputs, found.none);
  const { docker } = found;

  const node = await inspectNode(docker, id);
  if (!node) return forceLeave(op, inputs, id); // removed by hand, or by a run that was killed before it could say so

  await drain(op, docker, node, inputs);
  if (node.ManagerStatus) await removeDead(op, docker, id);
  await takeOutOfRaft(op, docker, id, inputs.name);
  await forceLeave(op, inputs, id);
  await removeNode(docker, id);
}

/** Another manager, or why there is none; the node itself tells then whether it may go as the last. */
async function managerAmong(op: Operation, candidates: readonly Connection[]): Promise<{ docker: Docker } | { none: string }> {
  if (candidates.length === 0) return { none: "the configuration has no other manager" };
  try {
    return await findManager(candidates, (connection) => op.machine(connection));
  } catch (error) {
    return { none: (error as Error).message };
  }
}

async function drain(op: Operation, docker: Docker, node: SwarmNode, inputs: NodeInputs): Promise<void> {
  if (node.Status.State !== "ready") {
    op.warn(`${inputs.name} does not answer the managers (${node.Status.State}); it is removed without being drained`);
    return;
  }
  await drainNode(op, docker, inputs.cluster, node);
}

/** The only manager left: it may go when no other node stays behind, and takes the Swarm with it. */
async function leaveAsLast(op: Operation, id: string, inputs: NodeInputs, noOther: string): Promise<void> {
  const machine = await op.machine(inputs.connection);
  const local = await membershipOf(machine);
  if (local.LocalNodeState === "inactive" || local.NodeID !== id) return;
  if (local.ControlAvailable && !local.Error) {
    const staying = (await listNodes(machine.docker)).filter((node) => node.ID !== id && node.Status.State !== "down");
    if (staying.length > 0) {
      const names = staying.map((node) => node.Description.Hostname).join(", ");
      throw new OthersStay(`${inputs.name} is the last manager that answers and ${names} would be left without one; remove those first, or make one of them a manager. ${noOther}`);
    }
  }
  await assertMemberOurs(op, machine, `${inputs.name} (${inputs.connection.address})`);
  op.status("leaving as the last manager");
  await machine.docker.swarmLeave({ force: true });
}

/** Lets the engine forget the Swarm. Force only skips a question here: a manager was demoted before. */
async function forceLeave(op: Operation, inputs: NodeInputs, id: string): Promise<void> {
  op.status("leaving");
  try {
    const machine = await op.machine(inputs.connection);
    const local = await membershipOf(machine);
    if (local.LocalNodeState !== "inactive" && local.NodeID === id) await machine.docker.swarmLeave({ force: true });
  } catch (error) {
    op.warn(`${inputs.name} could not be told to leave and still thinks it is a node: ${(error as Error).message}`);
  }
}
