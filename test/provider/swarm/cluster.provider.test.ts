import { onScratchHost, type ScratchHost, startScratchHosts, stopScratchHosts } from "../../../lab/scratch";
import type { Connection } from "../../../provider/remote/connection";
import { connectionTo, ENGINE, HOST, hostInputs, machineIdOf } from "../hosts/laboratory";
import { ProviderProcess } from "../support/provider";

const LAB = "ptcluster";
const CLUSTER = "dockyard:swarm:Cluster";
const NODE = "dockyard:swarm:Node";

let hosts: ScratchHost[];
let provider: ProviderProcess;
let clusterId: string;
const nodes = new Map<string, { id: string; inputs: Record<string, unknown> }>();

const connection = (host: ScratchHost): Connection => ({ address: host.address, hostKey: host.hostKey });
const FIRST = { id: "0123456789abcdef", name: "dockyard/prod@desk" };
const SECOND = { id: "fedcba9876543210", name: "dockyard/prod@laptop" };
const unowned = () => ({ privateKey: hosts[0]!.privateKey, managers: hosts.slice(0, 2).map(connection), timeouts: { connect: 5 } });
const settings = (owner = FIRST) => ({ ...unowned(), owner });
const unownedInputs = () => ({
  init: { connection: connection(hosts[0]!), advertiseAddress: hosts[0]!.address },
  addressPool: ["10.140.0.0/16"],
  subnetSize: 24,
  dataPathPort: 4789,
  taskHistory: 3,
  certificateExpiry: "2160h",
});
const clusterInputs = (owner = FIRST) => ({ ...unownedInputs(), owner });
const nodeInputs = (index: number, more: object = {}) => ({
  cluster: clusterId,
  connection: connection(hosts[index]!),
  name: hosts[index]!.name,
  machine: `machine-${index}`,
  advertiseAddress: hosts[index]!.address,
  role: index < 2 ? "manager" : "worker",
  availability: "active",
  labels: { place: `p${index}` },
  ...more,
});
const labels = () => onScratchHost(hosts[0]!, "docker info --format '{{json .Swarm.Cluster.Spec.Labels}}'");
const listed = async () =>
  (await onScratchHost(hosts[0]!, `docker node ls --format '{{.Hostname}} {{.Status}} {{.Availability}} {{.ManagerStatus}}'`)).trim().split("\n").sort();

beforeAll(async () => {
  hosts = await startScratchHosts({ name: LAB, subnet: 241, count: 3 });
  provider = await ProviderProcess.start(unowned());
}, 360_000);
afterAll(async () => {
  provider?.stop();
  await stopScratchHosts(LAB);
}, 180_000);

test("a cluster is started once, and adopted when asked for again", async () => {
  const made = await provider.create(CLUSTER, unownedInputs());
  clusterId = made.id;
  expect(await onScratchHost(hosts[0]!, "docker info --format '{{.Swarm.Cluster.ID}}'")).toContain(clusterId);
  expect(await provider.create(CLUSTER, unownedInputs())).toEqual(made);
}, 180_000);

test("that nobody owns is refused to a state that does not know it, and claimed by the one that does", async () => {
  await provider.configure(settings());
  await expect(provider.create(CLUSTER, clusterInputs())).rejects.toThrow(`is in the Swarm ${clusterId}, which has no owner and which this state does not know`);
  expect(await labels()).not.toContain("dockyard.owner");
  expect((await provider.diff(CLUSTER, clusterId, { inputs: unownedInputs() }, clusterInputs())).detail).toEqual({ owner: "add" });
  await provider.update(CLUSTER, clusterId, { inputs: unownedInputs() }, clusterInputs());
  expect(JSON.parse(await labels())).toMatchObject({ "dockyard.owner": FIRST.id, "dockyard.owner-name": FIRST.name });
  expect((await provider.read(CLUSTER, clusterId, { inputs: clusterInputs() }))!.inputs).toEqual(clusterInputs());
}, 180_000);

test("what is set once is refused at preview, and not adopted over", async () => {
  await expect(provider.diff(CLUSTER, clusterId, { inputs: clusterInputs() }, { ...clusterInputs(), dataPathPort: 4790 })).rejects.toThrow(
    "dataPathPort of a Swarm is set once, at its start: it is 4789 and cannot become 4790",
  );
  await expect(provider.create(CLUSTER, { ...clusterInputs(), addressPool: ["10.150.0.0/16"] })).rejects.toThrow("started with other settings");
});

test("hosts join with their role and labels; a repeat adopts them", async () => {
  for (const index of [0, 1, 2]) {
    const inputs = nodeInputs(index);
    const { id } = await provider.create(NODE, inputs);
    expect((await provider.create(NODE, inputs)).id).toBe(id);
    nodes.set(hosts[index]!.name, { id, inputs });
  }
  expect(await listed()).toEqual([`${LAB}-1 Ready Active Leader`, `${LAB}-2 Ready Active Reachable`, `${LAB}-3 Ready Active`]);
  for (const { id, inputs } of nodes.values()) expect(await provider.read(NODE, id, { inputs })).toEqual({ inputs, outputs: {} });
}, 360_000);

describe("another state", () => {
  /** Everything on the hosts that a platform could touch, and what the Swarm says of itself. */
  const everything = async () => {
    const onEach = await Promise.all(hosts.map((host) => onScratchHost(host, "hostname; find /etc /root -xdev -type f -o -type l | sort | xargs -r sha256sum 2>/dev/null; systemctl show docker -p MainPID; docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.NodeID}}'")));
    return [...onEach, await labels(), ...(await listed()), await onScratchHost(hosts[0]!, "docker config ls -q")];
  };
  const as = async <T>(owner: typeof FIRST, work: (one: ProviderProcess) => Promise<T>, { takeOver, managers }: { takeOver?: string; managers?: Connection[] } = {}): Promise<T> => {
    const one = await ProviderProcess.start({ ...settings(owner), ...(managers && { managers }) }, takeOver === undefined ? {} : { DOCKYARD_TAKE_OVER: takeOver });
    try {
      return await work(one);
    } finally {
      one.stop();
    }
  };
  const byNames = ({ id, name }: typeof FIRST, other: typeof FIRST) => `belongs to the platform of ${name} (owner ${id}), not to ${other.name} (owner ${other.id}); nothing was changed`;
  const host = (index: number) => ({ ...hostInputs(hosts[index]!), name: `other-${index}`, pools: [] });

  test("is refused by both names in whatever it does, before it changes anything", async () => {
    const before = await everything();
    const machines = await Promise.all(hosts.map(machineIdOf));
    const trust = { connection: connectionTo(hosts[0]!), host: machines[0]!, registry: "registry.other:5000", certificate: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" };
    const engine = { connection: connectionTo(hosts[0]!), host: machines[0]!, package: { source: "distribution" }, daemon: { debug: true }, names: { "registry.other": "10.0.0.1" } };
    await as(SECOND, async (second) => {
      const node = nodes.get(`${LAB}-3`)!;
      const attempts: Record<string, () => Promise<unknown>> = {
        ...Object.fromEntries(hosts.map(({ name }, index) => [`take ${name}`, () => second.create(HOST, host(index))])),
        "trust another authority": () => second.create("dockyard:hosts:Trust", trust),
        "no longer trust this one": () => second.delete("dockyard:hosts:Trust", "x", { inputs: trust, outputs: { file: "/etc/docker/certs.d/x/ca.crt" } }),
        "set the engine up": () => second.create(ENGINE, engine),
        "write another login": () => second.create("dockyard:hosts:Login", { connection: connectionTo(hosts[0]!), host: machines[0]!, publicKey: "ssh-ed25519 AAAA", formerKeys: [] }),
        "take the Swarm": () => second.create(CLUSTER, clusterInputs(SECOND)),
        "change the Swarm": () => second.update(CLUSTER, clusterId, { inputs: clusterInputs() }, { ...clusterInputs(SECOND), taskHistory: 9 }),
        "end the Swarm": () => second.delete(CLUSTER, clusterId, { inputs: clusterInputs() }),
        "take a node": () => second.create(NODE, nodeInputs(2)),
        "change a node": () => second.update(NODE, node.id, node, { ...node.inputs, availability: "drain" }),
        "remove a node": () => second.delete(NODE, node.id, node),
        "write into the Swarm": () => second.create("dockyard:swarm:Config", { cluster: clusterId, name: "x", data: "x", labels: {} }),
      };
      for (const [what, attempt] of Object.entries(attempts)) await expect(attempt().then(() => `it could ${what}`)).rejects.toThrow(byNames(FIRST, SECOND));
    });
    expect(await everything()).toEqual(before);
  }, 180_000);

  test("that has a worker alone in its configuration is refused by both names, by the Swarm's id without the marker, and cannot let it leave", async () => {
    const before = await everything();
    const marker = "/var/lib/docker/swarm/dockyard-owner";
    expect(await onScratchHost(hosts[2]!, `stat -c '%U %a' ${marker}; cat ${marker}`)).toBe(`root 600\n${JSON.stringify(FIRST)}\n`);
    const alone = async (work: (second: ProviderProcess) => Promise<unknown>) => as(SECOND, work, { managers: [connection(hosts[2]!)] });
    await alone((second) => expect(second.create(HOST, host(2))).rejects.toThrow(byNames(FIRST, SECOND)));
    const node = nodes.get(`${LAB}-3`)!;
    await alone((second) => expect(second.delete(NODE, node.id, node)).rejects.toThrow(byNames(FIRST, SECOND)));
    await onScratchHost(hosts[2]!, `mv ${marker} /run/marker`);
    try {
      await alone((second) => expect(second.create(HOST, host(2))).rejects.toThrow(`is in the Swarm ${clusterId}, which this state does not know`));
    } finally {
      await onScratchHost(hosts[2]!, `mv /run/marker ${marker}`);
    }
    expect(await everything()).toEqual(before);
  }, 180_000);

  test("takes it over under the owner's id alone, and the first one is refused in turn until it takes it back", async () => {
    const before = await everything();
    for (const takeOver of [FIRST.name, "0000000000000000", "true"]) {
      await as(SECOND, (second) => expect(second.create(CLUSTER, clusterInputs(SECOND))).rejects.toThrow(`It was to be taken over from ${takeOver}, which is another one`), { takeOver });
    }
    expect(await everything()).toEqual(before);

    await as(SECOND, async (second) => expect((await second.create(CLUSTER, clusterInputs(SECOND))).id).toBe(clusterId), { takeOver: FIRST.id });
    expect(JSON.parse(await labels())).toMatchObject({ "dockyard.owner": SECOND.id, "dockyard.owner-name": SECOND.name });
    const { id, inputs } = nodes.get(`${LAB}-3`)!;
    await as(FIRST, async (first) => {
      await expect(first.update(NODE, id, { inputs }, { ...inputs, availability: "drain" })).rejects.toThrow(byNames(SECOND, FIRST));
      await expect(first.delete(NODE, id, { inputs })).rejects.toThrow(byNames(SECOND, FIRST));
      await expect(first.delete(CLUSTER, clusterId, { inputs: clusterInputs() })).rejects.toThrow(byNames(SECOND, FIRST));
    });
    await as(
      FIRST,
      async (first) => {
        expect((await first.diff(CLUSTER, clusterId, { inputs: clusterInputs() }, clusterInputs())).detail).toEqual({ owner: "update" });
        await first.update(CLUSTER, clusterId, { inputs: clusterInputs() }, clusterInputs());
      },
      { takeOver: SECOND.id },
    );
    expect(JSON.parse(await labels())).toMatchObject({ "dockyard.owner": FIRST.id, "dockyard.owner-name": FIRST.name });
  }, 180_000);
});

test("a copy of a machine is refused with both names", async () => {
  await expect(provider.create(NODE, { ...nodeInputs(2), machine: "machine-1" })).rejects.toThrow(
    new RegExp(`${LAB}-3 .* has the machine-id machine-1, which the node ${LAB}-2`),
  );
});

test("what was changed by hand shows, and an update repairs it", async () => {
  const { id, inputs } = nodes.get(`${LAB}-3`)!;
  await onScratchHost(hosts[0]!, `docker node update --label-rm place --label-add by=hand --availability pause ${id}`);
  const fresh = await ProviderProcess.start({ privateKey: hosts[0]!.privateKey, managers: hosts.slice(0, 2).map(connection), owner: FIRST });
  try {
    const seen = await fresh.read(NODE, id, { inputs });
    expect(seen!.inputs).toEqual({ ...inputs, labels: { by: "hand" }, availability: "pause" });
    expect((await fresh.diff(NODE, id, seen!, inputs)).detail).toEqual({ availability: "update", "labels.by": "delete", "labels.place": "add" });
    await fresh.update(NODE, id, seen!, inputs);
  } finally {
    fresh.stop();
  }
  expect(await onScratchHost(hosts[0]!, `docker node inspect ${id} --format '{{.Spec.Availability}} {{.Spec.Labels.place}} {{.Spec.Labels.by}}'`)).toBe("active p2 <no value>\n");
}, 180_000);

test("a role changes both ways, and the quorum is never given away", async () => {
  const { id, inputs } = nodes.get(`${LAB}-3`)!;
  const promoted = { ...inputs, role: "manager" };
  await provider.update(NODE, id, { inputs }, promoted);
  expect((await listed())[2]).toBe(`${LAB}-3 Ready Active Reachable`);
  await onScratchHost(hosts[1]!, "systemctl stop docker.socket docker");
  // Three managers, one silent: without the third only one of two would answer.
  const fresh = await ProviderProcess.start({ privateKey: hosts[0]!.privateKey, managers: hosts.slice(0, 2).map(connection), owner: FIRST });
  try {
    await waitFor(async () => (await listed())[1]!.includes("Unreachable"));
    await expect(fresh.update(NODE, id, { inputs: promoted }, inputs)).rejects.toThrow(/ptcluster-3 stays a manager: to demote ptcluster-3 would leave 1 of 2 managers that answer, and 2 are needed; bring back ptcluster-2 first/);
  } finally {
    fresh.stop();
    await onScratchHost(hosts[1]!, "systemctl start docker.socket docker");
  }
  await waitFor(async () => (await listed())[1]!.includes("Reachable"));
  await provider.update(NODE, id, { inputs: promoted }, inputs);
  expect((await listed())[2]).toBe(`${LAB}-3 Ready Active`);
}, 540_000);

test("a manager's address is refused to change, a worker's makes another node", async () => {
  const manager = nodes.get(`${LAB}-2`)!;
  await expect(provider.diff(NODE, manager.id, manager, { ...manager.inputs, advertiseAddress: "10.0.0.1" })).rejects.toThrow("raft knows a manager by its address");
  const worker = nodes.get(`${LAB}-3`)!;
  expect((await provider.diff(NODE, worker.id, worker, { ...worker.inputs, advertiseAddress: "10.0.0.1" })).detail).toEqual({ advertiseAddress: "update!" });
});

test("a node that is deleted leaves nothing behind, and deleting it twice is fine", async () => {
  const { id, inputs } = nodes.get(`${LAB}-3`)!;
  await provider.delete(NODE, id, { inputs });
  await provider.delete(NODE, id, { inputs });
  expect(await listed()).toHaveLength(2);
  expect(await onScratchHost(hosts[2]!, "docker info --format '{{.Swarm.LocalNodeState}}'; ls -A /var/lib/docker/swarm")).toBe("inactive\n");
}, 180_000);

test("managers deleted all at once go one by one, the last one with the Swarm", async () => {
  const [first, second] = [nodes.get(`${LAB}-1`)!, nodes.get(`${LAB}-2`)!];
  await Promise.all([provider.delete(NODE, first.id, first), provider.delete(NODE, second.id, second)]);
  await provider.delete(CLUSTER, clusterId, { inputs: clusterInputs() });
  for (const host of hosts) expect(await onScratchHost(host, "docker info --format '{{.Swarm.LocalNodeState}}'")).toBe("inactive\n");
}, 360_000);

test("managers of which an interrupted run has demoted some go in any order", async () => {
  clusterId = (await provider.create(CLUSTER, clusterInputs())).id;
  const made = [];
  for (const index of [0, 1]) {
    const inputs = nodeInputs(index);
    made.push({ id: (await provider.create(NODE, inputs)).id, inputs });
  }
  const [first, second] = made as [(typeof made)[0], (typeof made)[0]];
  await onScratchHost(hosts[0]!, `docker node demote ${second.id}`);
  await waitFor(async () => (await onScratchHost(hosts[1]!, "docker info --format '{{.Swarm.ControlAvailable}}'")) === "false\n");
  // Another run: in the one that made them they live, and what lives is not deleted.
  await provider.configure(settings());
  // The only manager comes first, while the other one still waits for its turn.
  await Promise.all([provider.delete(NODE, first.id, first), provider.delete(NODE, second.id, second)]);
  for (const host of hosts) expect(await onScratchHost(host, "docker info --format '{{.Swarm.LocalNodeState}}'")).toBe("inactive\n");
}, 360_000);

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 120; attempt++) {
    if (await condition().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error("it did not come to that within a minute");
}
