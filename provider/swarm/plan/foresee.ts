import type Docker from "dockerode";
import type { PlannedNode } from "../../configuration";
import { type Operation, Refused } from "../../resource";
import { listNodes } from "../node/api";
import { MACHINE_LABEL, type SwarmNode } from "../node/membership";
import { type Member, type MembershipPlan, planMembership } from "./membershipPlan";
import { planText } from "./planText";

/**
 * For a preview, which asks nobody: the steps from the nodes of the last update to those of the configuration, as if all of
 * them answered. Undefined where there is nothing to do, or nothing to compare with.
 */
export function foreseen(before: readonly PlannedNode[], after: readonly PlannedNode[]): string | undefined {
  if (before.length === 0 || after.length === 0) return undefined;
  const plan = planMembership(before.map((node) => ({ ...node, up: true })), after);
  return plan.steps.length === 0 && plan.refusal === undefined ? undefined : planText(plan);
}

/** Nodes of the last update that a change drains or removes. Pure. */
export function goingDown(before: readonly PlannedNode[], after: readonly PlannedNode[]): string[] {
  if (after.length === 0) return [];
  const stays = ({ name, availability }: PlannedNode) => {
    const wanted = after.find((node) => node.name === name);
    return wanted !== undefined && (wanted.availability !== "drain" || availability === "drain");
  };
  return before.filter((node) => !stays(node)).map(({ name }) => name);
}

/**
 * Looks through the whole change of the nodes before its first step, with the nodes as they are now; once in a run.
 * @throws Refused when a step of it would leave raft without a majority: nothing was changed then
 */
export async function assertWholeChange(op: Operation, docker: Docker): Promise<void> {
  if (op.nodes.length === 0) return;
  await op.shared("whole change of the nodes", async () => {
    const plan = planChange(await listNodes(docker), op.nodes);
    if (plan.refusal !== undefined) throw new Refused(`no node was touched: ${planText(plan)}`);
  });
}

/** The plan from nodes as managers list them. Those that this program never made are left alone. Pure. */
export function planChange(nodes: readonly SwarmNode[], wanted: readonly PlannedNode[]): MembershipPlan {
  return planMembership(membersOf(nodes).map(({ member }) => member), wanted, new Set(strangers(nodes, wanted).map(({ Description }) => Description.Hostname)));
}

/** Nodes that somebody else made: in no configuration, and without our label. Pure. */
export function strangers(nodes: readonly SwarmNode[], wanted: readonly PlannedNode[]): SwarmNode[] {
  return nodes.filter(({ Spec, Description }) => Spec.Labels?.[MACHINE_LABEL] === undefined && !wanted.some(({ name }) => name === Description.Hostname));
}

/** Nodes that are dead and in no configuration any more; as long as they stay raft counts the managers among them. Pure. */
export function deadAndUnwanted(nodes: readonly SwarmNode[], wanted: readonly PlannedNode[]): SwarmNode[] {
  const removed = new Set(planChange(nodes, wanted).steps.filter((step) => step.do === "remove").map(({ node }) => node));
  return membersOf(nodes).filter(({ member }) => removed.has(member.name) && !member.up).map(({ node }) => node);
}

/** A machine that joined again may still have its former node: that one gets a name of its own. */
function membersOf(nodes: readonly SwarmNode[]): { node: SwarmNode; member: Member }[] {
  return nodes.map((node) => {
    const { Hostname } = node.Description;
    const successor = nodes.some((other) => other !== node && other.Description.Hostname === Hostname && isUp(other));
    const name = successor && !isUp(node) ? `${Hostname} (${node.ID.slice(0, 12)})` : Hostname;
    const { Role, Availability, Labels } = node.Spec;
    return { node, member: { name, role: Role, availability: Availability, up: isUp(node), leader: node.ManagerStatus?.Leader ?? false, machine: Labels?.[MACHINE_LABEL] } };
  });
}

/** A manager answers in raft, which says it sooner than its heartbeat as a node; a worker is ready. */
function isUp({ Spec, Status, ManagerStatus }: SwarmNode): boolean {
  return Spec.Role === "manager" && ManagerStatus ? ManagerStatus.Reachability === "reachable" : Status.State === "ready";
}
