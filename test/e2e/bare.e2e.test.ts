import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { startScratchHosts, stopScratchHosts, type ScratchHost } from "../../lab/scratch";
import { askAny, type StandIn } from "./support/answers";
import { bareHosts, hostConfiguration, hostState, strangersKey } from "./support/bareHosts";
import { standInApplication, type HostsSection, type StackConfiguration } from "./support/configuration";
import { onHost, shellOnHost } from "./support/labHost";
import { requireSetup } from "./support/machine";
import { failure, Platform } from "./support/platform";
import { nodes, replicas } from "./support/swarm";

jest.setTimeout(600_000);

const LABORATORY = "e2e-bare";
const SUBNET = 61;

const platform = new Platform("bare");
/** Somebody else's state, which names the same machines. */
const other = new Platform("bare-other");
let hosts: ScratchHost[];
let before: string[];

const configuration = (section: HostsSection): StackConfiguration => ({
  hosts: section,
  engine: { daemon: { "max-concurrent-downloads": 4 } },
  swarm: { loadBalancing: "dnsrr", timeouts: { boot: "4s", connect: "2s" } },
  registry: { node: "registry=true" },
  applications: [standInApplication(platform, "hello", { replicas: 3, ports: [{ target: 80, published: 8080, mode: "host" }] })],
});

const states = () => Promise.all(hosts.map(({ name }) => hostState(name)));

beforeAll(async () => {
  await requireSetup();
  await platform.clear();
  await other.clear();
  hosts = await startScratchHosts({ name: LABORATORY, subnet: SUBNET, count: 3 });
  before = await states();
});

afterAll(async () => {
  await platform.clear();
  await other.clear();
  await stopScratchHosts(LABORATORY);
});

/** Runs up on this section, from nothing, and expects the words in its output, a failing exit code, and hosts that nobody has touched. */
async function refused(section: HostsSection, ...words: string[]): Promise<void> {
  await platform.clear();
  platform.configure(configuration(section));
  const { code, output } = await platform.up();
  for (const word of words) expect(output).toContain(word);
  expect(code).toBeGreaterThan(0);
  expect(await states()).toEqual(before);
}

describe("machines that cannot be taken", () => {
  it("are refused when one does not answer SSH, with none of the others touched", async () => {
    const [, , last] = hosts;
    await onHost(last!.name, "systemctl", "stop", "ssh");
    try {
      await refused(bareHosts(hosts), `host ${last!.name} (${last!.address}) cannot be reached`, "ECONNREFUSED");
    } finally {
      await onHost(last!.name, "systemctl", "start", "ssh");
    }
  });

  it("are refused when one does not know the key", async () => {
    const keyFile = await strangersKey();
    try {
      await refused(bareHosts(hosts, { host: hosts[1]!.name, keyFile }), `root@${hosts[1]!.address}:22: the host refuses the login`, "authorized_keys");
    } finally {
      rmSync(dirname(keyFile), { recursive: true });
    }
  });

  it("are refused when one shows another host key than the pinned one", async () => {
    const hostKey = hosts[0]!.hostKey;
    await refused(bareHosts(hosts, { host: hosts[1]!.name, hostKey }), `root@${hosts[1]!.address}:22: the host shows another key than the pinned`);
  });

  it("are refused when two of them have one machine-id", async () => {
    const [first, second] = hosts.map(({ name }) => name) as [string, string];
    const [copied, own] = [await onHost(first, "cat", "/etc/machine-id"), await onHost(second, "cat", "/etc/machine-id")];
    const as = (id: string) => shellOnHost(second, `printf '%s\\n' ${id.trim()} > /etc/machine-id`);
    await as(copied);
    before = await states();
    try {
      await refused(bareHosts(hosts), `identity: found machine-id ${copied.trim()} is that of host`, "If one address stands twice in the configuration");
    } finally {
      await as(own);
      before = await states();
    }
  });

  it("are refused when one has a route into the platform's networks", async () => {
    const last = hosts[2]!.name;
    await onHost(last, "ip", "route", "add", "blackhole", "10.144.7.0/24");
    try {
      await refused(bareHosts(hosts), `host ${last}`, "network: found a route to 10.144.7.0/24", "needed: nothing at 10.144.0.0/12");
    } finally {
      await onHost(last, "ip", "route", "del", "blackhole", "10.144.7.0/24");
    }
  });
});

describe("machines that exist", () => {
  const everything = async (name: string) => [
    await hostState(name),
    await shellOnHost(name, "find /etc /root -xdev -type f -o -type l | sort | xargs -r sha256sum 2>/dev/null; docker info --format '{{json .Swarm}}' | grep -o '\"Labels\":{[^}]*}'; true"),
  ];
  const configurations = () => Promise.all(hosts.map(({ name }) => hostConfiguration(name)));
  let untouched: string[];

  it("become a platform", async () => {
    await platform.clear();
    untouched = await configurations();
    platform.configure(configuration(bareHosts(hosts)));
    expect(failure(await platform.up())).toBe("");
    const manager = hosts[0]!.name;
    expect(await replicas(manager)).toEqual({ dockyard_registry: "1/1", hello_web: "3/3" });
    const found = await nodes(manager);
    expect(Object.keys(found).sort()).toEqual(hosts.map(({ name }) => name));
    for (const { address } of hosts) expect((await askAny<StandIn>([address], 8080, "/?resolve=web")).peers.web).toHaveLength(3);
  });

  it("have nothing to do at a preview and a refresh", async () => {
    const planned = await platform.preview("--expect-no-changes");
    expect(failure(planned)).toBe("");
    expect(planned.changes).toEqual([]);
    const looked = await platform.refresh("--expect-no-changes");
    expect(failure(looked)).toBe("");
    expect(looked.changes).toEqual([]);
  });

  it("keep running as they are when the next configuration is refused", async () => {
    const running = await states();
    const { applications, ...rest } = configuration(bareHosts(hosts));
    platform.configure({ ...rest, applications: [...applications!, { name: "broken", bundle: platform.write("broken.dab", "{") }] });
    const { code, output, changes } = await platform.up();
    expect(output).toContain("broken.dab: unexpected EOF");
    expect(code).toBeGreaterThan(0);
    expect(changes).toEqual([]);
    expect(await states()).toEqual(running);
  });

  it("are refused to another state by both names, whoever it takes for their owner, and to none is anything done", async () => {
    const running = await Promise.all(hosts.map(({ name }) => everything(name)));
    const [owner] = (await platform.resources()).flatMap(({ type, outputs }) => (type === "pulumi:index:Stash" ? [outputs!["output"] as { id: string; begunOn: string }] : []));
    other.configure(configuration(bareHosts(hosts)));
    const refused = await other.up();
    const wrong = await other.dockyard("up", "--take-over", "0000000000000000");
    for (const { code, output } of [refused, wrong]) {
      expect(code).toBeGreaterThan(0);
      for (const { name, address } of hosts) expect(output).toContain(`host ${name} (${address}) belongs to the platform of dockyard/${platform.paths.stack}@`);
      expect(output).toContain(`(owner ${owner!.id}), not to dockyard/${other.paths.stack}@`);
      expect(output).toContain(`./dockyard up --take-over '${owner!.id}'`);
    }
    expect(wrong.output).toContain("It was to be taken over from 0000000000000000, which is another one");
    expect((await other.resources()).filter(({ type }) => type.startsWith("dockyard:") && !type.startsWith("dockyard:components:"))).toEqual([]);
    expect(failure(await other.dockyard("down", "--unprotect"))).toBe("");
    expect(await Promise.all(hosts.map(({ name }) => everything(name)))).toEqual(running);
    // The test before has left a configuration that is refused.
    platform.configure(configuration(bareHosts(hosts)));
    expect(failure(await platform.preview("--expect-no-changes"))).toBe("");
  });

  it("keep the platform, whose authority is protected, until that is given up", async () => {
    const running = await states();
    const { code, output } = await platform.dockyard("down");
    expect(output).toContain("protects ca-key, ca-root");
    expect(output).toContain("nothing was changed");
    expect(code).toBeGreaterThan(0);
    expect(await states()).toEqual(running);
  });

  it("get back what was theirs when the platform goes", async () => {
    expect(failure(await platform.dockyard("down", "--unprotect"))).toBe("");
    expect(await configurations()).toEqual(untouched);
    expect(existsSync(platform.paths.directory)).toBe(false);
  });
});
