import type * as grpc from "@grpc/grpc-js";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { imageKind } from "../../provider/registry/image";
import { ProviderServer } from "../../provider/server";
import { silentLog } from "../../provider/engineLog";
import { fromWire, toWire, UNKNOWN } from "../../provider/wire";

const URN = "urn:pulumi:dev::dockyard::dockyard:registry:Image::web";
const inputs = { source: { archive: "web.tar" }, content: "0123456789ab", repository: "web", registry: "r:5000", login: "a" };
type Verb = (call: { request: unknown }, answer: grpc.sendUnaryData<{ getProperties(): never }>) => void;

async function previewed(verb: "create" | "update", request: rpc.CreateRequest | rpc.UpdateRequest): Promise<Record<string, unknown>> {
  request.setUrn(URN);
  request.setPreview(true);
  const calls = new ProviderServer([imageKind] as never, silentLog).implementation() as unknown as Record<string, Verb>;
  return new Promise((resolve, reject) => calls[verb]!({ request }, (error, value) => (error ? reject(error as Error) : resolve(fromWire(value!.getProperties())))));
}

describe("a preview tells outputs that repeat an input as they will be", () => {
  test("of what is made: all others are unknown", async () => {
    const request = new rpc.CreateRequest();
    request.setProperties(toWire(inputs));
    expect(await previewed("create", request)).toEqual({ reference: UNKNOWN, login: "a" });
  });

  test.each([["b"], [UNKNOWN]])("of what is changed to %s: all others stay", async (login) => {
    const request = new rpc.UpdateRequest();
    request.setOldInputs(toWire(inputs));
    request.setOlds(toWire({ reference: "r:5000/web@sha256:1", login: "a" }));
    request.setNews(toWire({ ...inputs, login }));
    expect(await previewed("update", request)).toEqual({ reference: "r:5000/web@sha256:1", login });
  });
});
