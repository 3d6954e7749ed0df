import * as z from "zod";
import { formatDuration } from "./duration";

/** When the last resource of a part of the platform was ready, in milliseconds after the start of the update. */
export interface Milestone {
  readonly part: string;
  readonly after: number;
}

/** Parts of the platform by the component that owns a resource, in the order in which they are built. */
const PARTS: readonly (readonly [component: string, part: string])[] = [
  ["CertificateAuthority", "authority"],
  ["Lab", "lab machines"],
  ["Machines", "hosts and engines"],
  ["Swarm", "swarm"],
  ["Registry", "registry"],
  ["OverlayNetwork", "networks"],
  ["Application", "applications"],
];

const exportSchema = z.object({
  deployment: z.object({
    resources: z.array(z.object({ urn: z.string(), custom: z.boolean().default(false), modified: z.string().optional() })).default([]),
  }),
});

/**
 * What an update was busy with, and until when, from the times that Pulumi keeps with each resource. Parts are built side by side where
 * nothing forbids it, so these are moments, not durations to be added up. Parts that did not change are left out.
 * @param exported what `pulumi stack export` prints.
 * @param start of the update.
 */
export function milestones(exported: unknown, start: Date): Milestone[] {
  const { resources } = exportSchema.parse(exported).deployment;
  return PARTS.flatMap(([component, part]) => {
    const times = resources
      .filter(({ urn, custom }) => custom && outermostComponent(urn) === component)
      .map(({ modified }) => Date.parse(modified ?? "") - start.getTime())
      .filter((after) => after >= 0);
    return times.length === 0 ? [] : [{ part, after: Math.max(...times) }];
  });
}

/** "urn:pulumi:dev::dockyard::dockyard:components:Registry$dockyard:swarm:Service::registry" → "Registry". */
function outermostComponent(urn: string): string | undefined {
  return /^dockyard:components:(\w+)\$/.exec(urn.split("::")[2] ?? "")?.[1];
}

/** One line: "authority 0.3 s · swarm 9.1 s". */
export function renderMilestones(reached: readonly Milestone[]): string {
  return reached.map(({ part, after }) => `${part} ${formatDuration(after)}`).join(" · ");
}
