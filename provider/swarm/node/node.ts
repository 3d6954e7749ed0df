import * as z from "zod";
import { changesBetween, replacing } from "../../diff";
import { PartlyCreated, Refused, type Operation, type ResourceKind } from "../../resource";
import { inspectNode, listNodes } from "./api";
import { drainNode } from "./drain";
import { NodeInputs } from "./inputs";
import { assertWholeChange, strangers } from "../plan/foresee";
import { markOwner } from "../owner/marker";
import { join, settle } from "./join";
import { leaveCluster } from "./leave";
import { MACHINE_LABEL, membership, RETURN_LABEL, type SwarmNode } from "./membership";
import { inPlanOrder } from "./order";
import { assertMajorityWithout, removeDead } from "./removal";
import { heardByNewLeader } from "./whole";

const Outputs = z.strictObject({});
type Outputs = z.infer<typeof Outputs>;

/** Answered once for all nodes while a refresh runs. */
const NODE_LIST = "swarm nodes";

export const nodeKind: ResourceKind<NodeInputs, Outputs> = {
  type: "dockyard:swarm:Node",
  description: "A host's membership in the Swarm. Its id is the Swarm's node id; deleting it drains, demotes, leaves and removes.",
  inputs: NodeInputs,
  outputs: Outputs,
  // A machine that was installed anew, and had its Swarm restored, goes on with its node.
  takesOver: true,

  diff: (old, wanted, unknown) => {
    const moved = old.inputs.advertiseAddress !== wanted.advertiseAddress && !unknown.includes("advertiseAddress");
    if (moved && old.inputs.role === "manager" && wanted.role === "manager" && old.inputs.machine === wanted.machine) {
      throw new Refused(
        `${wanted.name} is a manager, and raft knows a manager by its address: ${old.inputs.advertiseAddress} cannot become ${wanted.advertiseAddress}. ` +
          `Make it a worker first, or remove it and add it again under the new address`,
      );
    }
    const present = { ...wanted } as Record<string, unknown>;
    return replacing(changesBetween(old.inputs as Record<string, unknown>, present), ["cluster", "machine", "name", "advertiseAddress"]);
  },

  create: async (op, inputs) => {
    await assertWholeChange(op);
    const enter = async () => {
      const id = await join(op, inputs);
      await settled(op, id, inputs);
      return id;
    };
    // Workers are no members of raft, and need not wait for each other.
    const id = await (inputs.role === "manager" ? inPlanOrder(op, inputs.name, "in", enter) : enter());
    await markOwner(op, await op.machine(inputs.connection), op.owner);
    return { id, outputs: {} };
  },

  read: async (op, id, stored) => {
    const nodes = await op.shared(NODE_LIST, () => listAndTell(op));
    const node = nodes.find(({ ID }) => ID === id);
    return node && { inputs: observed(stored.inputs, node), outputs: {} };
  },

  update: async (op, id, old, wanted) => {
    await assertWholeChange(op);
    if (wanted.availability === "drain") await emptied(op, id, wanted);
    const settling = async () => settle(op, (await op.manager()).docker, id, wanted);
    if (old.inputs.role === wanted.role) await (wanted.role === "manager" ? op.exclusively(membership, settling) : settling());
    else if (wanted.role === "worker") await inPlanOrder(op, wanted.name, "demote", () => demoted(op, id, wanted));
    else await inPlanOrder(op, wanted.name, "in", () => promoted(op, id, settling));
    return { outputs: {} };
  },

  delete: (op, id, { inputs }) => leaveCluster(op, id, inputs),
};

/** Every node there is. One that we never made is told of, once, and left alone. */
async function listAndTell(op: Operation): Promise<SwarmNode[]> {
  const nodes = await listNodes((await op.manager()).docker);
  if (op.nodes.length > 0) {
    for (const { Description, Status, Spec } of strangers(nodes, op.nodes)) {
      op.warn(`${Description.Hostname} (${Status.Addr}) is a ${Spec.Role} of the Swarm and in no configuration of this stack; it is left alone. Add it to dockyard:hosts, or let it leave`);
    }
  }
  return nodes;
}

/** A node that is to be drained is emptied before its spec changes; one that is drained already stays as it is. */
async function emptied(op: Operation, id: string, { cluster }: NodeInputs): Promise<void> {
  const { docker } = await op.manager();
  const node = await inspectNode(docker, id);
  if (node?.Status.State === "ready" && node.Spec.Availability !== "drain") await drainNode(op, docker, cluster, node);
}

/** @throws Refused when raft would have no majority without it */
async function demoted(op: Operation, id: string, wanted: NodeInputs): Promise<void> {
  const { docker } = await op.manager();
  await removeDead(op, docker, id);
  const nodes = await listNodes(docker);
  assertMajorityWithout(nodes, id, wanted.name);
  await settle(op, docker, id, wanted);
  await heardByNewLeader(op, docker, nodes, id);
}

/** Until the new manager answers, raft counts it among the silent: the dead go before. */
async function promoted(op: Operation, id: string, settling: () => Promise<void>): Promise<void> {
  await removeDead(op, (await op.manager()).docker, id);
  await settling();
}

/** From here on the host is a node: whatever fails keeps its id, so that the next run goes on with it. */
async function settled(op: Operation, id: string, inputs: NodeInputs): Promise<void> {
  try {
    await settle(op, (await op.manager()).docker, id, inputs);
  } catch (error) {
    throw new PartlyCreated(id, {}, error as Error);
  }
}

function observed(inputs: NodeInputs, node: SwarmNode): NodeInputs {
  const { [MACHINE_LABEL]: machine, [RETURN_LABEL]: _returns, ...labels } = node.Spec.Labels ?? {};
  return { ...inputs, machine: machine ?? inputs.machine, role: node.Spec.Role, availability: node.Spec.Availability, labels };
}
