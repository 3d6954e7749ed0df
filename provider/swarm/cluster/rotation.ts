import * as z from "zod";
import { Refused } from "../../resource";
import type { ClusterInfo, ClusterSpec, TlsInfo } from "./clusterInfo";

const count = z.int().min(1);

/** How often each credential of the Swarm is to have been rotated, counted from 1, its first one. */
export const Rotation = z.strictObject({
  ca: count.describe("The CA of the Swarm: every node gets a certificate of a new root, and the join tokens change with it."),
  joinTokens: count.describe("The tokens with which hosts join. Nodes that are in the Swarm do not need them."),
  unlockKey: count.describe("The key that unlocks managers; means nothing without autolock."),
});
export type Rotation = z.infer<typeof Rotation>;
export type Credential = keyof Rotation;

export const NEVER_ROTATED: Rotation = { ca: 1, joinTokens: 1, unlockKey: 1 };
const CREDENTIALS = ["ca", "joinTokens", "unlockKey"] as const;

/**
 * Labels of the Swarm itself that say what was rotated: "2 2026-11-25T22:10:00Z", the count and when. They are written by the
 * very call that rotates, so a run that is killed around it neither rotates twice nor forgets.
 */
const LABELS: Readonly<Record<Credential, string>> = {
  ca: "dockyard.rotation.ca",
  joinTokens: "dockyard.rotation.join-tokens",
  unlockKey: "dockyard.rotation.unlock-key",
};

/** One entry of those labels. */
export interface RotationMark {
  readonly count: number;
  /** When it was rotated last; unknown for a credential that never was. */
  readonly at?: string;
}

/** What the Swarm's labels say; a credential without one, or with one that a hand has spoilt, is the first. */
export function rotationMarks(labels: Readonly<Record<string, string>> = {}): Record<Credential, RotationMark> {
  const mark = (label: string | undefined): RotationMark => {
    const [, times, at] = /^([1-9]\d{0,8})(?: (\S+))?$/.exec(label ?? "") ?? [];
    return times === undefined ? { count: 1 } : { count: Number(times), ...(at !== undefined && { at }) };
  };
  return { ca: mark(labels[LABELS.ca]), joinTokens: mark(labels[LABELS.joinTokens]), unlockKey: mark(labels[LABELS.unlockKey]) };
}

export function rotationDone(labels?: Readonly<Record<string, string>>): Rotation {
  const marks = rotationMarks(labels);
  return { ca: marks.ca.count, joinTokens: marks.joinTokens.count, unlockKey: marks.unlockKey.count };
}

/** The labels of a Swarm that is started now: whatever count is asked for, its credentials are new. */
export function newMarks(wanted: Rotation, now: Date): Record<string, string> {
  return marksFor(CREDENTIALS.filter((name) => wanted[name] > 1), wanted, now);
}

/** @throws Refused for a count that is lower than what was done: there is no way back to a credential that is gone */
export function refuseBackwards(done: Rotation, wanted: Rotation): void {
  const name = CREDENTIALS.find((each) => wanted[each] < done[each]);
  if (name === undefined) return;
  throw new Refused(`rotation.${name} of the Swarm is ${done[name]} and cannot become ${wanted[name]}: what was rotated away is gone. Write ${done[name]}, or ${done[name] + 1} to rotate once more`);
}

/** One update of the Swarm. */
export interface ClusterUpdate {
  readonly spec: ClusterSpec;
  /** Flags of the API's call. */
  readonly query: { readonly rotateWorkerToken?: true; readonly rotateManagerToken?: true; readonly rotateManagerUnlockKey?: true };
}

/** The spec with everything rotated that is due among `names`, together with its mark. A higher count is one rotation, however much higher. */
export function rotate(names: readonly Credential[], spec: ClusterSpec, wanted: Rotation, now: Date): ClusterUpdate {
  const done = rotationDone(spec.Labels);
  const due = names.filter((name) => wanted[name] > done[name]);
  if (due.length === 0) return { spec, query: {} };
  return {
    spec: {
      ...spec,
      Labels: { ...spec.Labels, ...marksFor(due, wanted, now) },
      ...(due.includes("ca") && { CAConfig: { ...spec.CAConfig, ForceRotate: (spec.CAConfig?.ForceRotate ?? 0) + 1 } }),
    },
    query: {
      ...(due.includes("joinTokens") && { rotateWorkerToken: true, rotateManagerToken: true }),
      ...(due.includes("unlockKey") && { rotateManagerUnlockKey: true }),
    },
  };
}

function marksFor(names: readonly Credential[], wanted: Rotation, now: Date): Record<string, string> {
  return Object.fromEntries(names.map((name) => [LABELS[name], `${wanted[name]} ${now.toISOString()}`]));
}

/** A node, as far as its certificate goes. */
export interface CertifiedNode {
  readonly Description: { readonly Hostname: string; readonly TLSInfo?: TlsInfo };
  readonly Status: { readonly State: string };
}

/** How far the rotation of the CA has come; undefined when it is over. */
export function rootRotation(info: ClusterInfo, nodes: readonly CertifiedNode[]): { readonly says: string } | undefined {
  if (!info.RootRotationInProgress) return undefined;
  const left = nodes.filter(({ Description }) => Description.TLSInfo?.CertIssuerPublicKey !== info.TLSInfo?.CertIssuerPublicKey);
  const names = left.map(({ Description, Status }) => (Status.State === "ready" ? Description.Hostname : `${Description.Hostname} (${Status.State})`));
  const waitsFor = names.length === 0 ? "" : `; ${names.join(", ")} still to come`;
  return { says: `${nodes.length - left.length} of ${nodes.length} nodes have a certificate of the new root${waitsFor}` };
}
