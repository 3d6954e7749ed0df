import fc from "fast-check";
import { architectureOf, typeProblem } from "../../../../components/hosts/aws/instanceTypes";
import { stackLabel } from "../../../../components/hosts/aws/tags";
import { existing, full, planned, smallest, type Written } from "./samples";

const byName = (written: Written) => new Map(planned(written).machines.map((machine) => [machine.name, machine]));

describe("the hosts", () => {
  it("are managers m1, m2, … and workers by their group, dealt out to the zones", () => {
    expect(planned(full()).machines.map(({ name, role, zone }) => `${name} ${role} ${zone.at(-1)}`)).toEqual([
      "m1 manager a", "m2 manager b", "m3 manager c", "web-1 worker a", "web-2 worker b", "web-3 worker c", "data-1 worker a", "data-2 worker b",
    ]);
  });
  it("have their zone and group as labels, whatever else they have", () => {
    const machines = byName(full());
    expect(machines.get("data-1")!.labels).toEqual({ storage: "ssd", zone: "eu-central-1a", group: "data" });
    expect(machines.get("m1")!.labels).toEqual({ registry: "true", zone: "eu-central-1a", group: "managers" });
  });
  it("stand in subnets of their zones", () => {
    expect(byName(smallest()).get("m1")!.address).toMatch(/^10\.80\.1(2[89]|3[0-5])\./);
    for (const { address, zone } of byName(existing()).values()) {
      const [third, last] = address.split(".").slice(2).map(Number);
      expect(third).toBe("_abc".indexOf(zone.at(-1)!));
      expect(last).toBeGreaterThanOrEqual(128);
    }
  });
  it("are protected when they are managers, unless that is taken off", () => {
    const protectedOnes = (written: Written) => planned(written).machines.filter(({ protect }) => protect).map(({ name }) => name);
    expect(protectedOnes(full())).toEqual(["m1", "m2", "m3"]);
    expect(protectedOnes(full({ managers: { count: 3, type: "m7g.large", protect: false } }))).toEqual([]);
  });
});

describe("another machine for the same host", () => {
  const changed = (more: Written): string[] => {
    const [before, after] = [byName(full()), byName(full(more))];
    const names = [...new Set([...before.keys(), ...after.keys()])];
    return names.filter((name) => before.get(name)?.resource !== after.get(name)?.resource);
  };
  const group = (name: string, more: object) => ({ workers: (full()["workers"] as { name: string }[]).map((each) => (each.name === name ? { ...each, ...more } : each)) });

  it.each<[string, Written, string[]]>([
    ["type", group("web", { type: "c7g.xlarge" }), ["web-1", "web-2", "web-3"]],
    ["market", group("web", { market: "on-demand" }), ["web-1", "web-2", "web-3"]],
    ["generation of a group", group("data", { generation: 2 }), ["data-1", "data-2"]],
    ["generation of one host", { generations: { m2: 2 } }, ["m2"]],
    ["pinned image", { machineImage: { architecture: "arm64", ami: "ami-0fedcba9876543210" } }, ["m1", "m2", "m3", "web-1", "web-2", "web-3", "data-1", "data-2"]],
    ["host more", group("data", { count: 3 }), ["data-3"]],
    ["host less", group("web", { count: 2 }), ["web-3"]],
  ])("comes with another %s", (_, more, hosts) => expect(changed(more)).toEqual(hosts));

  it.each<[string, Written]>([
    ["larger disks", group("data", { dataDisk: "300G", rootDisk: "20G" })],
    ["other labels", group("data", { labels: {} })],
    ["no tasks", group("web", { availability: "drain" })],
    ["other tags", { tags: { project: "x", owner: "y", costCenter: "z" } }],
    ["another edge", { edge: { ports: [{ port: 80 }] } }],
  ])("does not come with %s", (_, more) => expect(changed(more)).toEqual([]));

  it("has another address, so that both exist at the same time", () => {
    const [before, after] = [byName(full()).get("m2")!, byName(full({ generations: { m2: 2 } })).get("m2")!];
    expect(after.address).not.toBe(before.address);
  });
  it("has the address that is written for it", () => expect(byName(full({ addresses: { m2: "10.90.33.7" } })).get("m2")!.address).toBe("10.90.33.7"));
});

describe("the architecture of a type", () => {
  it.each(["t4g.small", "m7g.large", "c6gn.16xlarge", "r8gd.medium", "x2gd.metal", "im4gn.large", "is4gen.large", "g5g.xlarge", "hpc7g.4xlarge"])("of %s is arm64", (type) => expect(architectureOf(type)).toBe("arm64"));
  it.each(["t3.small", "m7i.large", "m7i-flex.large", "c6in.large", "r7iz.large", "g4dn.xlarge", "g6.xlarge", "p4d.24xlarge", "i4i.large", "inf2.xlarge", "u-6tb1.metal"])("of %s is x86_64, or it is refused", (type) => expect(architectureOf(type) ?? "x86_64").toBe("x86_64"));
  it.each(["t2.micro", "m4.large", "mac2-m2.metal", "large", "m7g"])("%s is no host", (type) => expect(typeProblem(type)).toBeDefined());
});

describe("a stack's name in names", () => {
  it("is short, plain and its own", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9_.-]{1,60}$/), { minLength: 2, maxLength: 2 }), ([one, other]) => {
        expect(stackLabel(one!)).toMatch(/^[a-z0-9]([a-z0-9-]{0,14}[a-z0-9])?$/);
        fc.pre(stackLabel(one!).length <= 11);
        expect(stackLabel(one!) === stackLabel(other!)).toBe(false);
      }),
    );
    expect(stackLabel("prod")).toBe("prod");
  });
});
