import { addressAt, contains, isAddress, parseSubnet, singleAddress, slotAt, slotCount, slotOfName, type Subnet } from "../../../provider/swarm/subnet";

/** A zone's subnets in a VPC of our own: machines stand in the private one, gateways and balancers in the public one. */
export interface ZoneSubnets {
  readonly zone: string;
  readonly public: string;
  readonly private: string;
}

/** A VPC is cut into this many parts: the first four private, one for each zone; the public ones out of the fifth. */
const PARTS = 8;
/** Largest prefix length of a VPC: below it a zone would have no room for a platform (AWS takes no subnet below /28). */
export const SMALLEST_VPC = 22;
/** Smallest, AWS's own limit. */
export const LARGEST_VPC = 16;

/**
 * The subnets of a VPC, by the position of their zone in the list: a zone that is added gets the next ones, and none moves.
 * A /16 gives each zone 8187 private addresses and 2043 public ones.
 */
export function planSubnets(cidr: string, zones: readonly string[]): ZoneSubnets[] {
  const vpc = parseSubnet(cidr);
  const part = vpc.prefix + Math.log2(PARTS);
  const publicPart = slotAt(vpc, part, 4);
  return zones.map((zone, index) => ({ zone, private: slotAt(vpc, part, index).text, public: slotAt(publicPart, part + 2, index).text }));
}

/** AWS keeps the first four addresses of a subnet (network, router, DNS, future use) and the last one. */
const KEPT_AT_START = 4;

/**
 * Why a machine cannot have `address` in a subnet, or undefined.
 * @param cidr of the subnet
 * @param hosts the part of it that hosts take addresses from; the rest is somebody else's
 */
export function hostAddressProblem(address: string, cidr: string, hosts: string = cidr): string | undefined {
  if (!isAddress(address)) return 'which is no IPv4 address; write one such as "10.80.0.20"';
  const [subnet, part, own] = [parseSubnet(cidr), parseSubnet(hosts), singleAddress(address)];
  if (!contains(part, own)) return `which is outside of ${hosts}, where hosts of its zone have their addresses`;
  if (own.first < subnet.first + KEPT_AT_START || own.first === subnet.last) return `which AWS keeps for itself in ${cidr}`;
  return undefined;
}

/**
 * The address of a machine: a place in its subnet that follows from what the machine is alone. So it is known before the machine
 * exists, no other machine moves it, and its successor has another one: both exist at the same time.
 * @param identity name of the host and all that makes a machine another one
 */
export function plannedAddress(identity: string, cidr: string, hosts: string = cidr): string {
  const free = usable(parseSubnet(cidr), parseSubnet(hosts));
  return addressAt({ ...parseSubnet(hosts), first: free.first }, slotOfName(identity, free.count));
}

function usable(subnet: Subnet, part: Subnet): { first: number; count: number } {
  const first = Math.max(part.first, subnet.first + KEPT_AT_START);
  const last = Math.min(part.last, subnet.last - 1);
  return { first, count: last - first + 1 };
}

/** How many machines fit. */
export function roomForHosts(cidr: string, hosts: string = cidr): number {
  return Math.max(0, usable(parseSubnet(cidr), parseSubnet(hosts)).count);
}

/** Whether a range can be that of a VPC; slots for all subnets have to be there. */
export function vpcProblem(cidr: string): string | undefined {
  const vpc = parseSubnet(cidr);
  if (vpc.prefix < LARGEST_VPC || vpc.prefix > SMALLEST_VPC || slotCount(vpc, vpc.prefix + Math.log2(PARTS)) < PARTS) {
    return `a VPC here is between a /${LARGEST_VPC} and a /${SMALLEST_VPC}`;
  }
  return undefined;
}
