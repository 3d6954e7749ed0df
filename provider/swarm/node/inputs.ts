import * as z from "zod";
import { Connection } from "../../remote/connection";

export const NodeInputs = z.strictObject({
  cluster: z.string().describe("Id of the cluster (output of Cluster)."),
  connection: Connection.describe("How the host is reached over SSH."),
  name: z.string().min(1).describe("The host's name, which Swarm shows."),
  machine: z.string().describe("machine-id of the host (id of Host): another machine at the same address is another node."),
  advertiseAddress: z.string().min(1).describe("Address that the other nodes reach it at. Fixed for a manager."),
  role: z.enum(["manager", "worker"]).describe("Managers keep the Swarm's state: of 3 one may fail, of 5 two."),
  availability: z.enum(["active", "pause", "drain"]).describe('"drain" moves its tasks elsewhere and gives it no new ones; "pause" gives it no new ones.'),
  labels: z.record(z.string(), z.string()).describe("Labels that placement constraints see as node.labels.NAME."),
});
export type NodeInputs = z.infer<typeof NodeInputs>;
