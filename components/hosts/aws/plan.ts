import { createHash } from "node:crypto";
import { parseByteSize } from "../../bundle/byteSize";
import type { AwsHosts } from "../../config/awsSchema";
import { defaults } from "../../config/defaults";
import { plannedAddress, planSubnets, type ZoneSubnets } from "./addresses";
import { awsTags } from "./tags";
import { spread } from "./zones";

/** One instance, with all that makes it the machine it is. */
export interface AwsMachine {
  /** Name of the host in the platform. */
  readonly name: string;
  readonly role: "manager" | "worker";
  /** "managers", or the name of its group of workers. */
  readonly group: string;
  readonly zone: string;
  readonly type: string;
  readonly market: "on-demand" | "spot";
  readonly availability: "active" | "pause" | "drain";
  readonly labels: Readonly<Record<string, string>>;
  /** Sizes in GiB. */
  readonly rootDisk: number;
  readonly dataDisk: number;
  /** In the VPC. */
  readonly address: string;
  /** Name of the machine's own resources. Another machine for the same host has another one, so both can exist. */
  readonly resource: string;
  /** Whether it may be removed neither by this program nor by hand. */
  readonly protect: boolean;
}

/** A subnet that hosts stand in. */
export interface HostSubnet {
  readonly zone: string;
  readonly cidr: string;
  /** The part of it that hosts take addresses from. */
  readonly hosts: string;
  /** Undefined: it is made. */
  readonly id?: string;
}

/** The network of the platform: made here, or there already. */
export type NetworkPlan =
  | { readonly kind: "own"; readonly cidr: string; readonly nat: "zone" | "one" | "none"; readonly s3Accounts: readonly string[]; readonly subnets: readonly ZoneSubnets[] }
  | { readonly kind: "existing"; readonly vpc: string; readonly subnets: readonly HostSubnet[]; readonly edgeSubnets: readonly { id: string; zone: string }[] };

/** All that is to be in AWS, as plain data. */
export interface AwsPlan {
  readonly stack: string;
  readonly settings: AwsHosts;
  readonly network: NetworkPlan;
  /** Managers first, in the order of the configuration. */
  readonly machines: readonly AwsMachine[];
  readonly tags: Readonly<Record<string, string>>;
}

/** Name of the group that the managers are. */
export const MANAGERS = "managers";

/** Plans everything that the configuration's hosts come to. Pure. The settings must have passed the rules. */
export function planAws(settings: AwsHosts, stack: string): AwsPlan {
  return { stack, settings, network: planNetwork(settings), machines: planMachines(settings), tags: awsTags(settings.tags, stack) };
}

export function planNetwork({ network, zones }: AwsHosts): NetworkPlan {
  const { existing, cidr = defaults.aws.cidr, nat = defaults.aws.nat, s3Accounts = [] } = network;
  if (!existing) return { kind: "own", cidr, nat, s3Accounts, subnets: planSubnets(cidr, zones) };
  const subnets = existing.subnets.map((subnet) => ({ ...subnet, hosts: subnet.hosts ?? subnet.cidr }));
  return { kind: "existing", vpc: existing.vpc, subnets, edgeSubnets: existing.edgeSubnets };
}

/** Where hosts of a zone stand: in the private subnet, or in the public one when SSH goes to a public address. */
export function hostSubnets(settings: AwsHosts): HostSubnet[] {
  const network = planNetwork(settings);
  if (network.kind === "existing") return [...network.subnets];
  return network.subnets.map((subnets) => {
    const cidr = subnets[settings.access.address];
    return { zone: subnets.zone, cidr, hosts: cidr };
  });
}

/** A host that the configuration asks for, before it has an address. */
interface Wanted {
  readonly name: string;
  readonly role: "manager" | "worker";
  readonly group: string;
  readonly market: "on-demand" | "spot";
  readonly protect: boolean;
  readonly zone: string;
  readonly from: AwsHosts["managers"] | AwsHosts["workers"][number];
}

/** The hosts by name: managers m1, m2, …, workers GROUP-1, GROUP-2, … A count that shrinks takes the last ones away. */
export function wantedHosts({ managers, workers, zones }: Pick<AwsHosts, "managers" | "workers" | "zones">): Wanted[] {
  return [
    ...spread(managers.count, zones).map((zone, index) => ({ name: `m${index + 1}`, role: "manager" as const, group: MANAGERS, market: "on-demand" as const, protect: managers.protect, zone, from: managers })),
    ...workers.flatMap((group) => spread(group.count, zones).map((zone, index) => ({ name: `${group.name}-${index + 1}`, role: "worker" as const, group: group.name, market: group.market, protect: false, zone, from: group }))),
  ];
}

function planMachines(settings: AwsHosts): AwsMachine[] {
  const subnets = hostSubnets(settings);
  return wantedHosts(settings).map((wanted) => machineOf(wanted, settings, subnets.find(({ zone }) => zone === wanted.zone)!));
}

function machineOf(wanted: Wanted, settings: AwsHosts, subnet: HostSubnet): AwsMachine {
  const { name, role, group, market, protect, zone, from } = wanted;
  const identity = machineIdentity(wanted, settings, subnet);
  return {
    name,
    role,
    group,
    zone,
    market,
    protect,
    type: from.type,
    availability: from.availability,
    labels: { ...from.labels, zone, group },
    rootDisk: gibibytes(from.rootDisk),
    dataDisk: gibibytes(from.dataDisk),
    address: settings.addresses[name] ?? plannedAddress(identity, subnet.cidr, subnet.hosts),
    resource: `${name}-${createHash("sha256").update(identity).digest("hex").slice(0, 6)}`,
  };
}

/**
 * What a machine cannot change without becoming another one: AWS would stop a running host for another type, and make anew a disk
 * that is in use for another key. A pinned image belongs to it, the id of the newest one does not.
 */
function machineIdentity({ name, market, from }: Wanted, { machineImage: image, kmsKey, generations, access }: AwsHosts, subnet: HostSubnet): string {
  const generation = generations[name] ?? from.generation;
  return JSON.stringify([name, from.type, market, image.ami ?? image.newest, image.architecture, kmsKey ?? "", access.address, subnet.id ?? subnet.cidr, subnet.zone, generation]);
}

/** Volumes come in whole GiB. */
export function gibibytes(size: string): number {
  return Math.ceil(parseByteSize(size)! / 2 ** 30);
}
