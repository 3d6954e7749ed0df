import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { engineLog, silentLog } from "./engineLog";
import { kinds } from "./kinds";
import { ProviderServer } from "./server";

/** The engine starts this with its own address, and reads the port from the first line of output. */
async function main(): Promise<void> {
  const engine = process.argv[2];
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  const provider = new ProviderServer(kinds, engine ? engineLog(engine) : silentLog);
  server.addService(ResourceProviderService, provider.implementation());
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  console.log(port);
  endWithEngine();
}

/** An engine that was killed asks nobody to stop: without its parent this process has no purpose. */
function endWithEngine(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, 1000);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
