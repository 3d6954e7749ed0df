import { setTimeout as sleep } from "node:timers/promises";
import { askAny, type Visit } from "./support/answers";
import { example, labHosts, platformOn } from "./support/configuration";
import { dockerJson } from "./support/labHost";
import { engineBack, requireSetup, runProcesses } from "./support/machine";
import { LEASE_CONFIG } from "../../provider/swarm/lease/claim";
import { failure, Platform } from "./support/platform";
import { machineId, nodes, replicas } from "./support/swarm";

jest.setTimeout(600_000);

const SUBNET = 63;
const MANAGERS = ["m1", "m2", "m3"];

const platform = new Platform("kill");
const m1 = platform.container("m1");
/** machine-ids of the hosts that were there after some interruption, by name. */
const known = new Map<string, string>();

beforeAll(async () => {
  await requireSetup();
  await platform.clear();
  platform.configure(platformOn(labHosts(SUBNET), { applications: [example("demo")] }));
});

afterAll(async () => {
  await platform.clear();
  await engineBack();
});

/**
 * Starts `./dockyard up` and kills it while it creates such a resource: launcher, CLI, program and provider at once.
 * @param creating what the CLI shows when it begins
 * @param after milliseconds from then, so that the request is under way
 */
async function killWhile(creating: RegExp, after: number): Promise<void> {
  const running = platform.launch("up");
  await running.matches(creating);
  await sleep(after);
  platform.kill(running);
  await running.ended;
  expect(runProcesses(platform.paths.directory)).toEqual([]);
  expect((await platform.pending()).length).toBeGreaterThan(0);
  await rememberHosts();
}

/** Keeps the machine-ids of the hosts that the state knows. */
async function rememberHosts(): Promise<void> {
  const containers = (await platform.resources()).filter(({ type }) => type === "docker:index/container:Container");
  for (const { inputs } of containers) {
    const name = String(inputs!.hostname);
    known.set(name, await machineId(platform.container(name)));
  }
}

describe("an up that is killed", () => {
  it("in part: the plugin that makes hosts dies, and Pulumi never hears of what it made", async () => {
    const running = platform.launch("up");
    await running.matches(/docker:index:Container lab-m\d creating/);
    await sleep(300);
    platform.killPlugin("docker");
    expect((await running.ended).code).not.toBe(0);
    const known = (await platform.resources()).filter(({ type }) => type === "docker:index/container:Container");
    expect(known.length).toBeLessThan((await platform.leftovers()).filter((object) => object.startsWith("container")).length);
  });

  it("in the middle of making hosts", () => killWhile(/docker:index:Container lab-m\d creating/, 300));

  it("in the middle of preparing hosts", async () => {
    await killWhile(/dockyard:hosts:Engine m\d creating/, 50);
    expect([...known.keys()].sort()).toEqual(MANAGERS);
  });

  it("in the middle of forming the Swarm", () => killWhile(/dockyard:swarm:Node m2 creating/, 400));

  it("in the middle of creating services", () => killWhile(/dockyard:swarm:Service demo-\w+ creating/, 100));

  it("whose CLI alone is killed, with its plugins still at work", async () => {
    const running = platform.launch("up");
    await running.matches(/dockyard:swarm:Service demo-\w+ /);
    platform.killCli();
    expect((await running.ended).code).not.toBe(0);
  });

  it("is finished by the next one, on the same hosts", async () => {
    expect(failure(await platform.dockyard("up"))).toBe("");
    for (const [name, id] of known) expect({ name, id: await machineId(platform.container(name)) }).toEqual({ name, id });
    expect(await replicas(m1)).toEqual({ demo_api: "2/2", demo_store: "1/1", demo_web: "2/2", dockyard_registry: "1/1" });
    const visit = await askAny<Visit>(MANAGERS.map((_, index) => `10.213.${SUBNET}.${11 + index}`), 8080);
    expect(visit.visits).toBeGreaterThan(0);
  });

  it("leaves nothing twice and nothing that nobody knows", async () => {
    expect(await platform.leftovers()).toEqual(
      [...MANAGERS.map((name) => `container ${platform.container(name)}`), `network ${platform.container("lab")}`, ...MANAGERS.map((name) => `volume ${platform.container(name)}`)].sort(),
    );
    const resources = await platform.resources();
    const idsOf = (type: string) => resources.filter((resource) => resource.type === `dockyard:swarm:${type}`).map(({ id }) => id!).sort();
    const listed = async (...command: string[]) => (await dockerJson(m1, ...command)).map(({ ID }) => ID!).sort();
    expect(Object.keys(await nodes(m1)).sort()).toEqual(MANAGERS);
    expect(await listed("node", "ls")).toEqual(idsOf("Node"));
    expect(await listed("secret", "ls")).toEqual(idsOf("Secret"));
    // The lease of the last run is no resource: it runs out by itself.
    const configs = (await dockerJson(m1, "config", "ls")).filter(({ Name }) => Name !== LEASE_CONFIG);
    expect(configs.map(({ ID }) => ID!).sort()).toEqual(idsOf("Config"));
    expect(await listed("service", "ls")).toEqual(idsOf("Service").map((id) => id.slice(0, 12)).sort());
    const networks = (await dockerJson(m1, "network", "ls", "--no-trunc", "--filter", "driver=overlay")).filter(({ Name }) => Name !== "ingress");
    expect(networks.map(({ ID }) => ID!).sort()).toEqual(idsOf("Network"));
  });

  it("leaves nothing to do", async () => {
    expect(await platform.pending()).toEqual([]);
    const again = await platform.up("--expect-no-changes");
    expect(failure(again)).toBe("");
    const looked = await platform.refresh("--expect-no-changes");
    expect(failure(looked)).toBe("");
    expect([...again.changes, ...looked.changes]).toEqual([]);
  });
});

describe("a down that is killed", () => {
  it("in the middle of leaving the Swarm is finished by the next one", async () => {
    const running = platform.launch("down");
    await running.matches(/dockyard:swarm:Node m\d deleting .*(demoting|leaving)/);
    await sleep(300);
    platform.kill(running);
    await running.ended;
    expect(failure(await platform.dockyard("down"))).toBe("");
    await engineBack();
    expect(await platform.leftovers()).toEqual([]);
    expect(runProcesses(platform.paths.directory)).toEqual([]);
  });
});
