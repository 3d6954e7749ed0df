import { existsSync } from "node:fs";
import { askAny, type StandIn, type Visit } from "./support/answers";
import { example, exampleWith, labHosts, platformOn, type HostsSection } from "./support/configuration";
import { dockerJson, inspectOnHost, onHost, shellOnHost } from "./support/labHost";
import { engineBack, requireSetup, runProcesses } from "./support/machine";
import { failure, Platform, type PulumiRun } from "./support/platform";
import { addressesIn, fingerprint, machineId, nodes, overlays, replicas, runningTasks } from "./support/swarm";

jest.setTimeout(600_000);

const SUBNET = 60;
const MANAGERS = ["m1", "m2", "m3"];
const ADDRESSES = MANAGERS.map((_, index) => `10.213.${SUBNET}.${11 + index}`);
const SERVICES = {
  demo_api: "2/2",
  demo_store: "1/1",
  demo_web: "2/2",
  dockyard_registry: "1/1",
  voting_db: "1/1",
  voting_redis: "1/1",
  voting_result: "1/1",
  voting_vote: "1/1",
  voting_worker: "1/1",
};

const platform = new Platform("platform");
const m1 = platform.container("m1");

const configuration = (hosts: HostsSection, demo: ReturnType<typeof example> = example("demo")) =>
  platformOn(hosts, {
    engine: { daemon: { "max-concurrent-downloads": 4 } },
    applications: [demo, example("voting")],
  });

beforeAll(async () => {
  await requireSetup();
  await platform.clear();
});

afterAll(async () => {
  await platform.clear();
  await engineBack();
});

async function nothingToDo(run: Promise<PulumiRun>): Promise<void> {
  const done = await run;
  expect(failure(done)).toBe("");
  expect(done.changes).toEqual([]);
}

describe("from nothing to a running platform", () => {
  it("comes up by one command that ends with hosts, services and URLs", async () => {
    platform.configure(configuration(labHosts(SUBNET)));
    const up = await platform.dockyard("up");
    expect(failure(up)).toBe("");
    for (const address of ADDRESSES) expect(up.output).toContain(address);
    for (const service of ["demo_web", "voting_vote"]) expect(up.output).toContain(service);
    expect(up.output).toContain(":8080");
  });

  it("runs every service at its replica count", async () => {
    expect(await replicas(m1)).toEqual(SERVICES);
  });

  it("made a Swarm of three managers that are ready", async () => {
    const found = await nodes(m1);
    expect(Object.keys(found).sort()).toEqual(MANAGERS);
    for (const node of Object.values(found)) expect(node).toMatchObject({ status: "Ready", availability: "Active", manager: expect.stringMatching(/Leader|Reachable/) });
  });

  it("answers as the demo through the platform, and the store counts", async () => {
    const first = await askAny<Visit>(ADDRESSES, 8080);
    const second = await askAny<Visit>(ADDRESSES, 8080);
    expect(second.visits).toBe(first.visits + 1);
    const [store] = await runningTasks(m1, "demo_store");
    expect(second.store).not.toBe("");
    expect(store?.Status.State).toBe("running");
  });

  it("keeps the store's numbers when its task is made anew", async () => {
    const before = await askAny<Visit>(ADDRESSES, 8080);
    await onHost(m1, "docker", "service", "update", "--force", "--quiet", "demo_store");
    const after = await askAny<Visit>(ADDRESSES, 8080);
    expect(after.store).not.toBe(before.store);
    expect(after.visits).toBeGreaterThan(before.visits);
  });

  it("shows its applications as stacks to Docker's own commands", async () => {
    const stacks = await dockerJson(m1, "stack", "ls");
    expect(Object.fromEntries(stacks.map(({ Name, Services }) => [Name, Services]))).toEqual({ demo: "3", dockyard: "1", voting: "5" });
    const services = await dockerJson(m1, "stack", "services", "voting");
    expect(services.map(({ Name }) => Name).sort()).toEqual(Object.keys(SERVICES).filter((name) => name.startsWith("voting_")));
    const tasks = await dockerJson(m1, "stack", "ps", "--filter", "desired-state=running", "demo");
    expect(tasks.map(({ Name }) => Name!.split(".")[0]).sort()).toEqual(["demo_api", "demo_api", "demo_store", "demo_web", "demo_web"]);
  });

  it("puts the voting bundle's services on its network, each under its name", async () => {
    expect(await overlays(m1)).toEqual(["demo_app", "platform", "voting_default"]);
    const names = ["db", "redis", "result", "vote", "worker"];
    const { peers } = await askAny<StandIn>(ADDRESSES, 5002, `/?resolve=${names.join(",")}`);
    const addresses = await Promise.all(names.map(async (name) => [name, await addressesIn(m1, "voting_default", `voting_${name}`)] as const));
    expect(peers).toEqual(Object.fromEntries(addresses));
  });

  it("answers again for its state by `status`", async () => {
    const status = await platform.dockyard("status");
    expect(failure(status)).toBe("");
    expect(status.output).toContain("demo_web");
  });
});

describe("a platform that is as it should be", () => {
  it("has nothing to do at a second up", () => nothingToDo(platform.up("--expect-no-changes")));

  it("has nothing to tell at a refresh", () => nothingToDo(platform.refresh("--expect-no-changes")));
});

describe("what hands changed", () => {
  const drifted = [
    expect.objectContaining({ type: "dockyard:hosts:Engine", name: "m3", paths: [expect.stringContaining("max-concurrent-downloads")] }),
    expect.objectContaining({ type: "dockyard:swarm:Node", name: "m2", paths: ["labels.zone"] }),
  ];
  const sorted = <T extends { type: string }>(changes: readonly T[]) => [...changes].sort((a, b) => (a.type < b.type ? -1 : 1));

  it("shows at a refresh, by its path", async () => {
    await onHost(m1, "docker", "node", "update", "--label-rm", "zone", "m2");
    await shellOnHost(platform.container("m3"), `sed -i 's/"max-concurrent-downloads": 4/"max-concurrent-downloads": 7/' /etc/docker/daemon.json`);
    const looked = await platform.refresh("--preview-only", "--diff");
    expect(failure(looked)).toBe("");
    expect(sorted(looked.changes)).toEqual(drifted);
    expect(looked.output).toContain("max-concurrent-downloads");
    expect(looked.output).toContain("zone");
  });

  it("is repaired by the next up, and by nothing else than it takes", async () => {
    const recorded = await platform.refresh();
    expect(sorted(recorded.changes)).toEqual(drifted);
    const repaired = await platform.up();
    expect(failure(repaired)).toBe("");
    expect(sorted(repaired.changes)).toEqual(drifted);

    const [node] = await inspectOnHost<{ Spec: { Labels: Record<string, string> } }>(m1, "node", ["m2"]);
    expect(node?.Spec.Labels.zone).toBe("b");
    expect(JSON.parse(await onHost(platform.container("m3"), "cat", "/etc/docker/daemon.json"))).toMatchObject({ "max-concurrent-downloads": 4 });
    expect(await replicas(m1)).toEqual(SERVICES);
  });

  it("leaves nothing to do", async () => {
    await nothingToDo(platform.refresh("--expect-no-changes"));
    await nothingToDo(platform.up("--expect-no-changes"));
  });
});

describe("a fourth host", () => {
  const w1 = platform.container("w1");
  const four = (): HostsSection => {
    const hosts = labHosts(SUBNET);
    return { ...hosts, hosts: [...hosts.hosts, { name: "w1", address: `10.213.${SUBNET}.14`, zone: "a" }] };
  };
  const belongings = ["docker:index/container:Container lab-w1", "docker:index/volume:Volume lab-w1", "dockyard:hosts:Engine w1", "dockyard:hosts:Host w1", "dockyard:hosts:Trust w1", "dockyard:registry:Access w1", "dockyard:swarm:Node w1"];
  const told = (changes: readonly { op: string; type: string; name: string }[]) => changes.map(({ op, type, name }) => `${op} ${type} ${name}`).sort();
  const others = async () => Promise.all(MANAGERS.map((name) => fingerprint(platform.container(name))));
  const eight = () => exampleWith(platform, "demo", "api", { replicas: 8 });
  let untouched: string[];
  let members: Awaited<ReturnType<typeof nodes>>;

  it("is all that a preview and an up create", async () => {
    untouched = await others();
    members = await nodes(m1);
    platform.configure(configuration(four()));
    const planned = await platform.preview();
    expect(told(planned.changes)).toEqual(belongings.map((each) => `create ${each}`));
    const made = await platform.up();
    expect(failure(made)).toBe("");
    expect(told(made.changes)).toEqual(belongings.map((each) => `create ${each}`));
  });

  it("has joined as a worker, and the others were not touched", async () => {
    const { w1: joined, ...rest } = await nodes(m1);
    expect(joined).toMatchObject({ status: "Ready", availability: "Active", manager: "" });
    expect(Object.fromEntries(Object.entries(rest).map(([name, { id }]) => [name, id]))).toEqual(Object.fromEntries(Object.entries(members).map(([name, { id }]) => [name, id])));
    expect(await others()).toEqual(untouched);
  });

  it("takes its share when a service is scaled", async () => {
    platform.configure(configuration(four(), eight()));
    const scaled = await platform.up();
    expect(told(scaled.changes)).toEqual(["update dockyard:swarm:Service demo-api"]);
    const { w1: joined } = await nodes(m1);
    const tasks = await runningTasks(m1, "demo_api");
    expect(tasks).toHaveLength(8);
    expect(tasks.filter(({ NodeID }) => NodeID === joined!.id).length).toBeGreaterThan(0);
  });

  it("is drained before it goes, and its tasks run elsewhere", async () => {
    platform.configure(configuration(labHosts(SUBNET), eight()));
    const planned = await platform.preview();
    expect(told(planned.changes)).toEqual(belongings.map((each) => `delete ${each}`));
    const removed = await platform.up();
    expect(failure(removed)).toBe("");
    const { changes, log } = removed;
    expect(told(changes)).toEqual(belongings.map((each) => `delete ${each}`));

    const at = (text: string) => log.messages.find((message) => message.type === "dockyard:swarm:Node" && message.name === "w1" && message.text.includes(text))?.at;
    const container = log.steps.find(({ type, name }) => type === "docker:index/container:Container" && name === "lab-w1")?.at;
    expect(at("draining")).toBeLessThan(at("leaving")!);
    expect(at("leaving")).toBeLessThan(container!);
    expect(log.messages.filter(({ severity }) => severity === "warning")).toEqual([]);
  });

  it("is gone without a trace, and the others were not touched", async () => {
    expect(Object.keys(await nodes(m1)).sort()).toEqual(MANAGERS);
    expect(await replicas(m1)).toEqual({ ...SERVICES, demo_api: "8/8" });
    expect(await others()).toEqual(untouched);
    expect((await platform.leftovers()).filter((object) => object.endsWith(w1))).toEqual([]);
    await nothingToDo(platform.up("--expect-no-changes"));
  });
});

describe("down", () => {
  it("leaves nothing of the platform", async () => {
    expect(await machineId(m1)).toMatch(/^[0-9a-f]{32}$/);
    expect(failure(await platform.dockyard("down"))).toBe("");
    await engineBack();
    expect(await platform.leftovers()).toEqual([]);
    expect(existsSync(platform.paths.directory)).toBe(false);
    expect(runProcesses(platform.paths.directory)).toEqual([]);
  });

  it("has nothing to do a second time", async () => {
    const { code, output } = await platform.dockyard("down");
    expect(code).toBe(0);
    expect(output).toContain("Nothing of stack");
    await engineBack();
  });
});
