import type Docker from "dockerode";
import type { Machine } from "./machine";

/** A host whose engine is a manager of the Swarm and sees a quorum. */
export interface SwarmManager {
  readonly machine: Machine;
  readonly docker: Docker;
  /** Swarm id of this node. */
  readonly nodeId: string;
  readonly clusterId: string;
}
