import type { SwarmManager } from "../remote/manager";
import type { Operation } from "../resource";

/**
 * A manager of that very cluster.
 * @throws Error when the provider's managers belong to another one: their hosts were rebuilt, or the configuration mixes platforms
 */
export async function managerOf(op: Operation, cluster: string): Promise<SwarmManager> {
  const manager = await op.manager();
  if (manager.clusterId === cluster) return manager;
  throw new OtherCluster(`${manager.machine.address} manages the cluster ${manager.clusterId}, not ${cluster}; check the provider's managers, and refresh if the cluster was made anew`);
}

/** The managers that answer know nothing about the cluster in question. */
export class OtherCluster extends Error {
  override readonly name = "OtherCluster";
}
