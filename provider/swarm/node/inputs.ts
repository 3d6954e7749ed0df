import * as z from "zod";
import { Connection } from "../../remote/connection";

export const NodeInputs = z.strictObject({
  /** Id of the cluster (output of Cluster). */
  cluster: z.string(),
  connection: Connection,
  /** The host's name, which Swarm shows. */
  name: z.string().min(1),
  /** machine-id of the host (id of Host): another machine at the same address is another node. */
  machine: z.string(),
  /** Address that the other nodes reach it at. Fixed for a manager. */
  advertiseAddress: z.string().min(1),
  role: z.enum(["manager", "worker"]),
  /** "drain" moves its tasks elsewhere and gives it no new ones; "pause" gives it no new ones. */
  availability: z.enum(["active", "pause", "drain"]),
  /** Labels that placement constraints see as node.labels.NAME. */
  labels: z.record(z.string(), z.string()),
});
export type NodeInputs = z.infer<typeof NodeInputs>;
