import fc from "fast-check";
import { hostAddressProblem, planNetworks, type NetworkRequest, roomProblem } from "../../../components/network/plan";
import { contains, overlap, parseSubnet, singleAddress } from "../../../provider/swarm/subnet";

const POOL = "10.144.0.0/12";
const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/), { maxLength: 30 });
/** Networks of which some have a subnet written down, some of those inside the pool. */
const requests = names.chain((list) =>
  fc.tuple(
    ...list.map((name): fc.Arbitrary<NetworkRequest> =>
      fc.oneof(
        { weight: 3, arbitrary: fc.constant({ name }) },
        fc
          .integer({ min: 144, max: 170 })
          .chain((second) => fc.integer({ min: 0, max: 255 }).map((third) => ({ name, subnet: `10.${second}.${third}.0/24` }))),
      ),
    ),
  ),
) as fc.Arbitrary<NetworkRequest[]>;
/** A pool so small that names often meet in it. */
const smallPool = fc.constantFrom("10.9.0.0/24", "10.9.0.0/22", "10.9.0.0/20");

const planned = (list: readonly NetworkRequest[], pool = POOL) =>
  new Map(list.map(({ name }, index) => [name, planNetworks(list, pool, 24).subnets[index]!]));

describe("the planned subnets", () => {
  it("never overlap, unless the plan says which and why", () => {
    fc.assert(
      fc.property(requests, smallPool, (list, pool) => {
        const { subnets, collisions } = planNetworks(list, pool, 24);
        const accused = new Set(collisions.map(({ index }) => index));
        const pairs = subnets
          .flatMap((a, i) => subnets.slice(i + 1).map((b, j) => [i, i + 1 + j, overlap(parseSubnet(a), parseSubnet(b))] as const))
          .filter(([, , meet]) => meet);
        // Of each pair that meets the later one is accused, and nobody without cause.
        expect([...accused].sort()).toEqual([...new Set(pairs.map(([, later]) => later))].sort());
      }),
    );
  });

  it("depend on the name alone: others that come, go or change places move none", () => {
    fc.assert(
      fc.property(requests, requests, fc.infiniteStream(fc.nat()), (list, more, random) => {
        const before = planned(list);
        const added = more.filter(({ name }) => !before.has(name));
        const shuffled = [...list.filter((_, index) => index % 2 === 0), ...added]
          .map((request) => ({ request, rank: random.next().value as number }))
          .sort((a, b) => a.rank - b.rank);
        for (const [name, subnet] of planned(shuffled.map(({ request }) => request)))
          if (before.has(name)) expect(subnet).toBe(before.get(name));
      }),
    );
  });

  it("lie in the pool, or where they were written", () => {
    fc.assert(
      fc.property(requests, (list) => {
        list.forEach(({ name, subnet }) => {
          const got = planned(list).get(name)!;
          if (subnet === undefined) expect(contains(parseSubnet(POOL), parseSubnet(got))).toBe(true);
          else expect(got).toBe(subnet);
        });
      }),
      { numRuns: 30 },
    );
  });

  it("that collide can be replaced by the free one that is proposed", () => {
    fc.assert(
      fc.property(requests, smallPool, (list, pool) => {
        const held = [{ holder: "the hosts", subnet: parseSubnet("10.9.1.0/24") }];
        const [collision] = planNetworks(list, pool, 24, held).collisions;
        if (!collision?.free) return;
        const { index, free } = collision;
        const moved = list.map((request, at) => (at === index ? { ...request, subnet: free } : request));
        expect(planNetworks(moved, pool, 24, held).collisions.some((other) => other.index === index)).toBe(false);
      }),
    );
  });

  it("keep clear of what others hold, and the collision names both sides", () => {
    const held = [{ holder: 'host "m1"', subnet: parseSubnet("10.144.7.5/32") }];
    expect(planNetworks([{ name: "back", subnet: "10.144.7.0/24" }], POOL, 24, held).collisions).toEqual([
      { index: 0, subnet: "10.144.7.0/24", written: true, holder: 'host "m1"', held: "10.144.7.5/32", free: "10.144.0.0/24" },
    ]);
  });

  it("run out without a proposal", () => {
    const { collisions } = planNetworks([{ name: "a" }, { name: "b" }], "10.9.0.0/24", 24);
    expect(collisions).toEqual([
      { index: 1, subnet: "10.9.0.0/24", written: false, holder: 'network "a"', held: "10.9.0.0/24", free: undefined },
    ]);
    expect(() => planNetworks([], "10.9.0.0/25", 24)).toThrow("the pool 10.9.0.0/25 has no room for a /24 subnet");
  });
});

describe("the address of a host in a bridge network", () => {
  const subnet = parseSubnet("10.213.0.0/24");
  it.each<[string, string | undefined]>([
    ["10.213.0.11", undefined],
    ["10.213.0.254", undefined],
    ["10.213.0.0", "which is the name of the subnet 10.213.0.0/24 itself"],
    ["10.213.0.1", "which is the subnet's gateway"],
    ["10.213.0.255", "which is the broadcast address of 10.213.0.0/24"],
    ["10.213.1.1", "which is outside the hosts' subnet 10.213.0.0/24"],
  ])("%s: %s", (address, problem) => {
    expect(hostAddressProblem(subnet, singleAddress(address))).toBe(problem);
  });
});

describe("room in a subnet", () => {
  it("counts tasks, virtual addresses and one address for each host", () => {
    expect(roomProblem("10.144.7.0/24", { nodes: 3, virtualAddresses: 50, tasks: 200 })).toBeUndefined();
    expect(roomProblem("10.144.7.0/24", { nodes: 3, virtualAddresses: 51, tasks: 200 })).toBe(
      "10.144.7.0/24 has 253 addresses to give, but 254 are needed (200 tasks, 51 virtual addresses, 3 hosts): a /23 would do, so would several networks",
    );
    expect(roomProblem("10.144.7.0/29", { nodes: 1, virtualAddresses: 0, tasks: 4 })).toBeUndefined();
    expect(roomProblem("10.144.7.0/29", { nodes: 2, virtualAddresses: 0, tasks: 4 })).toContain("a /28 would do");
  });

  it("proposes a length that is enough", () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 29 }), fc.nat(200), fc.nat(3000), (prefix, nodes, tasks) => {
        const population = { nodes, virtualAddresses: nodes, tasks };
        const proposed = /a \/(\d+) would do/.exec(roomProblem(`10.0.0.0/${prefix}`, population) ?? "")?.[1];
        if (proposed !== undefined) expect(roomProblem(`10.0.0.0/${proposed}`, population)).toBeUndefined();
      }),
    );
  });
});
