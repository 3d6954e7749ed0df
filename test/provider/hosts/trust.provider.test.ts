import { rootCertificates } from "node:tls";
import { onScratchHost, type ScratchHost, startScratchHosts, stopScratchHosts } from "../../../lab/scratch";
import { ProviderProcess } from "../support/provider";
import { connectionTo, machineIdOf } from "./laboratory";

const TRUST = "dockyard:hosts:Trust";
const ACCESS = "dockyard:registry:Access";
const LAB = "pttrust";
const REGISTRY = "registry.example:5000";
const [FIRST, SECOND] = rootCertificates as [string, string];

let host: ScratchHost;
let provider: ProviderProcess;
let machine: string;

const inputs = (certificate: string, rest: object = {}) => ({ connection: connectionTo(host), host: machine, registry: REGISTRY, certificate, ...rest });
const files = () => onScratchHost(host, `cd /etc/docker/certs.d/${REGISTRY} 2>/dev/null && cat *.crt | grep -c BEGIN || echo none`);

const settings = () => ({ privateKey: host.privateKey, timeouts: { connect: 5, engine: 1 } });
/** By a process that has made none of them: one that has does not take away what it has just made. */
async function remove(...stored: { id: string; inputs: object; outputs: object }[]): Promise<void> {
  const other = await ProviderProcess.start(settings());
  try {
    for (const { id, ...rest } of stored) await other.delete(TRUST, id, rest);
  } finally {
    other.stop();
  }
}

beforeAll(async () => {
  [host] = (await startScratchHosts({ name: LAB, subnet: 152, count: 1 })) as [ScratchHost];
  machine = await machineIdOf(host);
  provider = await ProviderProcess.start(settings());
}, 120_000);
afterAll(async () => {
  provider?.stop();
  await stopScratchHosts(LAB);
}, 60_000);

test("a second certificate is there beside the first, and each goes by itself", async () => {
  const [first, second] = [await provider.create(TRUST, inputs(FIRST)), await provider.create(TRUST, inputs(SECOND))];
  expect(first.id).not.toBe(second.id);
  expect(await files()).toBe("2\n");
  expect(await provider.create(TRUST, inputs(FIRST))).toEqual(first);
  await remove({ ...first, inputs: inputs(FIRST) });
  expect(await files()).toBe("1\n");
  await remove({ ...second, inputs: inputs(SECOND) });
  expect(await files()).toBe("none\n");
}, 60_000);

test("another certificate is made before the former one goes; another way to the host changes nothing there", async () => {
  const stored = { inputs: inputs(FIRST), outputs: { file: "/x" } };
  expect(await provider.diff(TRUST, "id", stored, inputs(SECOND))).toMatchObject({ detail: { certificate: "update!" }, deleteBeforeReplace: false });
  expect((await provider.diff(TRUST, "id", stored, inputs(FIRST, { connection: { ...connectionTo(host), port: 2222 } }))).detail).toEqual({ "connection.port": "add" });
});

test("a file that a hand changed or took away is gone, and made again", async () => {
  const { id, outputs } = await provider.create(TRUST, inputs(FIRST));
  const stored = { inputs: inputs(FIRST), outputs };
  expect(await provider.read(TRUST, id, stored)).toEqual(stored);
  await onScratchHost(host, `echo >> ${String(outputs.file)}`);
  expect(await provider.read(TRUST, id, stored)).toBeUndefined();
  await provider.create(TRUST, inputs(FIRST));
  expect(await provider.read(TRUST, id, stored)).toEqual(stored);
  // One that was replaced and has come back is two resources for one file: the former does not take it from the living.
  await provider.delete(TRUST, id, stored);
  expect(await provider.read(TRUST, id, stored)).toEqual(stored);
  await remove({ id, ...stored });
  expect(await provider.read(TRUST, id, stored)).toBeUndefined();
}, 60_000);

test("another machine at the address is left alone", async () => {
  await expect(provider.create(TRUST, inputs(FIRST, { host: "another" }))).rejects.toThrow("is another machine");
  const { id, outputs } = await provider.create(TRUST, inputs(FIRST));
  await remove({ id, inputs: inputs(FIRST, { host: "another" }), outputs });
  expect(await files()).toBe("1\n");
  await remove({ id, inputs: inputs(FIRST), outputs });
}, 60_000);

test("what is no certificate, or no registry, is refused at preview", async () => {
  expect(await provider.check(TRUST, inputs("none", { registry: "../etc" }))).toEqual([expect.stringMatching(/^registry: .*is no registry/), expect.stringMatching(/^certificate: holds no certificate/)]);
});

test("a host that does not get into the registry is named, with the engine's own words", async () => {
  const proof = provider.create(ACCESS, { registry: "127.0.0.1:1", connection: connectionTo(host), proves: { certificate: "abc" } });
  await expect(proof).rejects.toThrow(new RegExp(`waited 1 s in vain for the engine of ${host.address} to get into 127\\.0\\.0\\.1:1: .*refused.*stays trusted`));
}, 60_000);
