import { createHash } from "node:crypto";
import type { AwsHosts } from "../../config/awsSchema";

/** The tag by which everything of a stack is found, also when its state was lost. */
export const STACK_TAG = "dockyard.stack";

/** What every resource carries that can carry tags. */
export function awsTags({ project, owner, costCenter, other }: AwsHosts["tags"], stack: string): Record<string, string> {
  return { ...other, project, owner, "cost-center": costCenter, [STACK_TAG]: stack };
}

/** Longest part that a stack's name has in names of AWS's, of which the shortest limit is 32 (load balancers). */
const LONGEST = 16;

/** The stack's name in the names of what AWS knows by name: lower-case letters, digits and hyphens. */
export function stackLabel(stack: string): string {
  const label = stack.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "stack";
  if (label === stack && label.length <= LONGEST) return label;
  // Two stacks must not meet in one name because theirs were cut or smoothed.
  return `${label.slice(0, LONGEST - 5).replace(/-+$/, "")}-${createHash("sha256").update(stack).digest("hex").slice(0, 4)}`;
}
