import { stackSwarm } from "../../cli/stackHosts";

const secret = (value: unknown) => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(value) });
const connection = (address: string) => ({ address, hostKey: "ssh-ed25519 AAAA" });
const node = (name: string, address: string, more: object = {}) => ({
  type: "dockyard:swarm:Node",
  id: `id-${name}`,
  inputs: { name, role: "manager", connection: connection(address), advertiseAddress: address, machine: "x", labels: {}, __defaults: [] },
  ...more,
});
const cluster = { type: "dockyard:swarm:Cluster", id: "c", inputs: { addressPool: ["10.128.0.0/12"], subnetSize: 24, dataPathPort: 4789, taskHistory: 5 } };
const provider = { type: "pulumi:providers:dockyard", id: "p", inputs: { privateKey: secret("KEY"), managers: "[]", timeouts: '{"connect":2}', version: "1", __internal: {} } };
const stack = (...resources: object[]) => ({ version: 3, deployment: { resources } });

test("the state tells the hosts, the Swarm's fixed settings and how to log in", () => {
  const found = stackSwarm(stack(provider, cluster, node("m1", "10.0.0.1")));
  expect(found?.hosts).toEqual([{ name: "m1", role: "manager", connection: connection("10.0.0.1"), advertiseAddress: "10.0.0.1", nodeId: "id-m1" }]);
  expect(found?.cluster).toEqual({ id: "c", addressPool: ["10.128.0.0/12"], subnetSize: 24, dataPathPort: 4789 });
  expect(found?.provider).toMatchObject({ privateKey: "KEY", timeouts: { connect: 2000, engine: 120_000 } });
});

test("the state tells whose the platform is, where it is of a version with owners", () => {
  const owner = { id: "0123456789abcdef", name: "dockyard/prod@desk" };
  const owned = { ...provider, inputs: { ...provider.inputs, owner: JSON.stringify(owner) } };
  expect([owned, provider].map((each) => stackSwarm(stack(each, cluster, node("m1", "10.0.0.1")))?.provider.owner)).toEqual([owner, undefined]);
});

test("of a node that is being replaced only the successor counts", () => {
  const found = stackSwarm(stack(provider, cluster, node("m1", "10.0.0.1", { delete: true }), node("m1", "10.0.0.9")));
  expect(found?.hosts.map(({ advertiseAddress }) => advertiseAddress)).toEqual(["10.0.0.9"]);
});

test("managers of the configuration that are not in the Swarm are known as well", () => {
  const managers = JSON.stringify([{ ...connection("10.0.0.1"), name: "m1" }, { ...connection("10.0.0.2"), name: "m2" }]);
  const found = stackSwarm(stack({ ...provider, inputs: { ...provider.inputs, managers } }, cluster, node("m1", "10.0.0.1")));
  expect(found?.hosts.map(({ name, nodeId }) => [name, nodeId])).toEqual([["m1", "id-m1"], ["m2", undefined]]);
  expect(found?.hosts[1]).toEqual({ name: "m2", role: "manager", connection: connection("10.0.0.2"), advertiseAddress: "10.0.0.2" });
});

test("a stack without a Swarm has none", () => {
  expect([stackSwarm({ deployment: {} }), stackSwarm(stack(provider)), stackSwarm(stack(cluster))]).toEqual([undefined, undefined, undefined]);
});
