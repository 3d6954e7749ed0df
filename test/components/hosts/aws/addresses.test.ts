import fc from "fast-check";
import { hostAddressProblem, plannedAddress, planSubnets, roomForHosts, vpcProblem } from "../../../../components/hosts/aws/addresses";
import { defaults } from "../../../../components/config/defaults";
import { contains, overlap, parseSubnet, slotAt } from "../../../../provider/swarm/subnet";

const vpcs = fc.tuple(fc.integer({ min: 16, max: 22 }), fc.nat(2 ** 16 - 1)).map(([prefix, slot]) => slotAt(parseSubnet("0.0.0.0/0"), prefix, slot % 2 ** prefix).text);
const zoneLists = fc.constantFrom(["a", "b"], ["a", "b", "c"]);

describe("the subnets of a VPC", () => {
  it("lie in it and never overlap", () => {
    fc.assert(
      fc.property(vpcs, zoneLists, (cidr, zones) => {
        const all = planSubnets(cidr, zones).flatMap((each) => [each.public, each.private]).map(parseSubnet);
        expect(all).toHaveLength(zones.length * 2);
        for (const subnet of all) {
          expect(contains(parseSubnet(cidr), subnet)).toBe(true);
          expect(subnet.prefix).toBeLessThanOrEqual(28);
          expect(all.filter((other) => overlap(other, subnet))).toEqual([subnet]);
        }
      }),
    );
  });
  it("do not move when a zone is added", () => {
    fc.assert(fc.property(vpcs, (cidr) => expect(planSubnets(cidr, ["a", "b", "c"]).slice(0, 2)).toEqual(planSubnets(cidr, ["a", "b"]))));
  });
  it("are these by default", () =>
    expect(planSubnets(defaults.aws.cidr, ["a", "b", "c"])).toEqual([
      { zone: "a", private: "10.80.0.0/19", public: "10.80.128.0/21" },
      { zone: "b", private: "10.80.32.0/19", public: "10.80.136.0/21" },
      { zone: "c", private: "10.80.64.0/19", public: "10.80.144.0/21" },
    ]));
  it("by default are apart from the Swarm's pools, the lab and AWS's default VPC", () => {
    const others = [...defaults.swarm.addressPool, defaults.swarm.networkPool, defaults.labSubnet, "172.16.0.0/12", "192.168.0.0/16"];
    expect(others.filter((other) => overlap(parseSubnet(other), parseSubnet(defaults.aws.cidr)))).toEqual([]);
  });
  it.each(["10.0.0.0/15", "10.0.0.0/23"])("have no place in %s", (cidr) => expect(vpcProblem(cidr)).toMatch(/between a \/16 and a \/22/));
});

describe("the address of a machine", () => {
  const parts = fc.constantFrom(["10.20.1.0/24", "10.20.1.0/24"], ["10.20.1.0/24", "10.20.1.128/25"], ["10.80.0.0/19", "10.80.0.0/19"], ["10.20.1.0/28", "10.20.1.0/28"]);

  it("is one that hosts may have, and follows from the identity alone", () => {
    fc.assert(
      fc.property(fc.string(), parts, (identity, [cidr, hosts]) => {
        const address = plannedAddress(identity, cidr!, hosts!);
        expect(hostAddressProblem(address, cidr!, hosts!)).toBeUndefined();
        expect(plannedAddress(identity, cidr!, hosts!)).toBe(address);
      }),
    );
  });
  it.each([
    ["10.20.1.0", "AWS keeps"],
    ["10.20.1.3", "AWS keeps"],
    ["10.20.1.255", "AWS keeps"],
    ["10.20.2.7", "outside of 10.20.1.0/24"],
    ["ten", "no IPv4 address"],
  ])("is not %s", (address, reason) => expect(hostAddressProblem(address, "10.20.1.0/24")).toContain(reason));
  it("has room", () => {
    expect(roomForHosts("10.20.1.0/24")).toBe(251);
    expect(roomForHosts("10.20.1.0/24", "10.20.1.128/25")).toBe(127);
    expect(roomForHosts("10.20.1.0/24", "10.20.1.0/30")).toBe(0);
  });
});
