import type { AwsHosts } from "../../config/awsSchema";

/** The security groups of a platform: every host is a member; managers and hosts of the edge are in one more. */
export type GroupName = "members" | "managers" | "edge" | "balancer";

/** Who is at the other end: a range, one of our groups, or a group that is there. */
export type Peer = { readonly cidr: string } | { readonly group: GroupName } | { readonly securityGroup: string };

/** One direction of one port of one group. */
export interface SecurityRule {
  readonly group: GroupName;
  readonly direction: "in" | "out";
  /** IP protocol; "50" is ESP, which has no ports. */
  readonly protocol: "tcp" | "udp" | "50";
  readonly port?: number;
  readonly peer: Peer;
  /** What it is for, as the console shows it. */
  readonly why: string;
}

/** What the rules follow from, beside the hosts' own settings. */
export interface Traffic {
  /** UDP port of the overlays. */
  readonly dataPathPort: number;
  /** Whether an overlay is encrypted between hosts. */
  readonly encrypted: boolean;
  readonly registryPort: number;
}

const MEMBERS: Peer = { group: "members" };

/** Every rule there is. What no rule names is closed, in both directions. */
export function securityRules(aws: AwsHosts, traffic: Traffic): SecurityRule[] {
  return [...amongMembers(traffic), ...ssh(aws), ...edge(aws), ...outwards(aws)];
}

function amongMembers({ dataPathPort, encrypted, registryPort }: Traffic): SecurityRule[] {
  const wanted: Pick<SecurityRule, "group" | "protocol" | "port" | "why">[] = [
    { group: "managers", protocol: "tcp", port: 2377, why: "Swarm: managers" },
    { group: "members", protocol: "tcp", port: 7946, why: "Swarm: gossip" },
    { group: "members", protocol: "udp", port: 7946, why: "Swarm: gossip" },
    { group: "members", protocol: "udp", port: dataPathPort, why: "Swarm: overlay networks" },
    ...(encrypted ? ([{ group: "members", protocol: "50", why: "Swarm: encrypted overlay networks (ESP)" }] as const) : []),
    { group: "members", protocol: "tcp", port: registryPort, why: "registry" },
  ];
  return wanted.flatMap((rule): SecurityRule[] => [
    { ...rule, direction: "in", peer: MEMBERS },
    { ...rule, group: "members", direction: "out", peer: { group: rule.group } },
  ]);
}

function ssh({ access }: AwsHosts): SecurityRule[] {
  const peers: Peer[] = [...access.ssh.map((cidr) => ({ cidr })), ...(access.bastion ? [{ securityGroup: access.bastion }] : [])];
  return peers.map((peer) => ({ group: "members", direction: "in", protocol: "tcp", port: 22, peer, why: "SSH" }));
}

/** Clients reach the balancer, and it alone the hosts; without one they reach the hosts of the edge. */
function edge({ edge }: AwsHosts): SecurityRule[] {
  if (!edge) return [];
  const targets = [...new Set(edge.ports.map(({ port, target = port }) => target))];
  const open = edge.balancer ? "balancer" : "edge";
  const clients = edge.ports.flatMap(({ port }) => edge.from.map((cidr): SecurityRule => ({ group: open, direction: "in", protocol: "tcp", port, peer: { cidr }, why: "clients" })));
  if (!edge.balancer) return clients;
  const passed = targets.flatMap((port): SecurityRule[] => [
    { group: "edge", direction: "in", protocol: "tcp", port, peer: { group: "balancer" }, why: "balancer" },
    { group: "balancer", direction: "out", protocol: "tcp", port, peer: { group: "edge" }, why: "hosts of the edge" },
  ]);
  return [...clients, ...passed];
}

function outwards({ access }: AwsHosts): SecurityRule[] {
  return access.egress.map(({ to, port }) => ({ group: "members", direction: "out", protocol: "tcp", port, peer: { cidr: to }, why: "outside" }));
}

/** A name of its own for each rule: "managers-in-tcp-2377-members". */
export function ruleName({ group, direction, protocol, port, peer }: SecurityRule): string {
  const other = "cidr" in peer ? peer.cidr.replace("/", "_") : "group" in peer ? peer.group : peer.securityGroup;
  return [group, direction, protocol === "50" ? "esp" : protocol, ...(port === undefined ? [] : [port]), other].join("-");
}
