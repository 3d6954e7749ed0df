import { ownerIn, ownerLabels } from "../owner/owner";
import { parseDuration } from "../service/duration";
import type { ClusterInputs } from "./cluster";
import type { ClusterInfo, ClusterSpec } from "./clusterInfo";
import { rotationDone } from "./rotation";

/** The spec with our settings in it and everything else left as it is. */
export function settings(inputs: ClusterInputs, spec: ClusterSpec): ClusterSpec {
  return {
    Name: "default",
    Labels: {},
    ...spec,
    ...(inputs.owner && { Labels: { ...spec.Labels, ...ownerLabels(inputs.owner) } }),
    Orchestration: { ...spec.Orchestration, TaskHistoryRetentionLimit: inputs.taskHistory },
    CAConfig: { ...spec.CAConfig, NodeCertExpiry: parseDuration(inputs.certificateExpiry) },
  };
}

/** The inputs as they would have to be written to describe what is there. */
export function observed(inputs: ClusterInputs, info: ClusterInfo): ClusterInputs {
  const expiry = info.Spec.CAConfig?.NodeCertExpiry ?? 0;
  const autolock = info.Spec.EncryptionConfig?.AutoLockManagers ?? false;
  const { owner: _, ...rest } = inputs;
  const owner = inputs.owner && ownerIn(info.Spec.Labels);
  return {
    ...rest,
    ...(owner && { owner }),
    addressPool: sameList(inputs.addressPool, info.DefaultAddrPool) ? inputs.addressPool : info.DefaultAddrPool,
    subnetSize: info.SubnetSize,
    dataPathPort: info.DataPathPort,
    taskHistory: info.Spec.Orchestration?.TaskHistoryRetentionLimit ?? 5,
    certificateExpiry: expiry === parseDuration(inputs.certificateExpiry) ? inputs.certificateExpiry : `${expiry / 1e9}s`,
    ...((inputs.autolock !== undefined || autolock) && { autolock }),
    ...(inputs.rotation !== undefined && { rotation: rotationDone(info.Spec.Labels) }),
  };
}

/** Whether two lists hold the same, in whatever order. */
function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && [...a].sort().join() === [...b].sort().join();
}
