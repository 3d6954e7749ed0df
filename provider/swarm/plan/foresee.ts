import type { PlannedNode } from "../../configuration";
import { type Operation, Refused } from "../../resource";
import { listNodes } from "../node/api";
import { MACHINE_LABEL, type SwarmNode } from "../node/membership";
import { majorityLost, type Member, type MembershipPlan, type MembershipStep, type Phase, phaseOf, planMembership } from "./membershipPlan";
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

/** The change from the nodes as they were at its first step to those of the configuration: the one that is shown, checked and followed. */
export function wholeChange(op: Operation): Promise<MembershipPlan> {
  return op.shared("whole change of the nodes", async () => (op.nodes.length === 0 ? { steps: [] } : planChange(await listNodes((await op.manager()).docker), op.nodes)));
}

/**
 * Looks through the whole change of the nodes before its first step.
 * @throws Refused when a step of it would leave raft without a majority: nothing was changed then
 */
export async function assertWholeChange(op: Operation): Promise<void> {
  const plan = await wholeChange(op);
  if (plan.refusal !== undefined) throw new Refused(`no node was touched: ${planText(plan)}`);
}

/** Where a node's step stands in the plan; `after` are those whose steps of the same phase go before it. Pure. */
export function placeOf({ steps }: MembershipPlan, node: string, phase: Phase): { readonly rank: number; readonly after: readonly string[] } {
  const ofPhase = (step: MembershipStep) => phaseOf(step) === phase;
  const rank = steps.findIndex((step) => step.node === node && ofPhase(step));
  // What no plan has, such as the end of a whole platform, goes as it comes, after all that has a place.
  if (rank < 0) return { rank: Number.MAX_SAFE_INTEGER, after: [] };
  return { rank, after: steps.slice(0, rank).filter(ofPhase).map((step) => step.node) };
}

/** Why this manager must not be taken out of raft now, by the rule of the plan; undefined where it may. Pure. */
export function keptInRaft(nodes: readonly SwarmNode[], id: string): string | undefined {
  const members = membersOf(nodes);
  const own = members.find(({ node }) => node.ID === id);
  if (own === undefined) return undefined;
  return majorityLost(own.member.name, "demote", members.filter((other) => other !== own).map(({ member }) => member));
}

/** The plan from nodes as managers list them. Those that this program never made are left alone. Pure. */
export function planChange(nodes: readonly SwarmNode[], wanted: readonly PlannedNode[]): MembershipPlan {
  return planMembership(membersOf(nodes).map(({ member }) => member), wanted, new Set(strangers(nodes, wanted).map(({ Description }) => Description.Hostname)));
}

/** Nodes that somebody else made: in no configuration, and without our label. Pure. */
export function strangers(nodes: readonly SwarmNode[], wanted: readonly PlannedNode[]): SwarmNode[] {
  return nodes.filter(({ Spec, Description }) => Spec.Labels?.[MACHINE_LABEL] === undefined && !wanted.some(({ name }) => name === Description.Hostname));
}

/**
 * Nodes that are dead and in no configuration any more; as long as they stay raft counts the managers among them. None where the
 * program does not say which nodes it wants. Pure.
 */
export function deadAndUnwanted(nodes: readonly SwarmNode[], wanted: readonly PlannedNode[]): SwarmNode[] {
  if (wanted.length === 0) return [];
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
    // One whose demotion was asked for counts until raft has let it go.
    const role = node.ManagerStatus ? "manager" : Role;
    return { node, member: { name, role, availability: Availability, up: isUp(node), leader: node.ManagerStatus?.Leader ?? false, machine: Labels?.[MACHINE_LABEL] } };
  });
}

/** A manager answers in raft, which says it sooner than its heartbeat as a node; a worker is ready. */
function isUp({ Status, ManagerStatus }: SwarmNode): boolean {
  return ManagerStatus ? ManagerStatus.Reachability === "reachable" : Status.State === "ready";
}
