import { isDeepStrictEqual } from "node:util";
import type Docker from "dockerode";
import { type Operation, Refused } from "../../resource";
import { markOwner } from "../owner/marker";
import { notOwned, ownerIn, ownerText } from "../owner/owner";
import { unlockKeyOf } from "./autolock";
import type { ClusterInputs, ClusterOutputs, StoredCluster } from "./cluster";
import { type ClusterInfo, inspectCluster } from "./clusterInfo";
import { awaitRootRotation } from "./rootRotation";
import { type ClusterUpdate, NEVER_ROTATED, rotate } from "./rotation";
import { settings } from "./spec";

/** Another hand changed the Swarm between our look and our update; look again this many times. */
const ATTEMPTS = 6;

/**
 * Brings the Swarm to the inputs. The unlock key comes last: once it has changed, nothing stands between that and keeping it.
 * @param old what was there before, for an update
 */
export async function settle(op: Operation, docker: Docker, inputs: ClusterInputs, old: StoredCluster | undefined): Promise<{ id: string; outputs: ClusterOutputs }> {
  const wanted = inputs.rotation ?? NEVER_ROTATED;
  await send(docker, (info) => {
    tellOfTakeOver(op, info);
    return rotate(["ca", "joinTokens"], settings(inputs, info.Spec), wanted, new Date());
  });
  if (wanted.ca !== (old?.inputs.rotation ?? NEVER_ROTATED).ca) await awaitRootRotation(op, docker);

  await markManagers(op, inputs);

  const before = await unlockKeyOf(docker);
  const info = await send(docker, ({ Spec }) => rotate(["unlockKey"], { ...Spec, EncryptionConfig: { ...Spec.EncryptionConfig, AutoLockManagers: inputs.autolock ?? false } }, wanted, new Date()));
  const unlockKey = await unlockKeyOf(docker);
  const former = [before, ...keysIn(old?.outputs)].find((key) => key !== undefined && key !== unlockKey);
  return { id: info.ID, outputs: { createdAt: info.CreatedAt, ...(unlockKey !== undefined && { unlockKey, ...(former !== undefined && { formerUnlockKey: former }) }) } };
}

/** Those that answer; one that joins is marked as a node. */
async function markManagers(op: Operation, { owner }: ClusterInputs): Promise<void> {
  const machines = await Promise.all(op.managers.map((connection) => op.machine(connection).catch(() => undefined)));
  await Promise.all(machines.map((machine) => machine && markOwner(op, machine, owner)));
}

/** @throws Refused when the Swarm is somebody else's, who is not taken over either; asked with every look, as another one may have come in between */
function tellOfTakeOver(op: Operation, { ID, Spec }: ClusterInfo): void {
  const refusal = notOwned(`the Swarm ${ID}`, { id: ID, labels: Spec.Labels }, op, true);
  if (refusal !== undefined) throw new Refused(refusal);
  const former = ownerIn(Spec.Labels);
  if (former && former.id !== op.owner?.id) op.warn(`the Swarm ${ID} belonged to the platform of ${ownerText(former)}, whose state is locked out of it from now on`);
}

/** Updates the Swarm where that changes anything, once more when another hand was faster. */
async function send(docker: Docker, change: (info: ClusterInfo) => ClusterUpdate): Promise<ClusterInfo> {
  for (let attempt = 1; ; attempt++) {
    const info = await inspectCluster(docker);
    const { spec, query } = change(info);
    if (isDeepStrictEqual(spec, info.Spec)) return info;
    try {
      await docker.swarmUpdate({ _query: { version: info.Version.Index, ...query }, _body: spec });
      return await inspectCluster(docker);
    } catch (error) {
      if (attempt === ATTEMPTS || !/update out of sequence/i.test((error as Error).message)) throw error;
    }
  }
}

/** The keys that may unlock a manager, the newest first. */
export function keysIn(outputs: ClusterOutputs | undefined): string[] {
  return [outputs?.unlockKey, outputs?.formerUnlockKey].flatMap((key) => key ?? []);
}
