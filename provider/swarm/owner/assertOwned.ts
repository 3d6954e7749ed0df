import type Docker from "dockerode";
import { Refused } from "../../resource";
import { inspectCluster } from "../cluster/clusterInfo";
import { type Claimant, notOwned } from "./owner";

/**
 * Sees to it that a change of the platform is its owner's.
 * @param docker the engine of one of its managers
 * @throws Refused when it is somebody else's by now. One without an owner passes: who changes it knows it, or was refused at its hosts
 */
export async function assertOwned(docker: Docker, who: Claimant): Promise<void> {
  const { ID, Spec } = await inspectCluster(docker);
  const refusal = notOwned(`the Swarm ${ID}`, { id: ID, labels: Spec.Labels }, who, true);
  if (refusal !== undefined) throw new Refused(refusal);
}
