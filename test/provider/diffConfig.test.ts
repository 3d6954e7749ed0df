import type * as grpc from "@grpc/grpc-js";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { ProviderServer } from "../../provider/server";
import { toWire } from "../../provider/wire";

const URN = "urn:pulumi:dev::dockyard::pulumi:providers:dockyard::dockyard";
const nodes = (...names: string[]) => JSON.stringify(names.map((name) => ({ name, role: "manager", availability: "active" })));

/** Asks for the difference of two configurations of the provider; gives the paths that differ, and what is said beside them. */
async function difference(old: object, wanted: object): Promise<{ paths: string[]; said: string[] }> {
  const said: string[] = [];
  const log = { status: () => undefined, warn: () => undefined, info: (urn: string, message: string) => void said.push(`${urn === URN ? "" : urn}${message}`) };
  const request = new rpc.DiffRequest();
  request.setUrn(URN);
  request.setOldInputs(toWire(old));
  request.setNews(toWire(wanted));
  const { diffConfig } = new ProviderServer([], log).implementation() as { diffConfig: (call: unknown, answer: grpc.sendUnaryData<rpc.DiffResponse>) => void };
  const response = await new Promise<rpc.DiffResponse>((resolve, reject) => diffConfig({ request }, (error, value) => (error ? reject(error as Error) : resolve(value!))));
  return { paths: response.getDiffsList(), said };
}

test("a change of the nodes is no difference of the provider, but its steps are told", async () => {
  const { paths, said } = await difference({ managers: "[]", nodes: nodes("m1") }, { managers: "[]", nodes: nodes("m1", "m2", "m3") });
  expect(paths).toEqual([]);
  expect(said).toEqual([expect.stringMatching(/^2 steps of the nodes, in this order:\n {2}1\. join m2 as a manager: .*1 of 1 → 2 of 2/)]);
});

test("everything else is one, and a provider that knows of no nodes tells none", async () => {
  expect(await difference({ managers: "[]" }, { managers: "[1]", nodes: nodes("m1") })).toEqual({ paths: ["managers"], said: [] });
});
