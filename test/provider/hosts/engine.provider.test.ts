import type { EngineInputs } from "../../../provider/hosts/engineInputs";
import { onScratchHost, type ScratchHost, startScratchHosts, stopScratchHosts } from "../../../lab/scratch";
import { ProviderProcess, VerbFailed } from "../support/provider";
import { connectionTo, editDaemonJson, ENGINE, engineStart, machineIdOf } from "./laboratory";

jest.setTimeout(180_000);

const NAME = "engine-test";
let hosts: ScratchHost[];
let host: ScratchHost;
let id: string;
let provider: ProviderProcess;

beforeAll(async () => {
  hosts = await startScratchHosts({ name: NAME, subnet: 245, count: 2 });
  host = hosts[0]!;
  id = await machineIdOf(host);
  provider = await ProviderProcess.start({ privateKey: host.privateKey, managers: [connectionTo(host)], timeouts: { connect: 3 } });
}, 360_000);
afterAll(async () => {
  provider?.stop();
  await stopScratchHosts(NAME);
}, 180_000);

const on = (command: string) => onScratchHost(host, command);
const wanted = (changes: Partial<EngineInputs> = {}): EngineInputs => ({ connection: connectionTo(host), host: id, daemon: {}, names: {}, ...changes });
const change = (from: EngineInputs, to: EngineInputs) => provider.update(ENGINE, id, { inputs: from, outputs: { state: "running" } }, to);

/** The differences that a refresh and a preview after it show. */
async function drift(inputs: EngineInputs, outputs: object = { state: "running" }) {
  const found = await provider.read(ENGINE, id, { inputs, outputs });
  return found && (await provider.diff(ENGINE, id, found, inputs)).detail;
}

describe("an engine", () => {
  let first: EngineInputs;
  beforeAll(() => {
    first = wanted({
      daemon: { "log-driver": "local", "log-opts": { "max-size": "5m" }, labels: ["rack=1"] },
      names: { "registry.example": "10.77.0.11" },
    });
  });

  test("is configured, and keys and lines that are not ours stay", async () => {
    await on(`echo '{"max-concurrent-downloads": 7}' > /etc/docker/daemon.json`);
    const { id: engine, outputs } = await provider.create(ENGINE, first);
    expect(engine).toBe(id);
    expect(outputs).toMatchObject({ state: "running", storageDriver: expect.any(String), version: expect.stringMatching(/^\d+\.\d+/), apiVersion: expect.stringMatching(/^1\.\d+$/) });
    expect(JSON.parse(await on("cat /etc/docker/daemon.json"))).toEqual({ ...first.daemon, "max-concurrent-downloads": 7 });
    expect(await on("docker info --format '{{.LoggingDriver}} {{.Labels}}'")).toBe("local [rack=1]\n");
    expect(await on("stat -c '%a %U' /etc/docker /etc/docker/daemon.json")).toBe("755 root\n644 root\n");
    expect(await on("getent hosts registry.example localhost")).toMatch(/10\.77\.0\.11 +registry\.example\n.*localhost/);
    expect(await drift(first, outputs)).toEqual({});
  });

  test("made once more is adopted: nothing restarts", async () => {
    const before = await engineStart(host);
    await provider.create(ENGINE, first);
    expect(await engineStart(host)).toBe(before);
  });

  test("a label takes a reload, a log option a restart, a name neither", async () => {
    const start = await engineStart(host);
    const relabelled = { ...first, daemon: { ...first.daemon, labels: ["rack=2"] }, names: {} };
    await change(first, relabelled);
    expect(await engineStart(host)).toBe(start);
    expect(await on("docker info --format '{{.Labels}}'")).toBe("[rack=2]\n");
    expect(await on("cat /etc/hosts")).not.toContain("dockyard");
    await change(relabelled, first);
    await change(first, { ...first, daemon: { ...first.daemon, "log-opts": { "max-size": "6m" } } });
    expect(await engineStart(host)).not.toBe(start);
    await change({ ...first, daemon: { ...first.daemon, "log-opts": { "max-size": "6m" } } }, first);
  });

  test("a key that is taken away is really gone from the running engine", async () => {
    const { labels: _, ...rest } = first.daemon!;
    await change(first, { ...first, daemon: rest });
    expect(await on("docker info --format '{{.Labels}}'")).toBe("[]\n");
    await change({ ...first, daemon: rest }, first);
  });

  test("what a hand has changed shows with its path, and the update repairs it", async () => {
    await editDaemonJson(host, "max-size", '"9m"');
    await on("sed 's/10.77.0.11 registry/10.77.0.99 registry/' /etc/hosts > /tmp/hosts; cat /tmp/hosts > /etc/hosts");
    expect(await drift(first)).toEqual({ "daemon.log-opts.max-size": "update", 'names["registry.example"]': "update" });
    const found = await provider.read(ENGINE, id, { inputs: first, outputs: {} });
    await change(found!.inputs as EngineInputs, first);
    expect(await drift(first)).toEqual({});
    expect(JSON.parse(await on("cat /etc/docker/daemon.json"))["log-opts"]).toEqual({ "max-size": "5m" });
  });

  test("one that was stopped shows as stopped, and the update starts it", async () => {
    await on("systemctl stop docker.socket docker.service");
    const found = await provider.read(ENGINE, id, { inputs: first, outputs: { state: "running" } });
    expect(found!.outputs["state"]).toBe("stopped");
    expect((await provider.diff(ENGINE, id, found!, first)).detail).toEqual({ state: "update" });
    expect(await change(first, first)).toMatchObject({ state: "running" });
  });

  test("a restart that a killed run did not get to shows, and the update does it", async () => {
    await on("mkdir -p /run/dockyard && echo restart > /run/dockyard/engine-pending");
    const start = await engineStart(host);
    const found = await provider.read(ENGINE, id, { inputs: first, outputs: { state: "running" } });
    expect(found!.outputs["state"]).toBe("restart pending");
    expect(await change(first, first)).toMatchObject({ state: "running" });
    expect(await engineStart(host)).not.toBe(start);
  });

  test("a key that the engine does not know is refused before anything is touched", async () => {
    const before = await on("cat /etc/docker/daemon.json");
    const start = await engineStart(host);
    await expect(change(first, { ...first, daemon: { ...first.daemon, "no-such-key": 1 } })).rejects.toThrow(/refuses this daemon\.json: .*no-such-key/);
    expect(await on("cat /etc/docker/daemon.json; ls /etc/docker")).toBe(`${before}daemon.json\n`);
    expect(await engineStart(host)).toBe(start);
  });

  test("a value that only shows at the start to be wrong: the former file is back, the engine runs, the log is told", async () => {
    const before = await on("cat /etc/docker/daemon.json");
    const wrong = change(first, { ...first, daemon: { ...first.daemon, "storage-driver": "nope" } });
    await expect(wrong).rejects.toThrow(/did not come up after its restart \(storage-driver\)[^]*driver not supported: nope[^]*The former .* is back and the engine runs with it/);
    expect(await on("cat /etc/docker/daemon.json; systemctl is-active docker")).toBe(`${before}active\n`);
  });

  test("a file that is no JSON is not touched, and the message says what to do", async () => {
    const before = await on("cat /etc/docker/daemon.json");
    await on("echo '{,' > /etc/docker/daemon.json");
    expect(await drift(first)).toMatchObject({ "daemon.log-driver": "add" });
    await expect(change(first, first)).rejects.toThrow("/etc/docker/daemon.json is not JSON");
    expect(await on("cat /etc/docker/daemon.json")).toBe("{,\n");
    await on(`cat > /etc/docker/daemon.json <<'END'\n${before}END`);
  });

  test("another machine: gone when read, refused when changed, left alone when deleted", async () => {
    const other = await machineIdOf(hosts[1]!);
    const stored = { inputs: { ...first, host: other }, outputs: { state: "running" } };
    expect(await provider.read(ENGINE, other, stored)).toBeUndefined();
    await expect(provider.update(ENGINE, other, stored, stored.inputs)).rejects.toThrow("is another machine");
    const before = await on("cat /etc/docker/daemon.json");
    await provider.delete(ENGINE, other, stored);
    expect(await on("cat /etc/docker/daemon.json")).toBe(before);
    expect((await provider.diff(ENGINE, other, stored, first)).detail).toEqual({ host: "update!" });
  });

  test("of a node of the Swarm: after a restart the manager is ready again before anything goes on; its data does not move", async () => {
    await on(`docker swarm init --advertise-addr ${host.address}`);
    const changed = { ...first, daemon: { ...first.daemon, "log-opts": { "max-size": "7m" } } };
    await change(first, changed);
    expect(await on("docker node ls --format '{{.Status}} {{.ManagerStatus}}'")).toBe("Ready Leader\n");
    await expect(change(changed, { ...changed, daemon: { ...changed.daemon, "data-root": "/srv/docker" } })).rejects.toThrow("data-root cannot change on a node of a Swarm");
    await on("docker swarm leave --force");
    await change(changed, first);
  });

  test("deleted: only what was ours is gone, the engine runs on", async () => {
    const start = await engineStart(host);
    await provider.delete(ENGINE, id, { inputs: first, outputs: {} });
    expect(JSON.parse(await on("cat /etc/docker/daemon.json"))).toEqual({ "max-concurrent-downloads": 7 });
    expect(await on("cat /etc/hosts")).not.toMatch(/registry\.example|dockyard/);
    expect(await engineStart(host)).toBe(start);
  });

  test("on a dead host: deleting is no error, and reading tells what the last update left", async () => {
    const dead = wanted({ connection: { address: "10.213.245.250", hostKey: host.hostKey } });
    await provider.delete(ENGINE, id, { inputs: dead, outputs: {} });
    expect(await provider.read(ENGINE, id, { inputs: dead, outputs: {} })).toEqual({ inputs: dead, outputs: {} });
  });
});

describe("an engine that nobody has set up", () => {
  const defaults = { "log-driver": "json-file", "log-opts": { "max-size": "20m", "max-file": "5" }, "no-new-privileges": true, "userland-proxy": false };
  const onBare = (command: string) => onScratchHost(hosts[1]!, command);

  test("gets rotating logs, no new privileges and no proxies; what a hand changes of it shows, and an override takes its place", async () => {
    const machineId = await machineIdOf(hosts[1]!);
    const inputs: EngineInputs = { connection: connectionTo(hosts[1]!), host: machineId };
    const { outputs } = await provider.create(ENGINE, inputs);
    expect(outputs).toMatchObject({ state: "running", defaults });
    expect(JSON.parse(await onBare("cat /etc/docker/daemon.json"))).toEqual(defaults);
    expect(await onBare("docker info --format '{{.LoggingDriver}} {{.SecurityOptions}}'")).toMatch(/^json-file .*name=no-new-privileges/);
    const look = async () => (await provider.read(ENGINE, machineId, { inputs, outputs }))!;
    expect((await provider.diff(ENGINE, machineId, await look(), inputs)).detail).toEqual({});

    await onBare(`sed -i '/no-new-privileges/d; s/"userland-proxy": false/"userland-proxy": true/' /etc/docker/daemon.json`);
    const found = await look();
    expect((await provider.diff(ENGINE, machineId, found, inputs)).detail).toEqual({ "daemon.no-new-privileges": "update", "daemon.userland-proxy": "update" });
    const overridden = { ...inputs, daemon: { "log-driver": "local" } };
    expect(await provider.update(ENGINE, machineId, found as Parameters<typeof provider.update>[2], overridden)).toMatchObject({ defaults });
    expect(JSON.parse(await onBare("cat /etc/docker/daemon.json"))).toEqual({ "log-driver": "local", "no-new-privileges": true, "userland-proxy": false });

    await provider.delete(ENGINE, machineId, { inputs: overridden, outputs });
    expect(await onBare("ls /etc/docker")).not.toContain("daemon.json");
  });
});

describe("a host without an engine", () => {
  test("gets the distribution's, configured before it starts for the first time", async () => {
    const bare = hosts[1]!;
    const machineId = await machineIdOf(bare);
    await onScratchHost(bare, "systemctl stop docker.socket docker.service; DEBIAN_FRONTEND=noninteractive apt-get purge -y -q docker.io docker-cli; rm -rf /etc/docker");
    const inputs: EngineInputs = { connection: connectionTo(bare), host: machineId, package: { source: "distribution" }, daemon: { "log-driver": "local" } };
    expect(await provider.read(ENGINE, machineId, { inputs })).toBeUndefined();

    const impossible = provider.create(ENGINE, { ...inputs, package: { source: "distribution", version: "1.2.3" } });
    const error = await impossible.catch((failure: VerbFailed) => failure);
    expect(error).toBeInstanceOf(VerbFailed);
    expect((error as VerbFailed).message).toContain("no package docker.io of version 1.2.3 is offered; there is ");
    expect((error as VerbFailed).partial?.id).toBe(machineId);

    const { outputs } = await provider.create(ENGINE, inputs);
    expect(outputs).toMatchObject({ state: "running", defaults: { "no-new-privileges": true, "userland-proxy": false } });
    expect(await onScratchHost(bare, "docker info --format '{{.LoggingDriver}}'; systemctl is-enabled docker; systemctl show docker -p NRestarts")).toBe("local\nenabled\nNRestarts=0\n");
    expect((await provider.read(ENGINE, machineId, { inputs, outputs }))!.outputs).toEqual(outputs);
  }, 900_000);
});
