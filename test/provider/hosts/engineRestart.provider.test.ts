import type { EngineInputs } from "../../../provider/hosts/engineInputs";
import { onScratchHost, type ScratchHost, startScratchHosts, stopScratchHosts } from "../../../lab/scratch";
import { ProviderProcess } from "../support/provider";
import { connectionTo, ENGINE, machineIdOf } from "./laboratory";

jest.setTimeout(360_000);

const NAME = "restart-test";
let hosts: ScratchHost[];
let provider: ProviderProcess;
let engines: { id: string; inputs: EngineInputs }[];

beforeAll(async () => {
  hosts = await startScratchHosts({ name: NAME, subnet: 244, count: 3 });
  provider = await ProviderProcess.start({ privateKey: hosts[0]!.privateKey, managers: hosts.map(connectionTo), timeouts: { connect: 3 } });
  engines = await Promise.all(
    hosts.map(async (host) => {
      const id = await machineIdOf(host);
      return { id, inputs: { connection: connectionTo(host), host: id, daemon: {} } };
    }),
  );
  await onScratchHost(hosts[0]!, `docker swarm init --advertise-addr ${hosts[0]!.address}`);
  const token = (await onScratchHost(hosts[0]!, "docker swarm join-token -q manager")).trim();
  for (const host of hosts.slice(1)) await onScratchHost(host, `docker swarm join --token ${token} --advertise-addr ${host.address} ${hosts[0]!.address}`);
}, 360_000);
afterAll(async () => {
  provider?.stop();
  await stopScratchHosts(NAME);
}, 180_000);

/** Changes an engine in something that needs a restart. */
const withLogSize = ({ id, inputs }: { id: string; inputs: EngineInputs }, size: string) =>
  provider.update(ENGINE, id, { inputs, outputs: { state: "running" } }, { ...inputs, daemon: { "log-opts": { "max-size": size } } });

/** When the service was stopped and started again, milliseconds since the machine started (all hosts share its clock). */
async function outage(host: ScratchHost): Promise<{ from: number; to: number }> {
  const shown = await onScratchHost(host, "systemctl show docker -p InactiveExitTimestampMonotonic -p ActiveExitTimestampMonotonic -p ActiveEnterTimestampMonotonic");
  const at = (name: string) => Number(new RegExp(`^${name}TimestampMonotonic=(\\d+)$`, "m").exec(shown)![1]) / 1000;
  return { from: at("ActiveExit"), to: at("ActiveEnter") };
}

describe("three managers", () => {
  test("asked to restart all at once do it one after the other, each ready before the next", async () => {
    await Promise.all(engines.map((engine) => withLogSize(engine, "5m")));
    const outages = (await Promise.all(hosts.map(outage))).sort((a, b) => a.from - b.from);
    for (const [index, next] of outages.slice(1).entries()) expect(next.from).toBeGreaterThan(outages[index]!.to);
    expect(await onScratchHost(hosts[0]!, "docker node ls --format '{{.Status}} {{.ManagerStatus}}' | sort")).toBe("Ready Leader\nReady Reachable\nReady Reachable\n");
  });

  test("of which one is away are not restarted: the quorum would go", async () => {
    await onScratchHost(hosts[2]!, "systemctl stop docker.socket docker.service");
    await seenFrom(hosts[0]!, "Unreachable");
    await expect(withLogSize(engines[0]!, "6m")).rejects.toThrow(/needs a restart, but with it away only 1 of 3 managers would answer, 2 are needed; bring back restart-test-3 first/);
    expect(await onScratchHost(hosts[0]!, "docker node ls --format '{{.ManagerStatus}}' | sort | head -1")).toMatch(/Leader|Reachable/);

    await onScratchHost(hosts[2]!, "systemctl start docker.service");
    await seenFrom(hosts[0]!, "Reachable");
    expect(await withLogSize(engines[0]!, "6m")).toMatchObject({ state: "running" });
  });

  test("of which one becomes a worker get no version that is older than that worker's", async () => {
    await onScratchHost(hosts[0]!, "docker node demote restart-test-3");
    const version = (await onScratchHost(hosts[0]!, "docker version --format '{{.Server.Version}}'")).trim();
    const [major, minor] = version.split(".").map(Number);
    const older = minor! > 0 ? `${major}.${minor! - 1}` : `${major! - 1}.99`;
    const { id, inputs } = engines[0]!;
    const asked = provider.update(ENGINE, id, { inputs, outputs: { state: "running" } }, { ...inputs, package: { source: "distribution", version: older } });
    await expect(asked).rejects.toThrow(`with ${older} it would be older than restart-test-3 (${version})`);
    expect((await onScratchHost(hosts[0]!, "docker version --format '{{.Server.Version}}'")).trim()).toBe(version);
  });
});

/** Waits until the managers see the third host so; while they elect a leader, which may have been that one, they answer nothing. */
async function seenFrom(host: ScratchHost, status: string): Promise<void> {
  const seen = () => onScratchHost(host, "docker node inspect restart-test-3 --format '{{.ManagerStatus.Reachability}}'").catch((error: Error) => error.message);
  for (const end = Date.now() + 60_000; ; await new Promise((resolve) => setTimeout(resolve, 250))) {
    const found = (await seen()).trim();
    if (found === status.toLowerCase()) return;
    if (Date.now() > end) throw new Error(`the third manager never was ${status}: ${found}`);
  }
}
