import * as fc from "fast-check";
import type { HostFacts } from "../../../provider/hosts/facts";
import { clockSkew, DEFAULT_REQUIREMENTS, preflight, type PreflightInputs, preflightReport } from "../../../provider/hosts/preflight";

const good: HostFacts = {
  machineId: "0123456789abcdef0123456789abcdef",
  hostname: "node1",
  os: { id: "debian", version: "13", name: "Debian GNU/Linux 13 (trixie)" },
  arch: "amd64",
  kernel: "6.12.1",
  cpus: 2,
  memory: 4e9,
  cgroup: 2,
  disk: { path: "/var/lib", free: 10 * 1024 ** 3 },
  clock: { start: 1000, end: 1200 },
  addresses: ["10.77.0.11"],
  routes: [{ destination: "10.77.0.0/24", device: "eth0" }],
  features: ["overlay", "vxlan"],
  missing: [],
  engineVersion: undefined,
};
const inputs: PreflightInputs = { requirements: DEFAULT_REQUIREMENTS, pools: ["10.144.0.0/16"], addresses: ["10.77.0.11"] };
const asked = { sent: 950, received: 1250 };
const failures = (facts: Partial<HostFacts>, wanted: Partial<PreflightInputs> = {}, conflicts: string[] = []) =>
  preflight({ ...good, ...facts }, { ...inputs, ...wanted }, asked, conflicts);

describe("preflight", () => {
  test("finds nothing on a fit host", () => expect(failures({})).toEqual([]));

  test.each<[string, Partial<HostFacts>, Partial<PreflightInputs>, string, string]>([
    ["no machine-id", { machineId: "" }, {}, "machine-id", "none"],
    ["a machine-id that systemd has yet to make", { machineId: "uninitialized" }, {}, "machine-id", '"uninitialized"'],
    ["an old Debian", { os: { id: "debian", version: "11", name: "Debian 11" } }, {}, "operating system", "Debian 11"],
    ["an old Ubuntu", { os: { id: "ubuntu", version: "20.04", name: "Ubuntu 20.04" } }, {}, "operating system", "Ubuntu 20.04"],
    ["another system", { os: { id: "alpine", version: "3.22", name: "Alpine" } }, {}, "operating system", "Alpine"],
    ["no version", { os: { id: "debian", version: "", name: "" } }, {}, "operating system", "an unknown one"],
    ["a missing command", { missing: ["ip"] }, {}, "commands", "no ip"],
    ["a kernel without VXLAN", { features: ["overlay"] }, {}, "kernel feature vxlan", "kernel 6.12.1 refuses it"],
    ["a full disk", { disk: { path: "/data", free: 1024 ** 3 } }, {}, "disk", "1.0 GiB free at /data"],
    ["an address of another host", { addresses: ["10.77.0.12"] }, {}, "address", "10.77.0.12"],
    ["a route inside a pool", { routes: [{ destination: "10.144.9.0/24", device: "vpn0" }] }, {}, "network", "a route to 10.144.9.0/24 (vpn0)"],
    ["a route around a pool", { routes: [{ destination: "10.0.0.0/8", device: "eth0" }] }, {}, "network", "a route to 10.0.0.0/8 (eth0)"],
    ["a host route in a pool", { routes: [{ destination: "10.144.0.7", device: "eth0" }] }, {}, "network", "a route to 10.144.0.7 (eth0)"],
    ["an ancient engine", { engineVersion: "19.03.15" }, {}, "installed engine", "19.03.15"],
  ])("finds %s", (_name, facts, wanted, what, found) => {
    expect(failures(facts, wanted).map((failure) => [failure.what, failure.found])).toEqual([[what, found]]);
  });

  test.each([
    ["20.10.23", false],
    ["20.10.24+dfsg1", true],
    ["23.0.2", false],
    ["23.0.3", true],
    ["26.1.5+dfsg1", true],
  ])("takes engine %s for encrypted networks: %s", (engineVersion, fit) => {
    const wanted = { requirements: { ...DEFAULT_REQUIREMENTS, features: ["esp" as const] } };
    expect(failures({ engineVersion, features: ["esp"] }, wanted)).toHaveLength(fit ? 0 : 1);
  });

  test.each(["12", "13"])("takes Debian %s", (version) => expect(failures({ os: { id: "debian", version, name: "" } })).toEqual([]));
  test.each(["22.04", "24.04", "26.04"])("takes Ubuntu %s", (version) => expect(failures({ os: { id: "ubuntu", version, name: "" } })).toEqual([]));

  test("tells everything at once, in one message that names the host", () => {
    const all = failures({ features: [], addresses: [], disk: { path: "/", free: 0 } }, {}, ["machine-id 01 is that of host node2 (10.77.0.12:22) too"]);
    expect(all.map(({ what }) => what)).toEqual(["identity", "kernel feature overlay", "kernel feature vxlan", "disk", "address"]);
    const report = preflightReport("node1", "10.77.0.11", all);
    expect(report).toMatch(/^host node1 \(10\.77\.0\.11\) cannot be taken, nothing was changed on it:\n {2}- identity: found machine-id 01 is that of host node2/);
    expect(report.split("\n")).toHaveLength(6);
  });
});

describe("the clock of a host", () => {
  const late = { sent: 100_000, received: 100_300 };

  test("is compared in the middle of the request", () => {
    expect(clockSkew({ start: 110_050, end: 110_250 }, late)).toEqual({ skew: 10_000, uncertainty: 50 });
  });

  test.each([
    [5_000, 0],
    [5_040, 0],
    [5_060, 1],
    [-5_060, 1],
  ])("%i ms away with 50 ms of doubt and 5 s allowed: %i failure", (away, count) => {
    const clock = { start: 100_050 + away, end: 100_250 + away };
    expect(preflight({ ...good, clock }, inputs, late, [])).toHaveLength(count);
  });

  test("is never found wrong when it is right, however slow the line is on either way", () => {
    const duration = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(duration, duration, duration, (there, look, back) => {
        const start = 1_000_000 + there;
        const { skew, uncertainty } = clockSkew({ start, end: start + look }, { sent: 1_000_000, received: start + look + back });
        return Math.abs(skew) <= uncertainty;
      }),
    );
  });
});
