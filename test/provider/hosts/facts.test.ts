import { execFileSync } from "node:child_process";
import { dockerArchitecture, FACTS_SCRIPT, parseFacts } from "../../../provider/hosts/facts";

const printed = (changes: Record<string, string | undefined> = {}, more: string[] = []): string => {
  const lines: Record<string, string | undefined> = {
    "clock.start": "1764000000000",
    "machine-id": "0123456789abcdef0123456789abcdef",
    hostname: "node1",
    "os.id": "debian",
    "os.version": "13",
    "os.name": "Debian GNU/Linux 13 (trixie)",
    arch: "x86_64",
    kernel: "6.12.1",
    cpus: "2",
    "memory.kb": "1024",
    cgroup: "2",
    "disk.path": "/var/lib/docker",
    "disk.free": "5000000000",
    addresses: "[]",
    routes: "[]",
    engine: "",
    "clock.end": "1764000000200",
    ...changes,
  };
  const all = Object.entries(lines).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
  return [...all, ...more].join("\n") + "\n";
};

describe("facts of a host", () => {
  test("are read from what the script prints", () => {
    expect(parseFacts(printed({ engine: "Docker version 26.1.5+dfsg1, build 411e817" }, ["feature=vxlan", "feature=overlay", "missing=unshare"]))).toEqual({
      machineId: "0123456789abcdef0123456789abcdef",
      hostname: "node1",
      os: { id: "debian", version: "13", name: "Debian GNU/Linux 13 (trixie)" },
      arch: "amd64",
      kernel: "6.12.1",
      cpus: 2,
      memory: 1048576,
      cgroup: 2,
      disk: { path: "/var/lib/docker", free: 5000000000 },
      clock: { start: 1764000000000, end: 1764000000200 },
      addresses: [],
      routes: [],
      features: ["overlay", "vxlan"],
      missing: ["unshare"],
      engineVersion: "26.1.5+dfsg1",
    });
  });

  test("have the host's own addresses, sorted, not those of loopback, links, the engine's bridges or privacy extensions", () => {
    const link = (ifname: string, ...addr_info: object[]) => ({ ifname, addr_info });
    const addresses = JSON.stringify([
      link("lo", { local: "127.0.0.1", scope: "host" }),
      link("eth0", { local: "10.77.0.11", scope: "global" }, { local: "fe80::1", scope: "link" }, { local: "2001:db8::9", scope: "global", temporary: true }),
      link("eth1", { local: "10.1.0.5", scope: "global" }, { local: "2001:db8::5", scope: "global" }),
      link("docker0", { local: "172.17.0.1", scope: "global" }),
      link("docker_gwbridge", { local: "172.18.0.1", scope: "global" }),
      link("br-0123456789ab", { local: "172.19.0.1", scope: "global" }),
      link("br-lan", { local: "192.168.1.1", scope: "global" }),
      {},
    ]);
    expect(parseFacts(printed({ addresses })).addresses).toEqual(["10.1.0.5", "10.77.0.11", "192.168.1.1", "2001:db8::5"]);
  });

  test("have the routes without the default ones", () => {
    const routes = JSON.stringify([{ dst: "default", dev: "eth0" }, { dst: "10.77.0.0/24", dev: "eth0" }, { dst: "10.9.9.9" }]);
    expect(parseFacts(printed({ routes })).routes).toEqual([
      { destination: "10.77.0.0/24", device: "eth0" },
      { destination: "10.9.9.9", device: "?" },
    ]);
  });

  test("have an empty machine-id where there is none", () => expect(parseFacts(printed({ "machine-id": "" })).machineId).toBe(""));

  test.each([
    ["nothing at all", "", 'no "machine-id"; got: nothing'],
    ["a script that was cut short", printed({ "clock.end": undefined }), 'no "clock.end"'],
    ["a number that is none", printed({ cpus: "many" }), '"cpus" as "many"'],
  ])("refuse %s", (_what, output, message) => expect(() => parseFacts(output)).toThrow(message));

  test.each([
    ["x86_64", "amd64"],
    ["aarch64", "arm64"],
    ["riscv64", "riscv64"],
  ])("name the architecture %s as Docker does: %s", (machine, docker) => expect(dockerArchitecture(machine)).toBe(docker));

  test("come from a script that a POSIX shell can read", () => {
    expect(() => execFileSync("sh", ["-n"], { input: FACTS_SCRIPT, stdio: ["pipe", "ignore", "pipe"] })).not.toThrow();
  });
});
