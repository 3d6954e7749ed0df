import { onScratchHost, type ScratchHost, startScratchHosts, stopScratchHosts } from "../../../lab/scratch";
import type { Connection } from "../../../provider/remote/connection";
import { ProviderProcess } from "../support/provider";

const LAB = "ptcluster";
const CLUSTER = "dockyard:swarm:Cluster";
const NODE = "dockyard:swarm:Node";

let hosts: ScratchHost[];
let provider: ProviderProcess;
let clusterId: string;
const nodes = new Map<string, { id: string; inputs: Record<string, unknown> }>();

const connection = (host: ScratchHost): Connection => ({ address: host.address, hostKey: host.hostKey });
const settings = () => ({ privateKey: hosts[0]!.privateKey, managers: hosts.slice(0, 2).map(connection), timeouts: { connect: 5 } });
const clusterInputs = () => ({
  init: { connection: connection(hosts[0]!), advertiseAddress: hosts[0]!.address },
  addressPool: ["10.140.0.0/16"],
  subnetSize: 24,
  dataPathPort: 4789,
  taskHistory: 3,
  certificateExpiry: "2160h",
});
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
const listed = async () =>
  (await onScratchHost(hosts[0]!, `docker node ls --format '{{.Hostname}} {{.Status}} {{.Availability}} {{.ManagerStatus}}'`)).trim().split("\n").sort();

beforeAll(async () => {
  hosts = await startScratchHosts({ name: LAB, subnet: 241, count: 3 });
  provider = await ProviderProcess.start(settings());
}, 360_000);
afterAll(async () => {
  provider?.stop();
  await stopScratchHosts(LAB);
}, 180_000);

test("a cluster is started once, and adopted when asked for again", async () => {
  const made = await provider.create(CLUSTER, clusterInputs());
  clusterId = made.id;
  expect(await onScratchHost(hosts[0]!, "docker info --format '{{.Swarm.Cluster.ID}}'")).toContain(clusterId);
  expect(await provider.create(CLUSTER, clusterInputs())).toEqual(made);
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

test("a copy of a machine is refused with both names", async () => {
  await expect(provider.create(NODE, { ...nodeInputs(2), machine: "machine-1" })).rejects.toThrow(
    new RegExp(`${LAB}-3 .* has the machine-id machine-1, which the node ${LAB}-2`),
  );
});

test("what was changed by hand shows, and an update repairs it", async () => {
  const { id, inputs } = nodes.get(`${LAB}-3`)!;
  await onScratchHost(hosts[0]!, `docker node update --label-rm place --label-add by=hand --availability pause ${id}`);
  const fresh = await ProviderProcess.start({ privateKey: hosts[0]!.privateKey, managers: hosts.slice(0, 2).map(connection) });
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
  const fresh = await ProviderProcess.start({ privateKey: hosts[0]!.privateKey, managers: hosts.slice(0, 2).map(connection) });
  try {
    await waitFor(async () => (await listed())[1]!.includes("Unreachable"));
    await expect(fresh.update(NODE, id, { inputs: promoted }, inputs)).rejects.toThrow(/would lose its quorum: only 1 of the 2 managers.*bring back ptcluster-2 first/);
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
  expect(await onScratchHost(hosts[2]!, "docker info --format '{{.Swarm.LocalNodeState}}'")).toBe("inactive\n");
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
