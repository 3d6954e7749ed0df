import type { Place } from "../backup/place";
import type { Feature } from "../provider/hosts/facts";
import type { Connection } from "../provider/remote/connection";
import { parseDuration } from "../provider/swarm/service/duration";
import { addressAt, contains, parseSubnet } from "../provider/swarm/subnet";
import { parseByteSize } from "./bundle/byteSize";
import { defaults } from "./config/defaults";
import type { BareHosts, LabHosts } from "./config/hostsSchema";
import { ConfigurationError, type Problem } from "./config/problems";
import { addressProblems } from "./config/rules/addresses";
import { backupProblems } from "./config/rules/backup";
import { daemonProblems } from "./config/rules/daemon";
import { hostProblems } from "./config/rules/hosts";
import { nameProblems } from "./config/rules/names";
import { hostsOfSelector, registryProblems } from "./config/rules/registry";
import { ConfigurationSchema, type ParsedConfiguration } from "./config/schema";
import { type Sketch, sketchOf } from "./config/sketch";
import { structuralProblems } from "./config/structure";
import { type AwsMachine, type AwsPlan, planAws } from "./hosts/aws/plan";
import { planNetworks } from "./network/plan";

export { ConfigurationError } from "./config/problems";
export { parseRegistryPasswords } from "./config/passwords";
export { PULL_USER } from "./config/rules/registry";

/** A host as everything after the hosts' source sees it. */
export interface PlannedHost {
  readonly name: string;
  readonly role: "manager" | "worker";
  readonly availability: "active" | "pause" | "drain";
  /** Node labels; the host's zone is the label "zone". */
  readonly labels: Readonly<Record<string, string>>;
  /** Where SSH connects to: an address, or a name. */
  readonly address: string;
  /** IPv4 address that the other nodes reach it at. */
  readonly advertiseAddress: string;
}

/** Containers on the local engine. */
export interface LabSource {
  readonly kind: "lab";
  readonly image: string;
  /** Of the bridge network that the hosts stand in. */
  readonly subnet: string;
  /** The bridge's own address. */
  readonly gateway: string;
  /** What names of containers, volumes and the network begin with. */
  readonly prefix: string;
  /** Which login key hosts have, counted from 1. */
  readonly loginGeneration: number;
}

/** Machines that answer over SSH. */
export interface BareSource {
  readonly kind: "bare";
  /** How to reach each host, by its name. */
  readonly connections: Readonly<Record<string, Connection>>;
}

/** Instances that are made in AWS. */
export interface AwsSource {
  readonly kind: "aws";
  readonly plan: AwsPlan;
}

/** Whether networks that leave it open are encrypted when they are made; "possible": if every host's kernel can. */
export type EncryptNetworks = boolean | "possible";

export interface PlannedNetwork {
  readonly name: string;
  readonly subnet: string;
  /** "new": if it is made anew; that, and nothing, leaves one that exists as it is. */
  readonly encrypted?: boolean | "new";
  readonly attachable: boolean;
  readonly internal: boolean;
  readonly mtu?: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** The stack's configuration, checked, with every default filled in. Holds no secret. */
export interface Configuration {
  readonly stack: string;
  /** Only what makes the hosts looks at it. */
  readonly source: LabSource | BareSource | AwsSource;
  readonly hosts: readonly PlannedHost[];
  /** What a host must bring along, in the units of the provider: bytes, milliseconds. */
  readonly requirements: { readonly diskFree: number; readonly clockSkew: number; readonly features: readonly Feature[] };
  readonly engine: {
    readonly package: { readonly source: "distribution" | "docker"; readonly version?: string };
    readonly daemon: Readonly<Record<string, unknown>>;
    readonly workersAtOnce: number;
  };
  /** `renewBefore` in whole hours, as certificates have it. */
  readonly pki: { readonly generation: number; readonly renewBefore: number };
  readonly swarm: Omit<ParsedConfiguration["swarm"], "timeouts" | "autolock" | "encryptNetworks"> & { readonly autolock: boolean; readonly encryptNetworks: EncryptNetworks };
  readonly timeouts: {
    /** In seconds, as the provider's configuration has them. */
    readonly provider: Readonly<Record<"connect" | "command" | "engine" | "membership" | "drain" | "removal" | "lease" | "rotation" | "convergence", number>>;
    /** As a duration: "120s". */
    readonly boot: string;
  };
  readonly registry: Omit<ParsedConfiguration["registry"], "node"> & {
    readonly name: string;
    /** The host that keeps its data; with storage s3 the hosts that serve it. */
    readonly hosts: readonly string[];
    /** "node.hostname == m1" or "node.labels.registry == true". */
    readonly constraint: string;
  };
  readonly networks: readonly PlannedNetwork[];
  /** Whether some network is, or may come to be, encrypted between hosts: then IP protocol 50 has to pass between them. */
  readonly mayEncrypt: boolean;
  readonly applications: ParsedConfiguration["applications"];
  /** `place`: where backups go unless the command says otherwise. `maxAge` in milliseconds. */
  readonly backup: { readonly place?: Place; readonly keep: number; readonly maxAge: number };
  /** Every range that the platform uses inside the Swarm, which no host may have a route into. */
  readonly pools: readonly string[];
}

const RULES: readonly ((sketch: Sketch) => Problem[])[] = [hostProblems, daemonProblems, addressProblems, registryProblems, nameProblems, backupProblems];

/**
 * Checks the stack's configuration and fills in what it leaves out. Pure: nothing is looked up.
 * @param raw values by key, without the project's prefix: { hosts, engine, swarm, registry, networks, applications }
 * @param stack name of the stack, part of some defaults
 * @throws ConfigurationError with everything that is wrong, one line each
 */
export function parseConfiguration(raw: Readonly<Record<string, unknown>>, stack: string): Configuration {
  const parsed = ConfigurationSchema.safeParse(raw);
  const issues = parsed.error?.issues ?? [];
  const sketch = sketchOf(raw, issues);
  const problems = [...structuralProblems(ConfigurationSchema, raw, issues), ...RULES.flatMap((rule) => rule(sketch))];
  if (!parsed.success || problems.length > 0) throw new ConfigurationError(inSchemaOrder(problems));
  return assemble(parsed.data, stack);
}

/** Section by section; within one, what is wrong with its shape comes first. */
function inSchemaOrder(problems: readonly Problem[]): Problem[] {
  const sections = Object.keys(ConfigurationSchema.shape);
  const rank = ({ path }: Problem) => {
    const at = sections.indexOf(String(path[0]));
    return at < 0 ? sections.length : at;
  };
  return [...problems].sort((a, b) => rank(a) - rank(b));
}

function assemble(parsed: ParsedConfiguration, stack: string): Configuration {
  const { hosts, engine, pki, swarm, registry, applications } = parsed;
  const { timeouts, autolock = defaults.swarm.autolock[hosts.source], ...swarmSettings } = swarm;
  const encryptNetworks = encryptsNetworks(parsed);
  const source = sourceOf(hosts, stack);
  const plannedHosts = source.kind === "aws" ? source.plan.machines.map(instance) : (hosts as LabHosts | BareHosts).hosts.map(plannedHost);
  const networks = plannedNetworks(parsed);
  const { node, ...registrySettings } = registry;
  return {
    stack,
    source,
    hosts: plannedHosts,
    requirements: {
      diskFree: parseByteSize(hosts.requirements.diskFree)!,
      clockSkew: seconds(hosts.requirements.clockSkew) * 1000,
      features: neededFeatures(parsed),
    },
    engine: {
      package: { source: engine.package, ...(engine.version !== undefined && { version: engine.version }) },
      daemon: engine.daemon,
      workersAtOnce: engine.workersAtOnce,
    },
    pki: { generation: pki.generation, renewBefore: Math.ceil(seconds(pki.renewBefore) / 3600) },
    swarm: { ...swarmSettings, autolock, encryptNetworks },
    timeouts: {
      provider: providerTimeouts(timeouts),
      boot: `${Math.ceil(seconds(timeouts.boot))}s`,
    },
    registry: {
      ...registrySettings,
      name: registry.name ?? defaults.registry.name(stack),
      hosts: hostsOfSelector(node, plannedHosts).map((host) => host.name),
      constraint: constraint(node),
    },
    networks,
    mayEncrypt: encryptedAs(parsed, true) || encryptedAs(parsed, "possible"),
    applications,
    backup: plannedBackup(parsed.backup),
    pools: pools(swarm, networks),
  };
}

function plannedHost(host: (LabHosts | BareHosts)["hosts"][number]): PlannedHost {
  const { name, role, availability, zone, labels, address } = host;
  const privateAddress = "privateAddress" in host ? host.privateAddress : undefined;
  return {
    name,
    role,
    availability,
    labels: { ...labels, ...(zone !== undefined && { zone }) },
    address,
    advertiseAddress: privateAddress ?? address,
  };
}

function instance({ name, role, availability, labels, address }: AwsMachine): PlannedHost {
  return { name, role, availability, labels, address, advertiseAddress: address };
}

function sourceOf(hosts: ParsedConfiguration["hosts"], stack: string): Configuration["source"] {
  switch (hosts.source) {
    case "lab":
      return labSource(hosts, stack);
    case "bare":
      return bareSource(hosts);
    case "aws":
      return { kind: "aws", plan: planAws(hosts, stack) };
  }
}

function labSource({ image, subnet, prefix, loginGeneration }: LabHosts, stack: string): LabSource {
  return { kind: "lab", image, subnet, loginGeneration, gateway: addressAt(parseSubnet(subnet), 1), prefix: prefix ?? defaults.labPrefix(stack) };
}

function bareSource({ hosts }: BareHosts): BareSource {
  const connection = ({ address, port, user, hostKey, keyFile }: BareHosts["hosts"][number]): Connection => ({
    address,
    port,
    user,
    hostKey,
    ...(keyFile !== undefined && { keyFile }),
  });
  return { kind: "bare", connections: Object.fromEntries(hosts.map((host) => [host.name, connection(host)])) };
}

/** What the configuration asks of the hosts' kernels. The host's preflight tries each one for real. */
function neededFeatures(parsed: ParsedConfiguration): Feature[] {
  return [
    "overlay",
    "vxlan",
    ...(parsed.swarm.loadBalancing === "vip" ? (["ip_vs"] as const) : []),
    ...(encryptedAs(parsed, true) ? (["esp"] as const) : []),
  ];
}

function encryptsNetworks({ hosts, swarm }: ParsedConfiguration): EncryptNetworks {
  return swarm.encryptNetworks ?? defaults.swarm.encryptNetworks[hosts.source];
}

/** Whether some network has to be encrypted (true), or would be if it were made now and could be ("possible"). Applications bring networks of their own. */
function encryptedAs(parsed: ParsedConfiguration, how: true | "possible"): boolean {
  const { networks, applications } = parsed;
  const open = applications.length > 0 || networks.some(({ encrypted }) => encrypted === undefined);
  return (how === true && networks.some(({ encrypted }) => encrypted)) || (open && encryptsNetworks(parsed) === how);
}

function constraint(selector: string): string {
  const [key, ...value] = selector.split("=");
  return value.length === 0 ? `node.hostname == ${selector}` : `node.labels.${key} == ${value.join("=")}`;
}

/** The addresses have been planned without a collision before: here they are only taken over. */
function plannedNetworks(parsed: ParsedConfiguration): PlannedNetwork[] {
  const { networks, swarm } = parsed;
  const { subnets } = planNetworks(networks, swarm.networkPool, swarm.subnetSize);
  const open = encryptsNetworks(parsed) ? ({ encrypted: "new" } as const) : {};
  return networks.map(({ encrypted, ...network }, index) => ({ ...network, ...(encrypted === undefined ? open : { encrypted }), subnet: subnets[index]! }));
}

/** The whole pools, so that one more network is no change of every host's preflight; and subnets outside of them. */
function pools({ addressPool, networkPool }: ParsedConfiguration["swarm"], networks: readonly PlannedNetwork[]): string[] {
  const outside = networks.filter(({ subnet }) => !contains(parseSubnet(networkPool), parseSubnet(subnet))).map(({ subnet }) => subnet);
  return [...addressPool, networkPool, ...outside];
}

function plannedBackup({ directory, s3, keep, maxAge }: ParsedConfiguration["backup"]): Configuration["backup"] {
  const rest = { keep, maxAge: seconds(maxAge) * 1000 };
  if (directory !== undefined) return { place: { kind: "directory", path: directory }, ...rest };
  return s3 === undefined ? rest : { place: { kind: "s3", prefix: "", ...s3 }, ...rest };
}

function providerTimeouts({ connect, command, engine, membership, drain, removal, lease, rotation, convergence }: ParsedConfiguration["swarm"]["timeouts"]) {
  const durations = { connect, command, engine, membership, drain, removal, lease, rotation, convergence };
  return Object.fromEntries(Object.entries(durations).map(([name, duration]) => [name, seconds(duration)])) as Record<keyof typeof durations, number>;
}

function seconds(duration: string): number {
  return parseDuration(duration) / 1e9;
}
