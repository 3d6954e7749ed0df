import type { Quorum } from "../node/quorum";
import type { MembershipPlan, MembershipStep } from "./membershipPlan";

/** The plan for people: one line a step, with the reason, and what raft counts before and after where that changes. */
export function planText({ steps, refusal, unordered = [] }: MembershipPlan): string {
  const lines = steps.map((step, index) => `  ${index + 1}. ${stepText(step)}`);
  const stop = refusal === undefined ? [] : [`  refused from here on: ${refusal}`];
  const count = steps.length === 1 ? "1 step" : `${steps.length} steps`;
  const but = unordered.length === 0 ? "" : ` but for ${unordered.join(", ")}, of which the leader goes last (who leads is seen when they go)`;
  return [`${count} of the nodes, in this order${but}:`, ...lines, ...stop].join("\n");
}

/** "demote m2: it is a manager (managers that answer: 2 of 3 → 2 of 2)" */
export function stepText({ node, do: what, role, because, before, after }: MembershipStep): string {
  const quorum = same(before, after) ? "" : ` (managers that answer: ${quorumText(before)} → ${quorumText(after)})`;
  return `${VERBS[what]} ${node}${role ? ` as a ${role}` : ""}: ${because}${quorum}`;
}

const VERBS: Readonly<Record<MembershipStep["do"], string>> = {
  remove: "remove", join: "join", promote: "promote", demote: "demote", active: "activate", pause: "pause", drain: "drain", leave: "drain and remove",
};

const same = (a: Quorum, b: Quorum): boolean => a.reachable === b.reachable && a.of === b.of;
const quorumText = ({ reachable, of }: Quorum): string => `${reachable} of ${of}`;
