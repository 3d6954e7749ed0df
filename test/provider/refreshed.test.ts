import type * as grpc from "@grpc/grpc-js";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { silentLog } from "../../provider/engineLog";
import { ProviderServer } from "../../provider/server";
import { clusterKind } from "../../provider/swarm/cluster/cluster";
import { toWire } from "../../provider/wire";

const URN = "urn:pulumi:dev::dockyard::dockyard:swarm:Cluster::swarm-cluster";
const cluster = (ca: number) => ({
  connection: { address: "10.0.0.11", hostKey: "ssh-ed25519 AAAA" },
  ...{ advertiseAddress: "10.0.0.11", addressPool: ["10.128.0.0/12"], subnetSize: 24, dataPathPort: 4789, taskHistory: 5, certificateExpiry: "2160h", autolock: false },
  rotation: { ca, joinTokens: 1, unlockKey: 1 },
});
type Verb = (call: { request: unknown }, answer: grpc.sendUnaryData<rpc.DiffResponse>) => void;

const calls = (server: ProviderServer) => server.implementation() as unknown as Record<string, Verb>;
const ask = (server: ProviderServer, verb: "check" | "diff", request: object) =>
  new Promise<rpc.DiffResponse>((resolve, reject) => calls(server)[verb]!({ request }, (error, value) => (error ? reject(error as Error) : resolve(value!))));

function diffOf(found: object, known: object): rpc.DiffRequest {
  const request = new rpc.DiffRequest();
  request.setUrn(URN);
  request.setId("c");
  request.setOldInputs(toWire(found));
  request.setNews(toWire(known));
  return request;
}

describe("a Swarm whose CA was rotated by a run that was killed before the state knew it", () => {
  const server = () => new ProviderServer([clusterKind] as never, silentLog);

  test("is refreshed: what the state knew is no wish to go back", async () => {
    const response = await ask(server(), "diff", diffOf(cluster(3), cluster(2)));
    const paths: string[] = [];
    response.getDetaileddiffMap().forEach((_: rpc.PropertyDiff, path: string) => paths.push(path));
    expect(paths).toEqual(["rotation.ca"]);
  });

  test("is not rotated back where a program asks for that", async () => {
    const asked = server();
    const check = new rpc.CheckRequest();
    check.setUrn(URN);
    check.setNews(toWire(cluster(2)));
    await ask(asked, "check", check);
    await expect(ask(asked, "diff", diffOf(cluster(3), cluster(2)))).rejects.toMatchObject({ details: expect.stringContaining("rotation.ca of the Swarm is 3 and cannot become 2") });
  });
});
