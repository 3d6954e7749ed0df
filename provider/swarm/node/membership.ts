/** The lock that every change of the cluster's membership takes: raft changes one member at a time. */
export const membership = "swarm membership";

/** Label that ties a node to the machine it runs on; ours alone, never part of a node's configured labels. */
export const MACHINE_LABEL = "dockyard.machine";

/** Label with the availability that a node gets back when its engine has restarted. */
export const RETURN_LABEL = "dockyard.returns";

/** What a manager lists of a node; the parts of the Docker API's Node that matter here. */
export interface SwarmNode {
  ID: string;
  Version: { Index: number };
  Spec: { Name?: string; Role: "manager" | "worker"; Availability: "active" | "pause" | "drain"; Labels?: Record<string, string> };
  Description: { Hostname: string; Engine?: { EngineVersion?: string } };
  Status: { State: "unknown" | "down" | "ready" | "disconnected"; Message?: string; Addr: string };
  ManagerStatus?: { Leader?: boolean; Reachability: "unknown" | "unreachable" | "reachable"; Addr: string };
}
