import { contentName } from "../../../components/contentName";
import type { Operation } from "../../../provider/resource";
import { configKind } from "../../../provider/swarm/config";
import { fingerprint } from "../../../provider/swarm/fingerprint";
import type { LiveFile } from "../../../provider/swarm/fileKind";
import { networkKind } from "../../../provider/swarm/network";
import type { LiveNetwork, NetworkInputs } from "../../../provider/swarm/networkSpec";
import { secretKind } from "../../../provider/swarm/secret";
import { assertAdoptable } from "../../../provider/swarm/service/adopt";
import type { LiveService } from "../../../provider/swarm/service/engineApi";
import type { ServiceInputs } from "../../../provider/swarm/service/inputs";
import { serviceKind } from "../../../provider/swarm/service/service";
import { toSpec } from "../../../provider/swarm/service/spec";

const STACK = { "com.docker.stack.namespace": "shop" };
const taken = () => Promise.reject(Object.assign(new Error("exists"), { statusCode: 409 }));

/** A cluster in which names are taken by what is listed. */
function swarmWith({ files = [], networks = [], services = [] }: { files?: LiveFile[]; networks?: LiveNetwork[]; services?: LiveService[] }) {
  const warnings: string[] = [];
  const list = (things: unknown[]) => () => Promise.resolve(things);
  const handle = () => ({ update: () => Promise.resolve({}) });
  const docker = {
    listSecrets: list(files), listConfigs: list(files), listNetworks: list(networks), listServices: list(services),
    createSecret: taken, createConfig: taken, createNetwork: taken, createService: taken, getSecret: handle, getConfig: handle,
  };
  const op = { signal: new AbortController().signal, warn: (line: string) => void warnings.push(line), status: () => undefined, forget: () => undefined, shared: (_key: string, make: () => unknown) => make(), manager: async () => ({ clusterId: "c", docker, machine: { address: "m1" } }) };
  return { op: op as unknown as Operation, warnings };
}

const DATA = "password";
const file = { cluster: "c", name: contentName("shop_key", DATA), data: DATA, labels: STACK };
const liveFile = (data: string, labels: Record<string, string> = STACK): LiveFile => ({ ID: "theirs", Version: { Index: 1 }, Spec: { Name: file.name, Labels: labels, Data: Buffer.from(data).toString("base64") } });

describe("a config that is found by its name", () => {
  test("is taken with the very same data", async () => expect(await configKind.create(swarmWith({ files: [liveFile(DATA)] }).op, file)).toEqual({ id: "theirs", outputs: {} }));

  test.each<[string, string]>([
    ["other data", "evil"],
    ["a byte more", `${DATA}\n`],
    ["a byte less", DATA.slice(1)],
    ["nothing", ""],
    ["the same letters in another case", DATA.toUpperCase()],
    ["its data in base64 once more", Buffer.from(DATA).toString("base64")],
  ])("is refused with %s, though name and labels are ours", async (_what, data) =>
    expect(configKind.create(swarmWith({ files: [liveFile(data)] }).op, file)).rejects.toThrow("holds other data"));
});

describe("a secret that is found by its name", () => {
  const held = async (labels: Record<string, string>) => secretKind.create(swarmWith({ files: [liveFile("", { ...STACK, ...labels })] }).op, file);

  test("is taken with a fingerprint of the same data", async () => expect(await held({ "dockyard.fingerprint": await fingerprint(Buffer.from(DATA)) })).toEqual({ id: "theirs", outputs: {} }));

  test.each<[string, (ours: string) => Promise<Record<string, string>>]>([
    ["no fingerprint", async () => ({})],
    ["the fingerprint of other data", async () => ({ "dockyard.fingerprint": await fingerprint(Buffer.from("evil")) })],
    ["a fingerprint cut short", async (ours) => ({ "dockyard.fingerprint": ours.slice(0, -6) })],
    ["a fingerprint without its hash", async (ours) => ({ "dockyard.fingerprint": ours.slice(0, ours.lastIndexOf(":") + 1) })],
    ["a fingerprint of another kind", async (ours) => ({ "dockyard.fingerprint": ours.replace("scrypt", "sha256") })],
    ["a fingerprint under another label", async (ours) => ({ "Dockyard.Fingerprint": ours })],
  ])("is refused with %s, though name and labels are ours", async (_what, labels) => expect(held(await labels(await fingerprint(Buffer.from(DATA))))).rejects.toThrow("holds other data"));
});

describe("a network that is found by its name", () => {
  const inputs: NetworkInputs = { cluster: "c", name: "shop", encrypted: true, labels: STACK };
  const live: LiveNetwork = { Id: "theirs", Name: "shop", Scope: "swarm", Driver: "overlay", EnableIPv6: false, IPAM: { Config: [{ Subnet: "10.0.1.0/24", Gateway: "10.0.1.1" }] }, Internal: false, Attachable: false, Options: { encrypted: "" }, Labels: STACK };

  test("is taken where it is what is asked for", async () => expect((await networkKind.create(swarmWith({ networks: [live] }).op, inputs)).id).toBe("theirs"));

  test.each<[string, Partial<LiveNetwork>]>([
    ["that is not encrypted", { Options: {} }],
    ["that containers of any host may join", { Attachable: true }],
    ["with no way out", { Internal: true }],
    ["with another owner's label", { Labels: { "com.docker.stack.namespace": "other" } }],
    ["without a label", { Labels: {} }],
    ["with a label more", { Labels: { ...STACK, more: "1" } }],
    ["of another size of packet", { Options: { encrypted: "", "com.docker.network.driver.mtu": "576" } }],
  ])("is refused as one %s", async (_what, different) => expect(networkKind.create(swarmWith({ networks: [{ ...live, ...different }] }).op, inputs)).rejects.toThrow(/differs in .* choose another name/));
});

describe("a service that is found by its name", () => {
  const inputs: ServiceInputs = { cluster: "c", name: "web", image: "r:5000/web@sha256:1", labels: STACK };
  const live = (different: Partial<ServiceInputs>): LiveService => ({ ID: "theirs", Version: { Index: 1 }, Spec: toSpec({ ...inputs, ...different }) });

  test.each<[string, Partial<ServiceInputs>]>([
    ["another image and no label", { image: "evil", labels: {} }],
    ["our image by a tag, and no label", { image: "r:5000/web:content-1", labels: {} }],
    ["another owner's label", { labels: { "com.docker.stack.namespace": "other" } }],
    ["one label more than a foreign one", { labels: { "com.docker.stack.namespace": "shop2", more: "1" } }],
  ])("is refused with %s", (_what, different) => expect(() => assertAdoptable(live(different), inputs)).toThrow("exists already"));
});

describe("another of the same name instead of the one that is known is told with both ids, and is not the one", () => {
  test.each(["secret", "config"] as const)("%s", async (what) => {
    const { op, warnings } = swarmWith({ files: [liveFile(DATA)] });
    const kind = what === "secret" ? secretKind : configKind;
    expect(await kind.read(op, "ours", { inputs: file, outputs: {} })).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(new RegExp(`the ${what} "${file.name}" that is known, ours, is gone, and another of that name is there, theirs`))]);
  });

  test("one that is said to exist already", async () => {
    const { op, warnings } = swarmWith({ files: [liveFile(DATA)] });
    expect(await secretKind.read(op, "ours", { inputs: { cluster: "c", name: file.name, external: true }, outputs: {} })).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining("theirs")]);
  });

  test("network", async () => {
    const { op, warnings } = swarmWith({ networks: [{ Id: "theirs", Name: "shop", Scope: "swarm", Driver: "overlay" } as LiveNetwork] });
    expect(await networkKind.read(op, "ours", { inputs: { cluster: "c", name: "shop" }, outputs: { actualSubnet: "" } })).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/network "shop" that is known, ours, is gone, .* theirs/)]);
  });

  test("service", async () => {
    const inputs: ServiceInputs = { cluster: "c", name: "web", image: "i@sha256:1" };
    const { op, warnings } = swarmWith({ services: [{ ID: "theirs", Version: { Index: 1 }, Spec: toSpec(inputs) }] });
    expect(await serviceKind.read(op, "ours", { inputs, outputs: {} })).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/service "web" that is known, ours, is gone, .* theirs/)]);
  });

  test("one that is gone without another is no news", async () => {
    const { op, warnings } = swarmWith({});
    expect(await configKind.read(op, "ours", { inputs: file, outputs: {} })).toBeUndefined();
    expect(warnings).toEqual([]);
  });
});
