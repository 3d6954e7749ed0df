import type { HostInputs } from "../../../provider/hosts/host";
import { onScratchHost, type ScratchHost, startScratchHosts, stopScratchHosts } from "../../../lab/scratch";
import { ProviderProcess } from "../support/provider";
import { HOST, hostInputs, machineIdOf } from "./laboratory";

jest.setTimeout(180_000);

const NAME = "host-test";
let hosts: ScratchHost[];
let provider: ProviderProcess;

beforeAll(async () => {
  hosts = await startScratchHosts({ name: NAME, subnet: 246, count: 2 });
}, 360_000);
afterAll(() => stopScratchHosts(NAME), 180_000);

// A process of its own for each test: what one has met, the next does not know.
beforeEach(async () => {
  provider = await ProviderProcess.start({ privateKey: hosts[0]!.privateKey, timeouts: { connect: 3 } });
});
afterEach(() => provider.stop());

const take = (inputs: HostInputs) => provider.create(HOST, inputs);

describe("a host", () => {
  test("is known by its machine-id, and a look later shows the same", async () => {
    const inputs = hostInputs(hosts[0]!);
    expect(await provider.check(HOST, inputs)).toEqual([]);
    const { id, outputs } = await take(inputs);
    expect(id).toBe(await machineIdOf(hosts[0]!));
    expect(outputs).toMatchObject({ machineId: id, hostname: hosts[0]!.name, os: "debian 13", addresses: [hosts[0]!.address] });

    const found = await provider.read(HOST, id, { inputs, outputs });
    expect(found).toEqual({ inputs, outputs });
    expect(await provider.diff(HOST, id, found!, inputs)).toMatchObject({ changes: false });
    expect(await provider.update(HOST, id, { inputs, outputs }, { ...inputs, pools: ["10.145.0.0/16"] })).toEqual(outputs);
  });

  test("that is unfit is refused with all reasons at once, and nothing is changed on it", async () => {
    const before = await onScratchHost(hosts[0]!, "cat /etc/hosts /etc/hostname; ls /etc/docker");
    const unfit = { ...hostInputs(hosts[0]!), addresses: ["10.9.9.9"], pools: ["10.213.0.0/16"], requirements: { diskFree: 2 ** 50 } };
    const refused = take(unfit);
    await expect(refused).rejects.toThrow(/cannot be taken, nothing was changed on it:\n {2}- disk: .*\n {2}- address: .*needed: 10\.9\.9\.9.*\n {2}- network: found a route to 10\.213\.246\.0\/24 \(eth0\)/);
    expect(await onScratchHost(hosts[0]!, "cat /etc/hosts /etc/hostname; ls /etc/docker")).toBe(before);
  });

  test("kernel features are tried for real: what works here passes, a module that is not there fails", async () => {
    const { outputs } = await take(hostInputs(hosts[0]!));
    const tried = await onScratchHost(hosts[0]!, "unshare -n ip link add probe type vxlan id 1 dstport 4789 && echo vxlan; modprobe ip_vs 2>/dev/null; ls /proc/net/ip_vs 2>/dev/null; true");
    const features = outputs["features"] as string[];
    expect(features.includes("vxlan")).toBe(tried.includes("vxlan"));
    expect(features.includes("ip_vs")).toBe(tried.includes("/proc/net/ip_vs"));
  });

  test("two hosts with one machine-id are refused, both named", async () => {
    const original = await machineIdOf(hosts[1]!);
    await onScratchHost(hosts[1]!, `echo ${await machineIdOf(hosts[0]!)} > /etc/machine-id`);
    try {
      const results = await Promise.allSettled(hosts.map((host) => take(hostInputs(host))));
      const reasons = results.flatMap((result) => (result.status === "rejected" ? [String(result.reason)] : []));
      expect(reasons).toHaveLength(1);
      for (const host of hosts) expect(reasons[0]).toContain(host.name);
      expect(reasons[0]).toContain("machine-id");
    } finally {
      await onScratchHost(hosts[1]!, `echo ${original} > /etc/machine-id`);
    }
  });

  test("a newcomer with the machine-id of a host that only the state knows is refused too", async () => {
    const inputs = hostInputs(hosts[0]!);
    const known = { inputs: { ...inputs, name: "elsewhere", connection: { ...inputs.connection, address: "10.213.246.99" } }, outputs: { machineId: await machineIdOf(hosts[0]!) } };
    await provider.diff(HOST, known.outputs.machineId, known, known.inputs);
    await expect(take(inputs)).rejects.toThrow("is that of host elsewhere (10.213.246.99:22) too");
  });

  test("another machine at the address: the one that was known is gone, an update is refused", async () => {
    const inputs = hostInputs(hosts[0]!);
    const stranger = "f".repeat(32);
    expect(await provider.read(HOST, stranger, { inputs, outputs: { machineId: stranger } })).toBeUndefined();
    await expect(provider.update(HOST, stranger, { inputs, outputs: { machineId: stranger } }, inputs)).rejects.toThrow("is another machine");
  });

  test("an unreachable one is taken by nobody, read as it was, never gone, and can be deleted all the same", async () => {
    const inputs: HostInputs = { ...hostInputs(hosts[0]!), name: "dead", connection: { address: "10.213.246.250", hostKey: hosts[0]!.hostKey }, timeout: "1s" };
    expect(await provider.read(HOST, "a".repeat(32), { inputs })).toEqual({ inputs, outputs: {} });
    await expect(take(inputs)).rejects.toThrow("host dead (10.213.246.250) cannot be reached");
    await provider.delete(HOST, "a".repeat(32), { inputs });
  });

  test("a wrong host key is refused", async () => {
    const inputs = hostInputs(hosts[0]!);
    await expect(take({ ...inputs, connection: { ...inputs.connection, hostKey: hosts[1]!.hostKey } })).rejects.toThrow("shows another key than the pinned");
  });

  test("a name that a container's host cannot take is an error that says where the name comes from", async () => {
    await expect(take({ ...hostInputs(hosts[0]!), name: "renamed" })).rejects.toThrow("its name comes from outside");
  });

  test("one with another name is renamed, finds itself, and keeps its name once it is in a Swarm", async () => {
    // A container's name and hosts file are mounts; without them it is as free as any machine.
    await onScratchHost(hosts[1]!, "umount /etc/hostname /etc/hosts");
    const inputs = { ...hostInputs(hosts[1]!), name: "renamed" };
    const { id, outputs } = await take(inputs);
    expect(outputs).toMatchObject({ hostname: "renamed" });
    expect(await onScratchHost(hosts[1]!, "hostname; cat /etc/hostname; getent hosts renamed")).toMatch(/^renamed\nrenamed\n127\.0\.1\.1 +renamed\n$/);

    await onScratchHost(hosts[1]!, `docker swarm init --advertise-addr ${hosts[1]!.address}`);
    const again = provider.update(HOST, id, { inputs, outputs }, { ...inputs, name: "other" });
    await expect(again).rejects.toThrow("Name the host renamed in the configuration, or take it out of the Swarm first");
    expect(await onScratchHost(hosts[1]!, "hostname")).toBe("renamed\n");
  });

  test("another instance or host key is another machine; another address is the same one elsewhere", async () => {
    const inputs = { ...hostInputs(hosts[0]!), instance: "container-1" };
    const stored = { inputs, outputs: { machineId: "a".repeat(32) } };
    const differs = async (wanted: object) => (await provider.diff(HOST, "a".repeat(32), stored, wanted)).detail;
    expect(await differs({ ...inputs, instance: "container-2" })).toEqual({ instance: "update!" });
    expect(await differs({ ...inputs, connection: { ...inputs.connection, hostKey: hosts[1]!.hostKey } })).toEqual({ "connection.hostKey": "update!" });
    expect(await differs({ ...inputs, connection: { ...inputs.connection, address: "10.0.0.9" } })).toEqual({ "connection.address": "update" });
  });

  test.each<[string, Partial<HostInputs>, string]>([
    ["a pool that is none", { pools: ["10.144.0.1/16"] }, 'pools[0]: found "10.144.0.1/16"'],
    ["an address twice", { addresses: ["10.0.0.1", "10.0.0.1"] }, "addresses: 10.0.0.1 stands here twice"],
    ["a name that is no hostname", { name: "Node_1" }, "name: a hostname"],
    ["a timeout without a unit", { timeout: "60" }, "timeout: a duration"],
  ])("%s is refused before anything is done", async (_name, change, message) => {
    expect((await provider.check(HOST, { ...hostInputs(hosts[0]!), ...change })).join()).toContain(message);
  });
});
