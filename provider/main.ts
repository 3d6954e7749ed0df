import type { AddressInfo } from "node:net";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { engineLog, silentLog } from "./engineLog";
import { kinds } from "./kinds";
import { ownUserOnly } from "./peers";
import { ProviderServer } from "./server";
import { visible } from "./visible";

/** The engine starts this with its own address, and reads the port from the first line of output. */
async function main(): Promise<void> {
  const engine = process.argv[2];
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  const provider = new ProviderServer(kinds, engine ? engineLog(engine) : silentLog);
  server.addService(ResourceProviderService, provider.implementation());
  console.log(await listen(server.createConnectionInjector(grpc.ServerCredentials.createInsecure())));
  endWithEngine();
}

/** Listens on the loopback address, for our own user alone. @returns the port that the system gave us */
function listen(calls: grpc.ConnectionInjector): Promise<number> {
  const strangers = new Set<number | undefined>();
  const refused = (uid: number | undefined) => {
    if (strangers.has(uid)) return; // who asks a thousand times is told of once
    strangers.add(uid);
    console.error(`refused a call to the dockyard provider from ${uid === undefined ? "somebody whom the system does not name" : `user ${uid}`} of this machine`);
  };
  const door = ownUserOnly({ admit: (socket) => calls.injectConnection(socket), refused });
  return new Promise((resolve, reject) => door.once("error", reject).listen(0, "127.0.0.1", () => resolve((door.address() as AddressInfo).port)));
}

/** An engine that was killed asks nobody to stop: without its parent this process has no purpose. */
function endWithEngine(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, 1000);
}

main().catch((error: Error) => {
  console.error(visible(error.message));
  process.exit(1);
});
