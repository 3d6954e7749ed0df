import * as z from "zod";
import { ManagerConnection, ProxyCommand } from "./remote/connection";
import type { Proxies } from "./remote/way";
import type { CheckFailure, RegistryAuth } from "./resource";
import { LONGEST_LEASE } from "./swarm/lease/claim";
import { Owner } from "./swarm/owner/owner";
import { pathText, UNKNOWN } from "./wire";

const seconds = z.number().positive().max(86_400);

/** How long the provider waits, in seconds. */
const Timeouts = z.strictObject({
  /** For one attempt to connect to a host. Default 10. */
  connect: seconds.optional(),
  /** For one command on a host, package installation included. Default 600. */
  command: seconds.optional(),
  /** For an engine that was restarted to answer, and for its Swarm to be whole again. Default 120. */
  engine: seconds.optional(),
  /** For one step of a node's way into the Swarm or out of it. Default 60. */
  membership: seconds.optional(),
  /** For the tasks of a drained node to run elsewhere. Default 120. */
  drain: seconds.optional(),
  /** For what is to be removed to be used by nobody any more. Default 60. */
  removal: seconds.optional(),
  /** For which others are kept from changing the cluster without a renewal. Left out: they are not kept from it. */
  lease: seconds.max(LONGEST_LEASE / 1000).optional(),
  /** For every node to have a certificate of a new root of the Swarm. Default 300. */
  rotation: seconds.optional(),
  /** For a service's tasks to run, or a job to end, where the resource names no time of its own. Default 300. */
  convergence: seconds.optional(),
});
export type ProviderTimeouts = z.infer<typeof Timeouts>;

/** A node of the configuration, for a look at the whole change before its first step. */
const PlannedNode = z.strictObject({
  name: z.string().min(1),
  role: z.enum(["manager", "worker"]),
  availability: z.enum(["active", "pause", "drain"]),
});
export type PlannedNode = z.infer<typeof PlannedNode>;

/** How engines are changed that are in a Swarm. */
const EngineChanges = z.strictObject({
  /** How many workers restart side by side. Default 1. */
  workersAtOnce: z.int().min(1).optional(),
  /** Age in seconds from which on the last backup is too old for another version. Left out: none is asked for. */
  backupMaxAge: z.number().positive().optional(),
});
export type EngineChanges = z.infer<typeof EngineChanges>;

const Login = z.strictObject({ username: z.string().min(1), password: z.string().min(1) });
/** Who logs in at a registry. Hosts get the login itself, and keep it; `push` is for the moment of a push. Default: the same one. */
const RegistryLogin = Login.extend({ push: Login.optional() });
export type RegistryLogin = z.infer<typeof RegistryLogin>;

/** By address. */
const RegistryLogins = z.record(z.string(), RegistryLogin);

/** The provider's configuration. The engine hands structured values over as JSON text. */
export interface ProviderConfiguration {
  /** Whose the platform is; left out, what somebody owns is not changed at all. */
  readonly owner?: Owner;
  /** Private key (OpenSSH or PEM) for hosts whose connection names no file; or several, the present one first. */
  readonly privateKey?: string;
  /** Commands that lead to hosts, by the name that their connections give. */
  readonly proxies: Proxies;
  /** The managers to ask, in order; a change here is no diff on any resource. */
  readonly managers: readonly ManagerConnection[];
  /** Every node that the Swarm is to have; empty where the program does not say. A change here is no diff either. */
  readonly nodes: readonly PlannedNode[];
  /** `backupMaxAge` in milliseconds. */
  readonly engines: { readonly workersAtOnce: number; readonly backupMaxAge?: number };
  readonly registries: Readonly<Record<string, RegistryLogin>>;
  /** Milliseconds. */
  readonly timeouts: Readonly<Required<ProviderTimeouts>>;
}

const Properties = z.strictObject({
  owner: json(Owner).optional(),
  privateKey: z.string().optional(),
  proxies: json(z.record(z.string().min(1), ProxyCommand)).optional(),
  managers: json(z.array(ManagerConnection)).optional(),
  nodes: json(z.array(PlannedNode)).optional(),
  engines: json(EngineChanges).optional(),
  registries: json(RegistryLogins).optional(),
  timeouts: json(Timeouts).optional(),
  version: z.string().optional(),
});
export const providerProperties = ["owner", "privateKey", "proxies", "managers", "nodes", "engines", "registries", "timeouts"] as const;

/** What is wrong with the provider's properties; unknown ones are not looked at. Values are never repeated: some are secret. */
export function checkConfiguration(properties: Record<string, unknown>): CheckFailure[] {
  const known = Object.fromEntries(Object.entries(properties).filter(([, value]) => !JSON.stringify(value).includes(UNKNOWN)));
  const parsed = Properties.safeParse(known);
  return parsed.success ? [] : parsed.error.issues.map((issue) => ({ property: pathText(issue.path), reason: issue.message }));
}

/** @throws Error naming every property that is wrong */
export function parseConfiguration(properties: Record<string, unknown>): ProviderConfiguration {
  const failures = checkConfiguration(properties);
  if (failures.length > 0) throw new Error(`the dockyard provider's configuration is refused:\n${failures.map((f) => `  ${f.property}: ${f.reason}`).join("\n")}`);
  const parsed = Properties.parse(properties);
  return {
    ...(parsed.owner && { owner: parsed.owner }),
    privateKey: parsed.privateKey,
    proxies: parsed.proxies ?? formerProxies(parsed.managers ?? []),
    managers: parsed.managers ?? [],
    nodes: parsed.nodes ?? [],
    engines: engineChanges(parsed.engines),
    registries: parsed.registries ?? {},
    timeouts: inMilliseconds({ connect: 10, command: 600, engine: 120, membership: 60, drain: 120, removal: 60, lease: 0, rotation: 300, convergence: 300, ...parsed.timeouts }),
  };
}

/** A configuration from before `proxies`, as a state may still have it, names the commands at its managers. */
function formerProxies(managers: readonly ManagerConnection[]): Proxies {
  return Object.fromEntries(managers.flatMap(({ address, proxyCommand }) => (proxyCommand ? [[address, proxyCommand]] : [])));
}

function engineChanges({ workersAtOnce = 1, backupMaxAge }: EngineChanges = {}): ProviderConfiguration["engines"] {
  return { workersAtOnce, ...(backupMaxAge !== undefined && { backupMaxAge: backupMaxAge * 1000 }) };
}

/** The nodes that properties of the provider name; none where they do not, or not yet. */
export function plannedNodes({ nodes }: Record<string, unknown>): readonly PlannedNode[] {
  const parsed = json(z.array(PlannedNode)).safeParse(nodes);
  return parsed.success ? parsed.data : [];
}

/** The login for the registry that an image reference names, or undefined when none is configured for it. */
export function registryAuth(configuration: ProviderConfiguration, image: string, purpose: "pull" | "push"): RegistryAuth | undefined {
  const address = image.split("/", 1)[0] ?? "";
  const known = Object.hasOwn(configuration.registries, address) ? configuration.registries[address] : undefined;
  if (!known) return undefined;
  const { push, ...pull } = known;
  return { ...(purpose === "push" && push ? push : pull), serveraddress: address };
}

function inMilliseconds<K extends string>(timeouts: Record<K, number>): Record<K, number> {
  return Object.fromEntries(Object.entries<number>(timeouts).map(([name, value]) => [name, value * 1000])) as Record<K, number>;
}

function json<T extends z.ZodType>(schema: T) {
  return z
    .unknown()
    .transform((value, context) => {
      if (typeof value !== "string") return value;
      try {
        return JSON.parse(value) as unknown;
      } catch {
        context.addIssue({ code: "custom", message: "is not JSON" });
        return z.NEVER;
      }
    })
    .pipe(schema);
}
