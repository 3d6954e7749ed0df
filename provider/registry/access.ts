import * as z from "zod";
import { Connection } from "../remote/connection";
import type { Operation, ResourceKind } from "../resource";
import { waitUntil } from "../swarm/node/api";
import { registryAnswer } from "./login";

const Inputs = z.strictObject({
  registry: z.string().min(1).describe('The registry, "registry.example:5000".'),
  connection: Connection.describe("How the host is reached over SSH."),
  proves: z.record(z.string(), z.string()).describe("What the proof is about, such as the certificate that the registry shows. Another value asks for another proof."),
});
type Inputs = z.infer<typeof Inputs>;

const Outputs = z.strictObject({});

/** The proof that a host's engine gets into the registry as it is now. Whatever made it possible before may go after it. */
export const accessKind: ResourceKind<Inputs, z.infer<typeof Outputs>> = {
  type: "dockyard:registry:Access",
  description: "Proves that a host's engine logs in at a registry with the certificate it shows. Asked for anew when anything about that changes; has nothing to undo.",
  inputs: Inputs,
  outputs: Outputs,
  create: async (op, inputs) => {
    await prove(op, inputs);
    return { id: `${inputs.connection.address} ${inputs.registry}`, outputs: {} };
  },
  read: async (_op, _id, stored) => stored,
  update: async (op, _id, _old, wanted) => {
    await prove(op, wanted);
    return { outputs: {} };
  },
  delete: async () => undefined,
};

/** @throws Error with the engine's last word when it does not get in within the time for engines */
async function prove(op: Operation, { registry, connection }: Inputs): Promise<void> {
  const { docker, address } = await op.machine(connection);
  const login = op.registryAuth(`${registry}/any`);
  let last = "";
  const observe = async () => {
    const answer = await registryAnswer(docker, registry, login);
    if (!answer.welcome && answer.says !== last) op.status(`not let into ${registry} yet: ${answer.says}`);
    last = answer.says;
    return answer;
  };
  await waitUntil(`the engine of ${address} to get into ${registry}`, observe, ({ welcome }) => welcome, { timeout: op.timeouts.engine, signal: op.signal }).catch((error: Error) => {
    throw op.signal.aborted ? error : new Error(`${error.message}: ${last}. Whatever it trusted before stays trusted; correct that and run this again`, { cause: error });
  });
}
