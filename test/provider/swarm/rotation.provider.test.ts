import { onScratchHost, type ScratchHost, startScratchHosts, stopScratchHosts } from "../../../lab/scratch";
import type { Connection } from "../../../provider/remote/connection";
import { ProviderProcess } from "../support/provider";

/** The credentials of a real Swarm: rotated once each, and managers that wait for their key. */

const LAB = "ptrotation";
const CLUSTER = "dockyard:swarm:Cluster";
const NODE = "dockyard:swarm:Node";

const FIRST = { ca: 1, joinTokens: 1, unlockKey: 1 };

let hosts: ScratchHost[];
let provider: ProviderProcess;
let id: string;
let outputs: Record<string, unknown>;

const connection = (host: ScratchHost): Connection => ({ address: host.address, hostKey: host.hostKey });
const settings = (rest: object = {}) => ({ privateKey: hosts[0]!.privateKey, managers: hosts.map(connection), timeouts: { connect: 5, ...rest } });
const inputs = (change: object = {}) => ({
  init: { connection: connection(hosts[0]!), advertiseAddress: hosts[0]!.address },
  addressPool: ["10.140.0.0/16"],
  subnetSize: 24,
  dataPathPort: 4789,
  taskHistory: 3,
  certificateExpiry: "2160h",
  autolock: false,
  rotation: FIRST,
  ...change,
});
const rotated = (change: object) => ({ rotation: { ...FIRST, ...change } });
const on = (index: number, command: string) => onScratchHost(hosts[index]!, command);
const swarm = async () => JSON.parse(await on(0, "docker system info --format '{{json .Swarm.Cluster}}'")) as { Spec: { Labels: Record<string, string>; CAConfig: { ForceRotate?: number } }; TLSInfo: { TrustRoot: string } };
const tokens = async () => [await on(0, "docker swarm join-token -q manager"), await on(0, "docker swarm join-token -q worker")];
const state = async (index: number) => (await on(index, "docker info --format '{{.Swarm.LocalNodeState}}'")).trim();
const update = async (from: object, to: object) => {
  outputs = await provider.update(CLUSTER, id, { inputs: inputs(from), outputs }, inputs(to));
  return outputs;
};

beforeAll(async () => {
  hosts = await startScratchHosts({ name: LAB, subnet: 150, count: 2 });
  provider = await ProviderProcess.start(settings());
  ({ id, outputs } = await provider.create(CLUSTER, inputs()));
  for (const [index, host] of hosts.entries()) {
    await provider.create(NODE, { cluster: id, connection: connection(host), name: host.name, machine: `machine-${index}`, advertiseAddress: host.address, role: "manager", availability: "active", labels: {} });
  }
}, 180_000);
afterAll(async () => {
  provider?.stop();
  await stopScratchHosts(LAB);
}, 60_000);

test("a Swarm has nothing of its own to rotate when it is new, and no key", async () => {
  expect(outputs).toEqual({ createdAt: expect.any(String) });
  expect((await swarm()).Spec.Labels).toEqual({});
  const stored = { inputs: inputs(), outputs };
  expect(await provider.read(CLUSTER, id, stored)).toEqual(stored);
}, 60_000);

test("another CA: every node has a certificate of it when the update is done, and a repeat rotates nothing", async () => {
  const [before, oldTokens] = [await swarm(), await tokens()];
  await update({}, rotated({ ca: 2 }));
  const after = await swarm();
  expect(after.TLSInfo.TrustRoot).not.toBe(before.TLSInfo.TrustRoot);
  expect(after.Spec.CAConfig.ForceRotate).toBe(1);
  expect(after.Spec.Labels["dockyard.rotation.ca"]).toMatch(/^2 2\d{3}-/);
  for (const index of hosts.keys()) {
    expect(await on(index, "openssl verify -CAfile /var/lib/docker/swarm/certificates/swarm-root-ca.crt /var/lib/docker/swarm/certificates/swarm-node.crt")).toContain("OK");
  }
  const [manager] = await tokens();
  expect(manager).not.toBe(oldTokens[0]);
  // As after a kill: the state has still the old count.
  await update({}, rotated({ ca: 2 }));
  expect((await swarm()).Spec.CAConfig.ForceRotate).toBe(1);
}, 180_000);

test("other tokens, and the CA stays", async () => {
  const [before, oldTokens] = [await swarm(), await tokens()];
  await update(rotated({ ca: 2 }), rotated({ ca: 2, joinTokens: 5 }));
  const newTokens = await tokens();
  expect(newTokens[0]).not.toBe(oldTokens[0]);
  expect(newTokens[1]).not.toBe(oldTokens[1]);
  expect((await swarm()).TLSInfo).toEqual(before.TLSInfo);
  const seen = await provider.read(CLUSTER, id, { inputs: inputs(rotated({ ca: 2, joinTokens: 4 })), outputs });
  expect(seen!.inputs).toEqual(inputs(rotated({ ca: 2, joinTokens: 5 })));
}, 60_000);

test("a count that goes back is refused at preview", async () => {
  await expect(provider.diff(CLUSTER, id, { inputs: inputs(rotated({ ca: 2 })), outputs }, inputs())).rejects.toThrow("rotation.ca of the Swarm is 2 and cannot become 1");
});

describe("locked managers", () => {
  const now = { ...rotated({ ca: 2, joinTokens: 5 }), autolock: true };
  const diff = () => provider.diff(CLUSTER, id, { inputs: inputs(now), outputs }, inputs(now));
  const restart = (index: number) => on(index, "systemctl reset-failed docker; systemctl restart docker; docker info >/dev/null");

  test("have a key that the state keeps", async () => {
    await update(rotated({ ca: 2, joinTokens: 5 }), now);
    expect(outputs.unlockKey).toBe((await on(0, "docker swarm unlock-key -q")).trim());
    expect((await diff()).changes).toBe(false);
  }, 60_000);

  test("show after a restart of all engines in a plain diff, and are unlocked by the update", async () => {
    await Promise.all(hosts.map((_, index) => restart(index)));
    expect([await state(0), await state(1)]).toEqual(["locked", "locked"]);
    const fresh = await ProviderProcess.start(settings());
    try {
      expect((await fresh.diff(CLUSTER, id, { inputs: inputs(now), outputs }, inputs(now))).detail).toEqual({ locked: "update" });
      expect(await fresh.update(CLUSTER, id, { inputs: inputs(now), outputs }, inputs(now))).toEqual(outputs);
      expect((await fresh.diff(CLUSTER, id, { inputs: inputs(now), outputs }, inputs(now))).changes).toBe(false);
    } finally {
      fresh.stop();
    }
    expect([await state(0), await state(1)]).toEqual(["active", "active"]);
  }, 120_000);

  test("are unlocked by a refresh when there is nobody else to ask", async () => {
    await Promise.all(hosts.map((_, index) => restart(index)));
    const fresh = await ProviderProcess.start(settings());
    try {
      expect(await fresh.read(CLUSTER, id, { inputs: inputs(now), outputs })).toEqual({ inputs: inputs(now), outputs });
    } finally {
      fresh.stop();
    }
    expect([await state(0), await state(1)]).toEqual(["active", "active"]);
  }, 120_000);

  test("get another key, and the former one is kept for one that was off meanwhile", async () => {
    const former = outputs.unlockKey;
    await update(now, { ...rotated({ ca: 2, joinTokens: 5, unlockKey: 2 }), autolock: true });
    expect(outputs.unlockKey).toBe((await on(0, "docker swarm unlock-key -q")).trim());
    expect(outputs.unlockKey).not.toBe(former);
    expect(outputs.formerUnlockKey).toBe(former);
  }, 60_000);

  test("are told about when no key opens them, and no key is said", async () => {
    await restart(1);
    const wrong = { ...outputs, unlockKey: "SWMKEY-1-WuYH/IX284+lRcXuoVf38viIDK3HJEKY13MIHX+tTt8", formerUnlockKey: undefined };
    const failed = provider.update(CLUSTER, id, { inputs: inputs(now), outputs: wrong }, inputs(now));
    await expect(failed).rejects.toThrow("the key in the stack's state does not open it");
    await expect(failed).rejects.not.toThrow("SWMKEY");
    await update(now, { ...now, ...rotated({ ca: 2, joinTokens: 5, unlockKey: 2 }) });
    expect(await state(1)).toBe("active");
  }, 120_000);

  test("are unlocked at once where it is us who restart the engine", async () => {
    const machine = (await on(1, "cat /etc/machine-id")).trim();
    const started = () => on(1, "systemctl show docker -p ExecMainStartTimestampMonotonic");
    const before = await started();
    await provider.create("dockyard:hosts:Engine", { connection: connection(hosts[1]!), host: machine, daemon: { "log-driver": "local" } });
    expect(await started()).not.toBe(before);
    expect(await state(1)).toBe("active");
  }, 120_000);

  test("need none any more when that is taken back", async () => {
    await update(now, rotated({ ca: 2, joinTokens: 5, unlockKey: 2 }));
    expect(outputs.unlockKey).toBeUndefined();
    await restart(1);
    expect(await state(1)).not.toBe("locked");
  }, 120_000);
});
