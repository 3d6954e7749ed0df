import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import Docker from "dockerode";
import { labHosts, platformOn, standInApplication } from "../support/configuration";
import { onHost, shellOnHost, tryOnHost } from "../support/labHost";
import { requireSetup } from "../support/machine";
import { failure, Platform, type Run, tail } from "../support/platform";
import { nodes, replicas } from "../support/swarm";
import { reportTable } from "./results";
import { KILLS } from "./seeded";

/*
 * Hosts that are cut off, frozen, without an engine or out of disk in the middle of a change: the run ends well or with an error that
 * names the cause, nothing is lost, and the run after the host came back ends what is left.
 */

jest.setTimeout(900_000);

const SUBNET = 76;
const platform = new Platform("losses");
const docker = new Docker();
const container = (host: string) => platform.container(host);
const rows: string[][] = [];

/** A disk of its own for an engine, a file system in memory: enough for what it holds, and quickly full. */
const DISK = "/mnt/small-disk";
/**
 * How long a Swarm may take, in milliseconds, to see that all is well again: engines find a manager that was cut off only when TCP sends
 * again, which it does ever more seldom. Up to 99 s were seen.
 */
const PATIENCE = 300_000;

let cluster = "";
let release = 1;
/** A run that meets a fault gives up early; the one after it waits as long as a user's does. */
const HURRIED = { convergence: "60s", membership: "45s", connect: "5s", engine: "60s" };
function configure(managers: number, timeouts: Readonly<Record<string, string>> = HURRIED): void {
  const spread = { replicas: 3, update: { order: "start-first" }, environment: { STANDIN_PORTS: "80", RELEASE: String(release) } };
  const base = platformOn(labHosts(SUBNET, managers), { applications: [standInApplication(platform, "spread", spread)] });
  platform.configure({ ...base, swarm: { ...base.swarm, timeouts } });
}

/** How a run went, in one cell of the table. */
const outcome = (run: Run) => (run.code === 0 ? "the run ended well" : `the run failed: ${/error: (.*)/.exec(stripVTControlCharacters(run.output))?.[1]?.slice(0, 160) ?? "?"}`);

/** One Swarm, of these managers alone, all of them there and every task running; and nothing left to do. */
async function whole(managers: readonly string[]): Promise<void> {
  configure(managers.length, {});
  expect(failure(await platform.up("--refresh"))).toBe("");
  // Managers and tasks take a moment to see a host that returned.
  for (const end = Date.now() + PATIENCE; ; await sleep(500)) {
    const missing = await missingFor(managers).catch((error: Error) => error.message);
    if (missing === undefined) break;
    if (Date.now() > end) throw new Error(`not whole after ${PATIENCE / 1000} s: ${missing}`);
  }
  expect(failure(await platform.preview("--expect-no-changes"))).toBe("");
}

async function missingFor(managers: readonly string[]): Promise<string | undefined> {
  const clusters = await Promise.all(managers.map(clusterSeenBy));
  if (clusters.some((seen) => seen !== cluster)) return `the managers see the Swarms ${clusters.join(", ")}`;
  const found = Object.entries(await nodes(container("m1")));
  const manages = ([, node]: (typeof found)[number]) => node.status === "Ready" && (node.manager === "Leader" || node.manager === "Reachable");
  if (found.map(([name]) => name).sort().join() !== managers.join() || !found.every(manages)) return `the nodes are ${JSON.stringify(found)}`;
  const short = Object.entries(await replicas(container("m1"))).filter(([, count]) => count.split("/")[0] !== count.split("/")[1]);
  const tasks = await Promise.all(short.map(async ([name]) => (await tryOnHost(container("m1"), "docker", "service", "ps", "--no-trunc", name)).stdout));
  return short.length === 0 ? undefined : `not every task runs:\n${tasks.join("\n")}`;
}

const clusterSeenBy = async (host: string) => (await onHost(container(host), "docker", "info", "--format", "{{.Swarm.Cluster.ID}}")).trim();

beforeAll(async () => {
  await requireSetup();
  await platform.clear();
  configure(3);
  expect(failure(await platform.up())).toBe("");
  cluster = await clusterSeenBy("m1");
});
afterAll(async () => {
  reportTable("losses", "three managers, and an application that is rolled out meanwhile.", ["fault", "what the run said", "whole again"], rows);
  await platform.clear();
});

interface Fault {
  readonly name: string;
  /** Whose host it is. */
  readonly host: string;
  /** Made only with DOCKYARD_FAULT_KILLS=all: much like another one. */
  readonly rare?: boolean;
  before?(): Promise<unknown>;
  begin(): Promise<unknown>;
  end(): Promise<unknown>;
}

const cutOff = (host: string, off: boolean) => shellOnHost(container(host), ["INPUT", "OUTPUT"].map((chain) => `iptables -w ${off ? "-I" : "-D"} ${chain} ! -i lo -j DROP`.replace("OUTPUT ! -i", "OUTPUT ! -o")).join(" && "));

/** Between a manager and the others alone: whoever runs the program still gets to all of them. */
const partition = (host: string, off: boolean) => {
  const others = ["m1", "m2", "m3"].filter((name) => name !== host).map((name) => `10.213.${SUBNET}.1${name.slice(1)}`).join();
  return shellOnHost(container(host), `iptables -w ${off ? "-I" : "-D"} INPUT -s ${others} -j DROP && iptables -w ${off ? "-I" : "-D"} OUTPUT -d ${others} -j DROP`);
};

const faults: readonly Fault[] = [
  { name: "m3 cut off from everybody", host: "m3", begin: () => cutOff("m3", true), end: () => cutOff("m3", false) },
  { name: "m3 cut off from the other managers alone", host: "m3", rare: true, begin: () => partition("m3", true), end: () => partition("m3", false) },
  { name: "m1, the first that is asked, cut off from the other managers alone", host: "m1", begin: () => partition("m1", true), end: () => partition("m1", false) },
  { name: "m3's engine stopped", host: "m3", begin: () => onHost(container("m3"), "systemctl", "stop", "docker.socket", "docker.service"), end: async () => undefined },
  { name: "m3 frozen (its processes stopped by the kernel)", host: "m3", begin: () => docker.getContainer(container("m3")).pause(), end: () => docker.getContainer(container("m3")).unpause() },
  { name: "m3's disk full", host: "m3", before: giveSmallDisk, begin: fillDisk, end: emptyDisk },
];

/** What this run makes of them. */
function made<T extends { readonly rare?: boolean }>(all: readonly T[]): readonly T[] {
  const some = KILLS === "all" ? all : all.filter(({ rare }) => !rare);
  if (some.length < all.length) process.stdout.write(`losses: ${some.length} of ${all.length}; all of them with DOCKYARD_FAULT_KILLS=all\n`);
  return some;
}

describe.each(made(faults))("$name", ({ name, host, before, begin, end }) => {
  it("in the middle of a rollout: nothing is lost, and the next run finds one whole Swarm", async () => {
    await before?.();
    release++;
    configure(3);
    const run = platform.up();
    await sleep(4000); // the program is loaded and the services begin
    await begin();
    const ended = await run;
    if (ended.code !== 0) expect(tail(ended.output)).toMatch(new RegExp(`${host}|10\\.213\\.${SUBNET}\\.1${host.slice(1)}|spread`));
    for (const other of ["m1", "m2", "m3"].filter((each) => each !== host)) {
      const leaders = Object.entries(await nodes(container(other))).filter(([, { manager }]) => manager === "Leader").map(([name]) => name);
      expect({ other, cluster: await clusterSeenBy(other), leaders }).toEqual({ other, cluster, leaders: [expect.not.stringMatching(host)] });
    }
    await end();
    const back = Date.now();
    await whole(["m1", "m2", "m3"]);
    rows.push([`${name}, during a rollout`, outcome(ended), `${((Date.now() - back) / 1000).toFixed(0)} s after it was back`]);
  });
});

/** Where a host is on its way into the Swarm. */
const phases = [
  { phase: "while it is looked at", when: /hosts:Host\S* m5 .*(creating|created)/, rare: true },
  { phase: "while its engine is prepared", when: /hosts:Engine\S* m5 .*(creating|created)/ },
  { phase: "while it joins", when: /swarm:Node\S* m5 .*creating/, rare: true },
  { phase: "when it has joined", when: /swarm:Node\S* m5 .*created/, rare: true },
];

describe.each(made(phases))("one of two hosts that join, cut off $phase", ({ phase, when }) => {
  it("is named, and joins when it is back; there is no second Swarm", async () => {
    configure(3);
    expect(failure(await platform.up("--refresh"))).toBe("");
    configure(5);
    const run = platform.launch("up");
    await run.matches(when);
    await cutOff("m5", true);
    const ended = await run.ended;
    await cutOff("m5", false);
    // One that has joined is not needed for what is left to do.
    if (phase !== "when it has joined") expect(ended.code).not.toBe(0);
    if (ended.code !== 0) expect(tail(ended.output)).toMatch(/10\.213\.76\.15|m5/);
    expect(await clusterSeenBy("m1")).toBe(cluster);
    const back = Date.now();
    await whole(["m1", "m2", "m3", "m4", "m5"]);
    rows.push([`m5 cut off ${phase}, with m4 beside it`, ended.code === 0 ? outcome(ended) : "the run failed, naming m5", `${((Date.now() - back) / 1000).toFixed(0)} s after it was back`]);
  });
});

/** Fills the disk of m3's engine to the last byte; it is given a small one of its own first. */
async function fillDisk(): Promise<void> {
  await shellOnHost(container("m3"), `fallocate -l "$(df --output=avail -B1 /var/lib/docker | tail -n 1)" /var/lib/docker/fill || dd if=/dev/zero of=/var/lib/docker/fill bs=1M 2>/dev/null; true`);
}

async function emptyDisk(): Promise<void> {
  await shellOnHost(container("m3"), "rm -f /var/lib/docker/fill");
}

/** Moves all that m3's engine holds to the small disk. The host is whole again when this is done. */
async function giveSmallDisk(): Promise<void> {
  await shellOnHost(
    container("m3"),
    [
      "systemctl stop docker.socket docker.service",
      `mkdir -p ${DISK}`,
      `used=$(du -s -B1M /var/lib/docker | cut -f1)`,
      `mount -t tmpfs -o size=$((used + 64))m tmpfs ${DISK}`,
      `cp -a /var/lib/docker/. ${DISK}/`,
      `mount --bind ${DISK} /var/lib/docker`,
      "systemctl reset-failed docker.service",
      "systemctl start docker.service",
    ].join(" && "),
  );
}
