import { type Claim, planNetworks } from "../../network/plan";
import { enclosingSubnet, isAddress, overlap, parseSubnet, singleAddress, slotCount } from "../../../provider/swarm/subnet";
import { defaults } from "../defaults";
import { type Path, pathText, type Problem } from "../problems";
import { refused, type Sketch } from "../sketch";
import { awsSection } from "./aws";
import { listedHosts } from "./hosts";

/** A range together with the place in the configuration that it comes from. */
interface PlacedClaim extends Claim {
  readonly path: Path;
  /** Whether it stands there; otherwise it is the default. */
  readonly written: boolean;
}

/** No two of these may share addresses: machines, Swarm's own pool, the pool of the platform's networks, their subnets, the engines' bridges. */
export function addressProblems(sketch: Sketch): Problem[] {
  const hosts = machines(sketch);
  const swarm = addressPools(sketch);
  const pool = networkPool(sketch);
  return [
    ...hosts.flatMap((machine) => clash(machine, hostBridges(sketch))),
    ...swarm.flatMap((claim, index) => clash(claim, [...hosts, ...engineBridges(sketch), ...swarm.slice(0, index)])),
    ...(pool ? clash(pool, [...hosts, ...engineBridges(sketch), ...swarm]) : []),
    ...poolsTooSmall(sketch, [...swarm, ...(pool ? [pool] : [])]),
    ...(pool ? networkProblems(sketch, pool, [...hosts, ...engineBridges(sketch), ...swarm]) : []),
  ];
}

function machines(sketch: Sketch): PlacedClaim[] {
  const section = sketch.hosts;
  if (!section || refused(section, "subnet")) return [];
  if (section.source === "lab") {
    return [
      {
        holder: "the hosts' subnet",
        path: ["hosts", "subnet"],
        written: section.subnet !== undefined,
        subnet: parseSubnet(section.subnet ?? defaults.labSubnet),
      },
    ];
  }
  if (section.source === "aws") return awsRanges(sketch);
  return listedHosts(sketch).flatMap((host) =>
    (["address", "privateAddress"] as const).flatMap((key) => {
      const address = host[key];
      if (address === undefined || !isAddress(address)) return [];
      return [
        {
          holder: `host "${host.name ?? host.index}"`,
          path: ["hosts", "hosts", host.index, key],
          written: true,
          subnet: singleAddress(address),
        },
      ];
    }),
  );
}

/** The VPC, or the subnets of one that is there. */
function awsRanges(sketch: Sketch): PlacedClaim[] {
  const aws = awsSection(sketch);
  if (!aws) return [];
  const { existing, cidr } = aws.network;
  if (!existing) return [{ holder: "the hosts' VPC", path: ["hosts", "network", "cidr"], written: cidr !== undefined, subnet: parseSubnet(cidr ?? defaults.aws.cidr) }];
  return existing.subnets.map((subnet, index) => ({
    holder: `the hosts' subnet ${subnet.id}`,
    path: ["hosts", "network", "existing", "subnets", index, "cidr"],
    written: true,
    subnet: parseSubnet(subnet.cidr),
  }));
}

function addressPools({ swarm = {} }: Sketch): PlacedClaim[] {
  if (refused(swarm, "addressPool")) return [];
  return (swarm.addressPool ?? defaults.swarm.addressPool).flatMap((text, index) =>
    text === undefined
      ? []
      : [
          {
            holder: "Swarm's address pool",
            path: ["swarm", "addressPool", index],
            written: swarm.addressPool !== undefined,
            subnet: parseSubnet(text),
          },
        ],
  );
}

function networkPool({ swarm = {} }: Sketch): PlacedClaim | undefined {
  if (refused(swarm, "networkPool")) return undefined;
  const text = swarm.networkPool ?? defaults.swarm.networkPool;
  return {
    holder: "the pool of the platform's networks",
    path: ["swarm", "networkPool"],
    written: swarm.networkPool !== undefined,
    subnet: parseSubnet(text),
  };
}

const BRIDGES = "the engines' own bridges";

/** Where an engine makes bridge networks as the need comes: its `default-address-pools`, by default 172.17 to 172.31 and 192.168. */
function engineBridges(sketch: Sketch): Claim[] {
  const ranges = configuredPools(sketch) ?? [...Array.from({ length: 15 }, (_, index) => `172.${17 + index}.0.0/16`), "192.168.0.0/16"];
  return bridgeClaims([...ranges, ...bip(sketch)]);
}

/**
 * Where two bridges are sure to be, docker0 and docker_gwbridge. Hosts may well stand elsewhere in the engine's range, such
 * as in 192.168: an engine keeps clear of networks that it sees a route to. It sees none to a host in another subnet.
 */
function hostBridges(sketch: Sketch): Claim[] {
  return bridgeClaims([...(configuredPools(sketch) ?? ["172.17.0.0/16", "172.18.0.0/16"]), ...bip(sketch)]);
}

function bridgeClaims(ranges: readonly string[]): Claim[] {
  return ranges.flatMap((range) => {
    const subnet = enclosingSubnet(range);
    return subnet ? [{ holder: BRIDGES, subnet }] : [];
  });
}

function configuredPools({ engine }: Sketch): string[] | undefined {
  const pools = engine?.daemon?.["default-address-pools"];
  return Array.isArray(pools)
    ? pools.flatMap((pool: { base?: unknown } | null) => (typeof pool?.base === "string" ? [pool.base] : []))
    : undefined;
}

function bip({ engine }: Sketch): string[] {
  const address = engine?.daemon?.["bip"];
  return typeof address === "string" ? [address] : [];
}

/** One problem for a claim that overlaps others: the first of these is named, with where it comes from. */
function clash(claim: PlacedClaim, others: readonly (Claim | PlacedClaim)[]): Problem[] {
  const other = others.find((candidate) => overlap(candidate.subnet, claim.subnet));
  if (!other) return [];
  const text = claim.subnet.prefix === 32 ? claim.subnet.text.replace("/32", "") : claim.subnet.text;
  const found = claim.written ? `found "${text}"` : `is "${text}" by default`;
  return [
    {
      path: claim.written ? claim.path : claim.path.slice(0, 2),
      says: `${found}, which overlaps ${named(other)}; ${remedy(claim, other)}`,
    },
  ];
}

function named(claim: Claim | PlacedClaim): string {
  const where =
    "path" in claim
      ? `${claim.subnet.text.replace("/32", "")} at ${pathText(claim.path)}${claim.written ? "" : ", by default"}`
      : claim.subnet.text;
  return `${claim.holder} (${where})`;
}

function remedy(claim: PlacedClaim, other: Claim): string {
  if (other.holder !== BRIDGES) return "write a range that nobody else uses";
  return claim.path[0] === "hosts"
    ? "move the bridges by engine.daemon.default-address-pools, or the host"
    : "write another range, or move the bridges by engine.daemon.default-address-pools";
}

function poolsTooSmall({ swarm = {} }: Sketch, pools: readonly PlacedClaim[]): Problem[] {
  if (refused(swarm, "subnetSize")) return [];
  const size = swarm.subnetSize ?? defaults.swarm.subnetSize;
  return pools
    .filter(({ subnet }) => slotCount(subnet, size) === 0)
    .map(({ path, subnet }) => ({
      path,
      says: `found "${subnet.text}", which has no room for subnets of length /${size}; write a larger pool, or a longer swarm.subnetSize`,
    }));
}

function networkProblems({ swarm = {}, networks = [] }: Sketch, pool: PlacedClaim, held: readonly Claim[]): Problem[] {
  const size = swarm.subnetSize ?? defaults.swarm.subnetSize;
  if (refused(swarm, "subnetSize") || slotCount(pool.subnet, size) === 0) return [];
  // Of two networks with one name only the first has a place: that they share the name is another rule's to say.
  const listed = networks.flatMap((network, index) =>
    network?.name !== undefined && !refused(network, "subnet") && networks.findIndex((other) => other?.name === network.name) === index
      ? [{ index, name: network.name, subnet: network.subnet }]
      : [],
  );
  return planNetworks(listed, pool.subnet.text, size, held).collisions.map((collision) => {
    const { name, index } = listed[collision.index]!;
    const found = collision.written
      ? `found "${collision.subnet}", which`
      : `is missing, and the one that the name "${name}" leads to, ${collision.subnet},`;
    const next = collision.free ? `write a free one, such as "${collision.free}"` : "write one elsewhere: swarm.networkPool has none left";
    return { path: ["networks", index, "subnet"], says: `${found} overlaps ${collision.holder} (${collision.held}); ${next}` };
  });
}
