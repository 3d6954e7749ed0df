import type { SwarmNode } from "../../../provider/swarm/node/membership";

/** A ready node as a manager lists it; with a reachability, a manager. */
export const node = (ID: string, Reachability?: "reachable" | "unreachable", EngineVersion = "28.2.2"): SwarmNode => ({
  ID,
  Version: { Index: 1 },
  Spec: { Role: Reachability ? "manager" : "worker", Availability: "active" },
  Description: { Hostname: `host-${ID}`, Engine: { EngineVersion } },
  Status: { State: "ready", Addr: "" },
  ...(Reachability && { ManagerStatus: { Reachability, Addr: "" } }),
});

/** The manager that leads. */
export const leading = (ID: string): SwarmNode => ({ ...node(ID, "reachable"), ManagerStatus: { Leader: true, Reachability: "reachable", Addr: "" } });
