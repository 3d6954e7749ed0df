import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { labHosts, platformOn, standInApplication } from "./support/configuration";
import { onHost, tryOnHost } from "./support/labHost";
import { requireSetup } from "./support/machine";
import { failure, Platform } from "./support/platform";
import { type Identities, identities, nodes, overlays, replicas, stackObjects } from "./support/swarm";

jest.setTimeout(240_000);

const SUBNET = 140;
const platform = new Platform("recover");
const [m1, m2, m3] = ["m1", "m2", "m3"].map((name) => platform.container(name)) as [string, string, string];
const docker = new Docker();

const configuration = (more: object = {}) => platformOn(labHosts(SUBNET), {
  swarm: { loadBalancing: "dnsrr", dataPathPort: 4790, timeouts: { connect: "3s" } },
  applications: [standInApplication(platform, "hello", { replicas: 2, ports: [{ target: 80, published: 8080, mode: "host" }] })],
  ...more,
});

async function waitFor(what: string, reached: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await reached()); await sleep(500)) if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
}

let before: Identities;

beforeAll(async () => {
  await requireSetup();
  await platform.clear();
  platform.configure(configuration());
  expect(failure(await platform.up())).toBe("");
  before = await identities(m1);
});

afterAll(() => platform.clear());

test("a Swarm with its quorum is left alone", async () => {
  const { code, output } = await platform.dockyard("recover", "--yes");
  expect(output).toMatch(/m[123] sees a quorum \(3 of 3 managers are reachable\), so there is nothing to recover/);
  expect(code).toBe(0);
});

describe("when two managers of three are gone for good", () => {
  beforeAll(async () => {
    // One with all its data, one that only never starts again.
    await docker.getContainer(m2).remove({ force: true, v: true });
    await docker.getVolume(m2).remove();
    await docker.getContainer(m3).kill();
  });

  it("up says that the quorum is lost, what each manager said, and what helps", async () => {
    await waitFor("m1 to notice", async () => (await onHost(m1, "docker", "info", "--format", "{{.Swarm.Error}}")).includes("does not have a leader"));
    platform.configure(configuration({ networks: [{ name: "platform", attachable: true }, { name: "another" }] }));
    const { code, output } = await platform.dockyard("up");
    expect(code).not.toBe(0);
    expect(output).toMatch(/m1 \(10\.213\.140\.11\): it sees no quorum \(.*does not have a leader/);
    for (const lost of ["m2", "m3"]) expect(output).toMatch(new RegExp(`${lost}: root@10\\.213\\.140\\.1\\d:22: no SSH connection`));
    expect(output).toContain("The Swarm has lost its quorum: 1 of 3 managers has its state, 2 have to reach each other.");
    expect(output).toContain("./dockyard recover");
  });

  it("recover does nothing while the silent ones may be a quorum, nor without being told to", async () => {
    const undecided = await platform.dockyard("recover", "--yes");
    expect(undecided.code).toBe(1);
    expect(undecided.output).toContain("may be a quorum of 2 among themselves");
    expect(undecided.output).toContain("./dockyard recover --lost m2 --lost m3");
    const unasked = await platform.dockyard("recover", "--lost", "m2", "--lost", "m3");
    expect(unasked.code).toBe(1);
    expect(unasked.output).toContain("The Swarm goes on from m1: it is the only manager with the Swarm's state.");
    expect(unasked.output).toContain("There is no terminal to ask at; nothing was changed");
    expect(await onHost(m1, "docker", "info", "--format", "{{.Swarm.Error}}")).toContain("does not have a leader");
  });

  it("recover, killed in its middle and started again, makes the survivor the only manager", async () => {
    const running = platform.launch("recover", "--lost", "m2", "--lost", "m3", "--yes");
    await running.matches(/making it the only manager/);
    platform.kill(running);
    await running.ended;
    const { code, output } = await platform.dockyard("recover", "--lost", "m2", "--lost", "m3", "--yes");
    expect(failure({ code, output })).toBe("");
    expect(Object.keys(await nodes(m1))).toEqual(["m1"]);
    expect(await identities(m1)).toEqual(before);
  });

  it("one of the others, back with its old state, is let go before it can do harm", async () => {
    await docker.getContainer(m3).start();
    await waitFor("m3 to be up", async () => (await tryOnHost(m3, "docker", "info")).code === 0);
    const { code, output } = await platform.dockyard("recover", "--yes");
    expect(failure({ code, output })).toBe("");
    expect(output).toContain("1. m3 leaves what is left of the lost quorum");
    expect(await onHost(m3, "docker", "info", "--format", "{{.Swarm.LocalNodeState}}")).toBe("inactive\n");
  });

  it("up lets the others join again, and everything is what it was", async () => {
    const { code, output } = await platform.dockyard("up");
    expect(failure({ code, output })).toBe("");
    expect(output).toContain("The Swarm was recovered: looking at what is there first");
    const found = await nodes(m1);
    expect(Object.keys(found).sort()).toEqual(["m1", "m2", "m3"]);
    for (const node of Object.values(found)) expect(node).toMatchObject({ status: "Ready", availability: "Active", manager: expect.stringMatching(/Leader|Reachable/) });
    const { networks, ...rest } = await identities(m1);
    expect({ ...rest, networks: before.networks }).toEqual(before);
    expect(networks).toEqual(expect.arrayContaining(before.networks));
    expect(await overlays(m1)).toContain("another");
    // Its second task had been on a host that was lost, and waited for one to come: nothing in this up waits for it.
    await waitFor("the second task of hello_web", async () => (await replicas(m1)).hello_web === "2/2");
    expect(await replicas(m1)).toEqual({ dockyard_registry: "1/1", hello_web: "2/2" });
    expect(await stackObjects(m1, "hello")).toContain("service hello_web");
  });

  it("nothing is left to do", async () => {
    const again = await platform.preview("--expect-no-changes");
    expect(failure(again)).toBe("");
    expect(again.changes).toEqual([]);
  });
});
