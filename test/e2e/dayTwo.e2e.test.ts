import Docker from "dockerode";
import { labHosts, platformOn, standInApplication, type HostEntry } from "./support/configuration";
import { onHost } from "./support/labHost";
import { visitAny } from "./support/load";
import { requireSetup } from "./support/machine";
import { failure, Platform, type PulumiRun } from "./support/platform";
import { machineId, nodes, replicas, runningTasks } from "./support/swarm";

/** What a cluster goes through in its years: changes of its nodes, machines that die, restarts, two who change it at once. */

jest.setTimeout(600_000);

const SUBNET = 67;
const [PAIR, SOLO] = [8095, 8096];
const platform = new Platform("daytwo");
const container = (host: string) => platform.container(host);
const docker = new Docker();

const address = (number: number) => `10.213.${SUBNET}.${10 + number}`;
const ADDRESSES = [1, 2, 3, 4, 5, 6, 7].map(address);
const host = (name: string, number: number, role: "manager" | "worker", more: Partial<HostEntry> & { availability?: string } = {}): HostEntry => ({ name, address: address(number), role, ...more });
/** Keeps the registry's data, so it stays what it is. */
const KEEPER = host("w1", 7, "worker", { labels: { registry: "true" } });
const MANAGERS = ["m1", "m2", "m3", "m4", "m5", "m6"].map((name, index) => host(name, index + 1, "manager"));
const manager = (...numbers: number[]) => numbers.map((number) => MANAGERS[number - 1]!);

let daemon: Record<string, unknown> = {};

function configure(hosts: readonly HostEntry[], { spread = [], ...more }: { spread?: ReturnType<typeof standInApplication>[]; swarm?: Record<string, unknown> } = {}): void {
  const applications = [
    ...spread,
    standInApplication(platform, "pair", { replicas: 2, ports: [{ target: 80, published: PAIR, mode: "host" }] }),
    standInApplication(platform, "solo", { replicas: 1, ports: [{ target: 80, published: SOLO, mode: "host" }] }),
  ];
  platform.configure({ ...platformOn({ source: "lab", subnet: `10.213.${SUBNET}.0/24`, hosts: [...hosts, KEEPER] }, { applications }), engine: { daemon }, ...more });
}

/** "m1 Leader", "m2 Reachable", "w1 worker": every node that a manager lists. */
async function members(through: string): Promise<string[]> {
  return Object.entries(await nodes(container(through))).map(([name, { manager: status, status: state }]) => `${name} ${status || "worker"}${state === "Ready" ? "" : ` ${state}`}`).sort();
}
const withoutLeader = (list: readonly string[]) => list.map((line) => line.replace("Leader", "Reachable"));
const withStatus = (list: readonly string[], status: string) => list.filter((line) => line.endsWith(` ${status}`)).map((line) => line.split(" ")[0]!);
const ids = async (through: string) => Object.fromEntries(Object.entries(await nodes(container(through))).map(([name, { id }]) => [name, id]));
const told = ({ log }: PulumiRun) => log.messages.map(({ text }) => text).join("\n");

/** Does a change while visitors ask for both services; each of their requests has to be answered by some host. */
async function visited(work: () => Promise<PulumiRun>): Promise<PulumiRun> {
  const { lost, answered, result } = await visitAny(ADDRESSES, [PAIR, SOLO], work);
  expect(failure(result)).toBe("");
  expect(lost).toEqual([]);
  expect(answered).toBeGreaterThan(5);
  return result;
}

beforeAll(async () => {
  await requireSetup();
  await platform.clear();
});
afterAll(() => platform.clear());

describe("managers", () => {
  it("come up, three of them", async () => {
    configure(manager(1, 2, 3));
    expect(failure(await platform.up())).toBe("");
    expect(withoutLeader(await members("m1"))).toEqual(["m1 Reachable", "m2 Reachable", "m3 Reachable", "w1 worker"]);
  });

  it("become five: the preview says in which order and what raft counts then", async () => {
    const before = await ids("m1");
    configure(manager(1, 2, 3, 4, 5));
    const preview = await platform.preview();
    expect(told(preview)).toContain("1. join m4 as a manager: it is new (managers that answer: 3 of 3 → 4 of 4)");
    expect(told(preview)).toContain("2. join m5 as a manager: it is new (managers that answer: 4 of 4 → 5 of 5)");
    await visited(() => platform.up());
    expect(withoutLeader(await members("m1"))).toEqual(["m1 Reachable", "m2 Reachable", "m3 Reachable", "m4 Reachable", "m5 Reachable", "w1 worker"]);
    expect(await ids("m1")).toMatchObject(before);
  });

  it("become three again, the leader a worker and another one gone, and no visitor notices", async () => {
    const before = await ids("m2");
    const leader = (await members("m2")).find((line) => line.endsWith("Leader"))!.split(" ")[0]!;
    const others = [1, 2, 3, 4, 5].filter((number) => `m${number}` !== leader);
    const stay = others.slice(0, 3);
    configure([...manager(...stay), { ...MANAGERS.find(({ name }) => name === leader)!, role: "worker" }]);
    await visited(() => platform.up());
    const through = `m${stay[0]}`;
    expect(withoutLeader(await members(through))).toEqual([...stay.map((number) => `m${number} Reachable`), `${leader} worker`, "w1 worker"].sort());
    const { [`m${others[3]}`]: _gone, ...rest } = before;
    expect(await ids(through)).toEqual(rest);
    await nothingToDo();
  });

  it("become one: of two that leave the leader goes last, whom the preview does not know yet", async () => {
    const now = await members("m2").catch(() => members("m3"));
    const [leader] = withStatus(now, "Leader");
    const [keeper, other] = withStatus(now, "Reachable");
    configure(MANAGERS.filter(({ name }) => name === keeper));
    // A preview asks no manager who leads, so it does not claim to know.
    expect(told(await platform.preview())).toContain(`in this order but for ${[leader, other].sort().join(", ")}, of which the leader goes last`);
    const up = await platform.up();
    expect(failure(up)).toBe("");
    expect(nodeSteps(up, "delete").filter((name) => name === leader || name === other)).toEqual([other, leader]);
    expect(await members(keeper!)).toEqual([`${keeper} Leader`, "w1 worker"]);
  });

  it("become five again; two die for good, and two of those that answer become workers in the change that takes the dead out", async () => {
    configure(manager(1, 2, 3, 4, 5));
    expect(failure(await platform.up())).toBe("");
    const now = await members("m2");
    const [a, b, c, ...dead] = [...withStatus(now, "Leader"), ...withStatus(now, "Reachable")] as [string, string, string, ...string[]];
    for (const name of dead) {
      await docker.getContainer(container(name)).remove({ force: true });
      await docker.getVolume(container(name)).remove();
    }
    const named = (...names: string[]) => MANAGERS.filter(({ name }) => names.includes(name));
    configure([...named(a), ...named(b, c).map((entry) => ({ ...entry, role: "worker" as const }))]);
    const up = await platform.up("--refresh");
    expect(failure(up)).toBe("");
    expect(withoutLeader(await members(a))).toEqual([`${a} Reachable`, `${b} worker`, `${c} worker`, "w1 worker"].sort());
    for (const name of dead) expect(told(up)).toContain(`removing the dead node ${name}`);
    configure(named(a, b, c));
    expect(failure(await platform.up())).toBe("");
    expect(withoutLeader(await members(a))).toEqual([...[a, b, c].map((name) => `${name} Reachable`), "w1 worker"].sort());
    await nothingToDo();
  });
});

/** The nodes whose step of this kind ended, in the order in which they did. */
const nodeSteps = ({ log }: PulumiRun, op: string) => log.steps.filter((step) => step.type === "dockyard:swarm:Node" && step.op === op).sort((x, y) => x.at - y.at).map(({ name }) => name);

describe("a node", () => {
  it("is drained and comes back by configuration, and no visitor notices", async () => {
    const [first, ...rest] = await configured();
    configure([{ ...first!, availability: "drain" } as HostEntry, ...rest]);
    expect(told(await platform.preview())).toContain(`1. drain ${first!.name}: it is active`);
    await visited(() => platform.up());
    expect((await nodes(container(first!.name)))[first!.name]).toMatchObject({ availability: "Drain" });
    configure([first!, ...rest]);
    await visited(() => platform.up());
    expect((await nodes(container(first!.name)))[first!.name]).toMatchObject({ availability: "Active" });
  });
});

describe("tasks", () => {
  it("are spread again over a node that came back when a count goes up, and no visitor notices", async () => {
    const [first, ...rest] = await configured();
    const spread = [standInApplication(platform, "spread", { replicas: 4 })];
    const swarm = (count: number) => ({ swarm: { ...platformOn(labHosts(SUBNET)).swarm, rebalance: { count } } });
    configure([{ ...first!, availability: "drain" } as HostEntry, ...rest], { ...swarm(1), spread });
    expect(failure(await platform.up())).toBe("");
    configure([first!, ...rest], { ...swarm(1), spread });
    expect(failure(await platform.up())).toBe("");
    expect(await perNode("spread_web", rest[0]!.name)).toEqual([2, 1, 1]);
    configure([first!, ...rest], { ...swarm(2), spread });
    expect(told(await platform.preview())).toContain("with the tasks as they are now, these go to other nodes: spread_web: ");
    await visited(() => platform.up());
    expect(await perNode("spread_web", rest[0]!.name)).toEqual([1, 1, 1, 1]);
    expect(await onHost(container(rest[0]!.name), "docker", "service", "inspect", "spread_web", "--format", "{{.Spec.Labels}} {{.Spec.Mode.Replicated.Replicas}}")).not.toMatch(/dockyard\.(moving|raised)/);
    await nothingToDo();
    configure([first!, ...rest]);
    expect(failure(await platform.up())).toBe("");
  });
});

/** How many tasks of a service each node runs, the most first. */
async function perNode(service: string, through: string): Promise<number[]> {
  const counts = new Map<string, number>();
  for (const { NodeID } of await runningTasks(container(through), service)) counts.set(NodeID, (counts.get(NodeID) ?? 0) + 1);
  return [...counts.values()].sort((a, b) => b - a);
}

describe("a restart that every engine needs", () => {
  it("goes from node to node, workers first and the leader last, and no visitor notices", async () => {
    const hosts = await configured();
    const leader = (await members(hosts[0]!.name)).find((line) => line.endsWith("Leader"))!.split(" ")[0]!;
    daemon = { "log-opts": { "max-size": "7m" } };
    configure(hosts);
    await visited(() => platform.up());
    const started = await Promise.all([...hosts, KEEPER].map(async ({ name }) => ({ name, at: await engineStart(name) })));
    const order = started.sort((a, b) => a.at - b.at).map(({ name }) => name);
    expect(order[0]).toBe("w1");
    expect(order.at(-1)).toBe(leader);
    const found = Object.values(await nodes(container(hosts[0]!.name)));
    expect(found.map(({ status, availability }) => `${status} ${availability}`)).toEqual(found.map(() => "Ready Active"));
    await nothingToDo();
  });
});

describe("a machine", () => {
  it("that died for good is replaced by another one, without an answer from it", async () => {
    const [first, second, dead] = await configured();
    await docker.getContainer(container(dead!.name)).remove({ force: true, v: true });
    const spare = MANAGERS.find(({ name }) => ![first!.name, second!.name, dead!.name].includes(name))!;
    configure([first!, second!, spare]);
    const { result } = await visitAny(ADDRESSES, [PAIR], () => platform.up("--refresh"));
    expect(failure(result)).toBe("");
    expect(withoutLeader(await members(first!.name))).toEqual([`${first!.name} Reachable`, `${second!.name} Reachable`, `${spare.name} Reachable`, "w1 worker"].sort());
    await nothingToDo();
  });

  it("that was installed anew under its name and address joins anew, and its ghost goes", async () => {
    const hosts = await configured();
    const [first, , again] = hosts;
    const before = { id: (await ids(first!.name))[again!.name], machine: await machineId(container(again!.name)) };
    await docker.getContainer(container(again!.name)).remove({ force: true });
    await docker.getVolume(container(again!.name)).remove();
    configure(hosts);
    expect(failure(await platform.up("--refresh"))).toBe("");
    const now = await ids(first!.name);
    expect(Object.keys(now).sort()).toEqual([...hosts.map(({ name }) => name), "w1"].sort());
    expect(now[again!.name]).not.toBe(before.id);
    expect(await machineId(container(again!.name))).not.toBe(before.machine);
    expect(await replicas(container(first!.name))).toMatchObject({ pair_web: "2/2", solo_web: "1/1" });
    await nothingToDo();
  });
});

describe("two who change one cluster at once", () => {
  it("are one too many: the second is refused with the holder's name, and breaks the lease by it alone", async () => {
    const [first, ...rest] = await configured();
    const holder = "dockyard/other, somebody@elsewhere:0000";
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await onHost(container(first!.name), "sh", "-c", `docker config rm dockyard-lease 2>/dev/null; echo x | docker config create -l 'dockyard.lease.holder=${holder}' -l dockyard.lease.until=${until} dockyard-lease -`);
    configure([{ ...first!, labels: { team: "x" } }, ...rest]);
    const refused = await platform.up();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain(`the cluster is being changed by "${holder}"`);
    expect(await onHost(container(first!.name), "docker", "node", "inspect", first!.name, "--format", "{{.Spec.Labels.team}}")).toBe("<no value>\n");
    const wrong = await platform.dockyard("up", "--break-lease", "somebody else");
    expect(wrong.code).not.toBe(0);
    const broken = await platform.dockyard("up", "--break-lease", holder);
    expect(failure(broken)).toBe("");
    expect(await onHost(container(first!.name), "docker", "node", "inspect", first!.name, "--format", "{{.Spec.Labels.team}}")).toBe("x\n");
  });
});

/** The managers of the last configuration, as `configure` takes them. */
async function configured(): Promise<HostEntry[]> {
  const resources = await platform.resources();
  const provider = resources.find(({ type }) => type === "pulumi:providers:dockyard")!;
  const names = (JSON.parse(String(provider.inputs!["nodes"])) as { name: string; role: string }[]).filter(({ role }) => role === "manager").map(({ name }) => name);
  return MANAGERS.filter(({ name }) => names.includes(name));
}

async function engineStart(name: string): Promise<number> {
  return Number(/=(\d+)/.exec(await onHost(container(name), "systemctl", "show", "docker", "-p", "ActiveEnterTimestampMonotonic"))![1]);
}

async function nothingToDo(): Promise<void> {
  expect(failure(await platform.preview("--expect-no-changes"))).toBe("");
}
