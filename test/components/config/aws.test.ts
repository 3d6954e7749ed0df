import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { parseConfiguration } from "../../../components/config";
import { existing, full, smallest, TAGS, type Written } from "../hosts/aws/samples";
import { lab, problemsOf } from "./samples";

const stack = (hosts: Written, more: Written = {}) => ({ hosts, registry: { node: "m1" }, ...more });
const refusals = (hosts: Written, more: Written = {}) => problemsOf(() => parseConfiguration(stack(hosts, more), "prod"));
const managers = { count: 3, type: "m7g.large" };

describe("hosts in AWS that are right", () => {
  it.each([["smallest", smallest], ["full", full], ["existing", existing]])("%s are taken", (_, written) => {
    const { hosts, source } = parseConfiguration(stack(written(), { registry: { node: written === existing ? "app-1" : "m1" } }), "prod");
    expect(source.kind).toBe("aws");
    expect(hosts[0]).toMatchObject({ name: "m1", role: "manager" });
    expect(hosts.every(({ address, advertiseAddress }) => address === advertiseAddress)).toBe(true);
  });
  it("keep the registry's images in S3, served by the hosts of a label", () => {
    const { registry } = parseConfiguration(stack(full(), { registry: { node: "registry=true", storage: "s3" } }), "prod");
    expect(registry).toMatchObject({ storage: "s3", hosts: ["m1", "m2", "m3"], constraint: "node.labels.registry == true" });
  });
});

/** What is wrong, by the settings and the beginning of what is said. */
const REFUSED: readonly (readonly [string, Written, string])[] = [
  ["a mistyped region", smallest({ region: "eu-centrl-1" }), 'region: found "eu-centrl-1", which is no region; did you mean "eu-central-1"?'],
  ["a region in another form", smallest({ region: "Frankfurt" }), 'region: found "Frankfurt"; write a region such as'],
  ["one zone", smallest({ zones: ["eu-central-1a"] }), "zones: found 1 zones; write two or three"],
  ["four zones", full({ zones: ["a", "b", "c", "d"].map((letter) => `eu-central-1${letter}`) }), "zones: found a list; write at most three zones"],
  ["a zone of another region", smallest({ zones: ["eu-central-1a", "eu-west-1b"] }), 'zones[1]: found "eu-west-1b", which is no zone of eu-central-1'],
  ["a zone twice", smallest({ zones: ["eu-central-1a", "eu-central-1a"] }), 'zones[1]: found "eu-central-1a" a second time'],
  ["two managers", full({ managers: { ...managers, count: 2 } }), "managers.count: found 2 managers, which bear no more losses than 1"],
  ["three managers in two zones", smallest({ managers: { count: 3, type: "t4g.small" } }), "managers.count: found 3 managers in two zones, of which eu-central-1a would hold the quorum"],
  ["a type of another architecture", full({ managers: { ...managers, type: "m7i.large" } }), 'managers.type: found "m7i.large", which runs x86_64, while hosts.machineImage is for arm64'],
  ["a worker's type of another architecture", full({ workers: [{ name: "web", count: 1, type: "c7i.large" }], edge: undefined }), 'workers[0].type: found "c7i.large", which runs x86_64'],
  ["an old type", smallest({ managers: { count: 1, type: "a1.large" } }), 'managers.type: found "a1.large", which is of before the Nitro system'],
  ["a VPC of an impossible size", full({ network: { cidr: "10.90.0.0/24" } }), 'network.cidr: found "10.90.0.0/24"; a VPC here is between'],
  ["SSH from everywhere", smallest({ access: { ssh: ["0.0.0.0/0"], address: "public" } }), 'access.ssh[0]: found "0.0.0.0/0", which lets the whole internet try'],
  ["SSH from half of everywhere", smallest({ access: { ssh: ["0.0.0.0/1"], address: "public" } }), 'access.ssh[0]: found "0.0.0.0/1"'],
  ["SSH from nowhere", smallest({ access: { address: "public" } }), "access.ssh: is empty"],
  ["hosts without a way out", smallest({ access: { ssh: ["203.0.113.0/24"] } }), 'network.nat: found "none", so that no host could fetch'],
  ["no image", smallest({ machineImage: { architecture: "arm64" } }), "machineImage: found neither ami nor newest"],
  ["two images", smallest({ machineImage: { architecture: "arm64", newest: "debian-13", ami: "ami-0123456789abcdef0" } }), "machineImage: found both ami and newest"],
  ["zero workers with drained managers", smallest({ managers: { count: 1, type: "t4g.small", availability: "drain" } }), "workers: found no worker that takes tasks"],
  ["drained workers with drained managers", existing({ workers: [{ name: "app", count: 2, type: "m7i.large", availability: "drain" }] }), "workers: found no worker that takes tasks"],
  ["a group of a manager's name", full({ workers: [{ name: "m4", count: 1, type: "m7g.large" }], edge: undefined }), 'workers[0].name: found "m4", a name of the managers'],
  ["two groups of one name", full({ workers: ["web", "web"].map((name) => ({ name, count: 1, type: "m7g.large" })) }), 'workers[1].name: found "web", which workers[0] has already'],
  ["a generation of nobody", full({ generations: { "web-9": 2 } }), "generations.web-9: is for a host that there is not"],
  ["an address outside of the zone's subnet", full({ addresses: { m1: "10.90.33.1" } }), 'addresses.m1: found "10.90.33.1", which is outside of 10.90.0.0/19'],
  ["an address of AWS's", full({ addresses: { m1: "10.90.0.1" } }), 'addresses.m1: found "10.90.0.1", which AWS keeps for itself'],
  ["an address twice", full({ addresses: { m1: "10.90.0.50", "web-1": "10.90.0.50" } }), 'addresses.web-1: found "10.90.0.50", which m1 has already'],
  ["a subnet for no zone", existing({ zones: ["eu-west-1a", "eu-west-1b"], managers: { count: 1, type: "m7i.large" } }), 'network.existing.subnets[2].zone: found "eu-west-1c", which is not among hosts.zones'],
  ["accounts beside a VPC that is there", existing({ network: { ...(existing()["network"] as object), s3Accounts: ["210987654321"] } }), 'network.s3Accounts: found ["210987654321"] beside network.existing'],
  ["an account of eleven digits", full({ network: { s3Accounts: ["21098765432"] } }), "network.s3Accounts[0]: "],
  ["an account that YAML took for a number", full({ network: { s3Accounts: [210987654321] } }), "network.s3Accounts[0]: "],
  ["every account", full({ network: { s3Accounts: ["*"] } }), "network.s3Accounts[0]: "],
  ["a VPC of one's own beside one that is there", existing({ network: { ...(existing()["network"] as object), cidr: "10.90.0.0/16" } }), 'network.cidr: found "10.90.0.0/16" beside network.existing'],
  ["missing tags", smallest({ tags: { project: "shop", owner: "me" } }), "tags.costCenter: is missing"],
  ["a tag of AWS's own", smallest({ tags: { ...TAGS, other: { "aws:x": "1" } } }), 'tags.other["aws:x"]: found "aws:x"; write a tag\'s name that does not begin with'],
  ["an edge on SSH's port", full({ edge: { ports: [{ port: 443, target: 22 }] } }), "edge.ports[0].target: found 22, which the hosts have in use"],
  ["an edge of no group", full({ edge: { ports: [{ port: 443 }], groups: ["wbe"] } }), 'edge.groups[0]: found "wbe", which is no group'],
  ["TLS without a certificate", full({ edge: { ports: [{ port: 443, protocol: "tls" }] } }), 'edge.ports[0].protocol: found "tls", but there is no certificate'],
  ["names without a balancer", full({ edge: { ports: [{ port: 80 }], balancer: false, dns: { zone: "Z0123456", names: ["a.example"] } } }), "edge.balancer: found false, but dns is the balancer's"],
  ["a login key of one's own that is to be rotated", smallest({ loginGeneration: 2, access: { ssh: ["203.0.113.0/24"], address: "public", publicKey: "ssh-ed25519 AAAA" } }), "loginGeneration: found 2 beside access.publicKey"],
  ["a key file of no key", smallest({ access: { ssh: ["203.0.113.0/24"], address: "public", keyFile: "~/.ssh/x" } }), 'access.keyFile: found "~/.ssh/x" without the public key'],
  ["a mistyped key", smallest({ region: "eu-central-1", zone: "a" }), 'zone: unknown key; did you mean "zones"?'],
];

describe("hosts in AWS that cannot be", () => {
  it.each(REFUSED)("are refused by their path: %s", (_, written, says) => {
    const found = refusals(written).filter((line) => line.startsWith("dockyard:hosts."));
    expect(found).toHaveLength(1);
    expect(found[0]!.startsWith(`dockyard:hosts.${says}`)).toBe(true);
  });

  it("are refused when the VPC overlaps the Swarm's pools, at the pool or the VPC", () => {
    const [found] = refusals(full({ network: { cidr: "10.130.0.0/16" } }));
    expect(found).toMatch(/overlaps the hosts' VPC \(10\.130\.0\.0\/16 at dockyard:hosts\.network\.cidr\)/);
    expect(refusals(existing({ network: { existing: { vpc: "vpc-01234567", subnets: ["a", "b", "c"].map((letter, index) => ({ id: `subnet-0000000${letter}`, zone: `eu-west-1${letter}`, cidr: `10.145.${index}.0/24` })) } } }), { registry: { node: "app-1" } })[0]).toContain("overlaps the hosts' subnet subnet-0000000a");
  });

  it("are refused when more of them are wanted than there are addresses", () => {
    const small = { existing: { vpc: "vpc-01234567", subnets: ["a", "b"].map((letter, index) => ({ id: `subnet-0000000${letter}`, zone: `eu-central-1${letter}`, cidr: `10.20.0.${index * 16}/28` })) } };
    const found = refusals(smallest({ network: small, workers: [{ name: "w", count: 11, type: "t4g.small" }] }));
    expect(found).toEqual([expect.stringContaining("has room for 11 machines in 10.20.0.0/28 (eu-central-1a), but 7 and their successors are wanted")]);
  });

  it("are refused when two planned addresses are one, with what to write", () => {
    // Five hosts on eleven addresses: two of them meet.
    const crowded = { existing: { vpc: "vpc-01234567", subnets: ["a", "b"].map((letter, index) => ({ id: `subnet-0000000${letter}`, zone: `eu-central-1${letter}`, cidr: `10.20.0.${index * 16}/28` })) } };
    const found = refusals(smallest({ network: crowded, workers: [{ name: "w", count: 8, type: "t4g.small" }] }));
    expect(found.length).toBeGreaterThan(0);
    for (const line of found) expect(line).toMatch(/^dockyard:hosts\.addresses\.w-\d: is missing, and the one that follows from its name, 10\.20\.0\.\d+, (m1|w-\d) has already; write another address of/);
  });
});

describe("the registry", () => {
  it("in S3 is for hosts in AWS", () => {
    expect(problemsOf(() => parseConfiguration(lab({ registry: { node: "m1", storage: "s3" } }), "dev"))).toContainEqual(expect.stringContaining('registry.storage: found "s3", which only hosts in AWS can use'));
  });
  it("in S3 is served by two hosts or more", () => {
    expect(refusals(full(), { registry: { node: "m1", storage: "s3" } })).toEqual([expect.stringContaining('registry.node: found "m1", which is m1 alone')]);
  });
  it("in a volume stays on one host", () => {
    expect(refusals(full(), { registry: { node: "registry=true" } })).toEqual([expect.stringContaining('registry.node: found "registry=true", which "m1", "m2" and "m3" have')]);
  });
  it("may not be on a host that takes no tasks", () => {
    expect(refusals(existing(), { registry: { node: "m1" } })).toEqual([expect.stringContaining("m1 takes no tasks (availability: drain)")]);
  });
});

describe("the examples", () => {
  it.each(["smallest", "production", "existing-vpc"])("%s is right, all of it", (name) => {
    const { config } = parse(readFileSync(join(__dirname, `../../../examples/aws/Pulumi.${name}.yaml`), "utf8")) as { config: Record<string, unknown> };
    const raw = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("dockyard:", ""), value]));
    expect(parseConfiguration(raw, "prod").source.kind).toBe("aws");
  });
});
