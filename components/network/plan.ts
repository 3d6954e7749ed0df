import { contains, overlap, parseSubnet, slotAt, slotCount, slotOfName, type Subnet } from "../../provider/swarm/subnet";

/**
 * The address planner. Who hands out what:
 *
 * - Swarm's own allocator cuts subnets out of `addressPool` for `ingress` and for networks that bundles bring along. Nothing
 *   here may plan inside it, or both could hand out the same subnet at the same time.
 * - The networks of the platform live in `networkPool` (or in a subnet of their own, written down). A network without a
 *   `subnet` gets the slot of the pool that its name hashes to.
 *
 * A subnet thus depends on the network's name and the pool alone: adding, removing or reordering other networks never moves
 * it, which would replace the network and every service on it. Two names that hash to one slot are refused with a free
 * subnet to write down, rather than one silently giving way to the other.
 */

/** A network of the configuration, as far as addresses go. */
export interface NetworkRequest {
  readonly name: string;
  /** Left out: the slot of the pool that the name hashes to. */
  readonly subnet?: string;
}

/** A range of addresses that somebody holds, with the words a message names it by: `network "front"`. */
export interface Claim {
  readonly holder: string;
  readonly subnet: Subnet;
}

/** Why a network cannot have its subnet. */
export interface Collision {
  /** Position of the network in the list that was planned. */
  readonly index: number;
  /** What it wants. */
  readonly subnet: string;
  /** Whether the subnet was written down or came from the name. */
  readonly written: boolean;
  /** Who has it already. */
  readonly holder: string;
  readonly held: string;
  /** A subnet of the pool that nobody has, when there is one left. */
  readonly free?: string;
}

export interface NetworkPlan {
  /** Subnet of each network, in the order of the requests; also of those with a collision. */
  readonly subnets: readonly string[];
  readonly collisions: readonly Collision[];
}

/**
 * Plans the subnets of the platform's networks. Of two that want the same addresses, the one listed later is at fault.
 * @param pool where networks without a subnet of their own come from
 * @param size prefix length of those subnets; at least the pool's own
 * @param held what no network may touch: Swarm's own pool, hosts, bridges
 * @throws Error when a subnet is malformed or the pool has no room for a single one
 */
export function planNetworks(requests: readonly NetworkRequest[], pool: string, size: number, held: readonly Claim[] = []): NetworkPlan {
  const wholePool = parseSubnet(pool);
  const slots = slotCount(wholePool, size);
  if (slots === 0) throw new Error(`the pool ${pool} has no room for a /${size} subnet`);

  const wanted = requests.map((request) => ({
    request,
    subnet: request.subnet === undefined ? slotAt(wholePool, size, slotOfName(request.name, slots)) : parseSubnet(request.subnet),
  }));
  const claims: Claim[] = [...held, ...wanted.map(({ request, subnet }) => ({ holder: `network "${request.name}"`, subnet }))];

  const collisions = wanted.flatMap(({ request, subnet }, index): Collision[] => {
    const other = claims.slice(0, held.length + index).find((claim) => overlap(claim.subnet, subnet));
    if (!other) return [];
    const free = freeSlot(wholePool, size, claims);
    return [{ index, subnet: subnet.text, written: request.subnet !== undefined, holder: other.holder, held: other.subnet.text, free }];
  });
  return { subnets: wanted.map(({ subnet }) => subnet.text), collisions };
}

/** Why `address` cannot be a machine's in a bridge network of that subnet, or undefined. The first address is the bridge's own. */
export function hostAddressProblem(subnet: Subnet, address: Subnet): string | undefined {
  if (!contains(subnet, address)) return `which is outside the hosts' subnet ${subnet.text}`;
  if (address.first === subnet.first) return `which is the name of the subnet ${subnet.text} itself`;
  if (address.first === subnet.last) return `which is the broadcast address of ${subnet.text}`;
  if (address.first === subnet.first + 1) return "which is the subnet's gateway";
  return undefined;
}

/** What takes an address of an overlay. */
export interface Population {
  /** Hosts that run a task on it: each keeps one address for load balancing. */
  readonly nodes: number;
  /** Services with a virtual address (endpoint mode "vip"). */
  readonly virtualAddresses: number;
  /** Tasks at the worst moment: with "start-first" the old and the new ones at once. */
  readonly tasks: number;
}

/** Tasks of a service in the middle of an update: with start-first the new ones are there before the old ones go. */
export function tasksInUpdate(count: number, update: { readonly order?: string; readonly parallelism?: number } = {}): number {
  if (update.order !== "start-first") return count;
  const { parallelism = 1 } = update;
  return count + (parallelism === 0 ? count : Math.min(count, parallelism));
}

/**
 * Says why a subnet is too small, or undefined when all fit. The network's name, its broadcast address and the gateway are
 * taken from the start. A full overlay leaves tasks in state "new" with the reason in the leader's journal alone.
 */
export function roomProblem(subnet: string, { nodes, virtualAddresses, tasks }: Population): string | undefined {
  const { first, last, prefix } = parseSubnet(subnet);
  const usable = Math.max(0, last - first + 1 - 3);
  const needed = nodes + virtualAddresses + tasks;
  if (needed <= usable) return undefined;
  const fitting = 32 - Math.ceil(Math.log2(needed + 3));
  return (
    `${subnet} has ${usable} addresses to give, but ${needed} are needed (${tasks} tasks, ${virtualAddresses} virtual addresses, ` +
    `${nodes} hosts): a /${Math.min(fitting, prefix - 1)} would do, so would several networks`
  );
}

/** The first slot that nobody holds. Pools may have a million slots and claims hold few: jumps over each claim at once. */
function freeSlot(pool: Subnet, size: number, claims: readonly Claim[]): string | undefined {
  const width = 2 ** (32 - size);
  for (let slot = 0; slot < slotCount(pool, size);) {
    const candidate = slotAt(pool, size, slot);
    const other = claims.find((claim) => overlap(claim.subnet, candidate));
    if (!other) return candidate.text;
    slot = Math.floor((other.subnet.last - pool.first) / width) + 1;
  }
  return undefined;
}
