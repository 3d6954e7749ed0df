import { isDeepStrictEqual } from "node:util";
import * as ipaddr from "ipaddr.js";
import * as z from "zod";
import type { CheckFailure } from "../resource";
import { UNKNOWN } from "../wire";
import { reconcile } from "./service/reconcile";
import { withoutEmpty } from "./service/order";

/** An overlay network. Swarm can change nothing of it in place, so every change makes it anew. */
export const NetworkInputs = z.strictObject({
  cluster: z.string().describe("Id of the cluster it spans (output of Cluster)."),
  name: z.string().describe("Full name; exists once in a cluster."),
  subnet: z.string().optional().describe('IPv4 subnet, "10.20.0.0/24". Left out: the next free one of the cluster\'s address pool.'),
  gateway: z.string().optional().describe("Default: the first address of the subnet."),
  ipv6Subnet: z.string().optional().describe("IPv6 subnet; left out, the network has no IPv6."),
  encrypted: z
    .union([z.boolean(), z.literal("new")])
    .optional()
    .describe("Encrypts what crosses between hosts (IPsec; the hosts' kernels must have it). \"new\": where the network is made anew. Left out, and with \"new\", one that exists stays as it is."),
  attachable: z.boolean().optional().describe("Whether containers outside of services may join. Default false."),
  internal: z.boolean().optional().describe("Whether there is no way out. Default false."),
  mtu: z.int().min(576).max(65535).optional().describe("Largest packet in bytes. Default: the driver's 1450."),
  labels: z.record(z.string(), z.string()).optional().describe("Labels of the network."),
});
export type NetworkInputs = z.infer<typeof NetworkInputs>;

/** What the Docker API says about a network of the Swarm. */
export interface LiveNetwork {
  Id: string;
  Name: string;
  Scope: string;
  Driver: string;
  Ingress?: boolean;
  Internal?: boolean;
  Attachable?: boolean;
  EnableIPv6?: boolean;
  IPAM?: { Config?: { Subnet?: string; Gateway?: string }[] | null };
  Options?: Record<string, string> | null;
  Labels?: Record<string, string> | null;
}

const MTU = "com.docker.network.driver.mtu";

/** The network as the Docker API wants it. */
export function toNetworkSpec(inputs: NetworkInputs): object {
  const pools = [inputs.subnet && { Subnet: inputs.subnet, Gateway: inputs.gateway }, inputs.ipv6Subnet && { Subnet: inputs.ipv6Subnet }];
  return {
    Name: inputs.name,
    Driver: "overlay",
    // Engines before API 1.44 allow two networks of one name without it.
    CheckDuplicate: true,
    Internal: inputs.internal ?? false,
    Attachable: inputs.attachable ?? false,
    EnableIPv6: inputs.ipv6Subnet !== undefined,
    ...(inputs.subnet || inputs.ipv6Subnet ? { IPAM: { Driver: "default", Config: pools.filter(Boolean) } } : {}),
    Options: { ...(inputs.encrypted && { encrypted: "" }), ...(inputs.mtu && { [MTU]: String(inputs.mtu) }) },
    Labels: inputs.labels ?? {},
  };
}

type Described = Omit<NetworkInputs, "cluster">;

/** A live network in the words of the inputs, without the defaults. Every address is shown, also those the engine chose. */
export function fromNetwork(live: LiveNetwork): Described {
  const [v4, v6] = [poolOf(live, "ipv4"), poolOf(live, "ipv6")];
  return withoutEmpty<Described>({
    name: live.Name,
    subnet: v4?.Subnet,
    gateway: v4?.Gateway,
    ipv6Subnet: v6?.Subnet,
    encrypted: isEncrypted(live) || undefined,
    attachable: live.Attachable || undefined,
    internal: live.Internal || undefined,
    mtu: live.Options?.[MTU] ? Number(live.Options[MTU]) : undefined,
    labels: live.Labels ?? undefined,
  })!;
}

/** The address pool of that family, if the network has got it yet. */
export function poolOf(live: LiveNetwork, kind: "ipv4" | "ipv6"): { Subnet?: string; Gateway?: string } | undefined {
  return live.IPAM?.Config?.find(({ Subnet }) => Subnet && ipaddr.isValidCIDR(Subnet) && ipaddr.parseCIDR(Subnet)[0].kind() === kind);
}

/** Inputs without what says nothing: false flags, empty labels. */
const canonicalNetwork = ({ cluster: _cluster, ...inputs }: NetworkInputs): Described =>
  withoutEmpty<Described>({
    ...inputs,
    encrypted: inputs.encrypted || undefined,
    attachable: inputs.attachable || undefined,
    internal: inputs.internal || undefined,
  })!;

/** The inputs that describe the live network: in the old wording where it means the same, addresses that are left open left open. */
export function observeNetwork(inputs: NetworkInputs, live: LiveNetwork): NetworkInputs {
  const found = fromNetwork(live);
  if (inputs.subnet === undefined) delete found.subnet;
  if (inputs.gateway === undefined) delete found.gateway;
  const { cluster, ...written } = inputs;
  return { cluster, ...(reconcile(written, canonicalNetwork(inputs), found) as Described) };
}

/** Whether what crosses between hosts is encrypted. The option counts as set whatever it says but "false". */
export function isEncrypted({ Options: options }: Pick<LiveNetwork, "Options">): boolean {
  return options?.["encrypted"] !== undefined && options["encrypted"] !== "false";
}

/**
 * Decides whether the network is encrypted where the inputs leave it open, or wait for a host to say whether it can. One that exists stays as it is: Swarm can encrypt none in place,
 * and nobody's network is to be made anew, with all that is attached to it, because a default has changed.
 */
export function decideNetwork(wanted: Record<string, unknown>, known: Record<string, unknown> | undefined): Record<string, unknown> {
  const { encrypted } = wanted;
  if (encrypted !== undefined && encrypted !== "new" && encrypted !== UNKNOWN) return {};
  if (known) return { encrypted: known["encrypted"] === true };
  return encrypted === UNKNOWN ? {} : { encrypted: encrypted === "new" };
}

/** Whether the live network is what the inputs ask for. */
export function isSuchNetwork(inputs: NetworkInputs, live: LiveNetwork): boolean {
  return isDeepStrictEqual(observeNetwork(inputs, live), inputs);
}

/** Rules beyond the types: addresses that are none, and a gateway outside of its subnet. */
export function checkNetwork(inputs: NetworkInputs): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const network = inputs.subnet === undefined ? undefined : cidrOf(inputs.subnet, "ipv4");
  if (inputs.subnet !== undefined && !network) failures.push({ property: "subnet", reason: `"${inputs.subnet}" is no IPv4 network; write its first address, like "10.20.0.0/24"` });
  if (inputs.ipv6Subnet !== undefined && !cidrOf(inputs.ipv6Subnet, "ipv6")) {
    failures.push({ property: "ipv6Subnet", reason: `"${inputs.ipv6Subnet}" is no IPv6 network; write its first address, like "fd00:20::/64"` });
  }
  if (inputs.gateway !== undefined) {
    const inside = network && ipaddr.IPv4.isValidFourPartDecimal(inputs.gateway) && ipaddr.IPv4.parse(inputs.gateway).match(network);
    if (!inside) failures.push({ property: "gateway", reason: `"${inputs.gateway}" is no address in ${inputs.subnet ?? "a subnet that is given"}; leave it out for the first address` });
  }
  return failures;
}

/** The network if the text is one of that family, written with its first address. */
function cidrOf(text: string, kind: "ipv4" | "ipv6"): [ipaddr.IPv4, number] | undefined {
  if (!ipaddr.isValidCIDR(text)) return undefined;
  const [address, prefix] = ipaddr.parseCIDR(text);
  if (address.kind() !== kind) return undefined;
  const family = kind === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6;
  const first = family.networkAddressFromCIDR(text).toString() === address.toString();
  return first ? [address as ipaddr.IPv4, prefix] : undefined;
}
