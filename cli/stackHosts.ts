import * as z from "zod";
import { parseConfiguration, type ProviderConfiguration, providerProperties } from "../provider/configuration";
import { Connection } from "../provider/remote/connection";
import { configuredProxies } from "./configuredProxies";
import { must, type Pulumi } from "./pulumi";

/** A host that is a node of the stack's Swarm, as the last `up` left it. */
export interface StackHost {
  readonly name: string;
  readonly role: "manager" | "worker";
  readonly connection: Connection;
  /** Address that the other nodes reach it at. */
  readonly advertiseAddress: string;
  /** Id of its node in the Swarm; undefined for a manager of the configuration that is not in it. */
  readonly nodeId?: string;
}

/** What the state of a stack knows of its Swarm. Holds the key that logs in on its hosts. */
export interface StackSwarm {
  readonly hosts: readonly StackHost[];
  readonly cluster: { readonly id: string; readonly addressPool: readonly string[]; readonly subnetSize: number; readonly dataPathPort: number };
  readonly provider: Pick<ProviderConfiguration, "owner" | "privateKey" | "proxies" | "timeouts">;
}

/** Reads it from the state, secrets in the clear: what comes back is for connecting alone, never to be shown. */
export async function readStackSwarm(pulumi: Pulumi): Promise<StackSwarm | undefined> {
  const stack = stackSwarm(JSON.parse(await must(pulumi, "stack", "export", "--show-secrets")));
  if (stack === undefined) return undefined;
  const proxies = configuredProxies(pulumi.paths, stack.hosts.map(({ connection }) => connection));
  return { ...stack, provider: { ...stack.provider, proxies } };
}

const Exported = z.object({
  deployment: z.object({
    resources: z.array(z.object({ type: z.string(), id: z.string().optional(), delete: z.boolean().optional(), inputs: z.record(z.string(), z.unknown()).default({}) })).default([]),
  }),
});
const NodeInputs = z.object({ name: z.string(), role: z.enum(["manager", "worker"]), connection: Connection, advertiseAddress: z.string() });
const ClusterInputs = z.object({ addressPool: z.array(z.string()), subnetSize: z.int(), dataPathPort: z.int() });

/** @param exported a stack as `pulumi stack export --show-secrets` gives it @returns undefined when it has no Swarm */
export function stackSwarm(exported: unknown): StackSwarm | undefined {
  // What is replaced stays in the state until its successor is there; only the successor counts.
  const resources = Exported.parse(exported).deployment.resources.filter((resource) => !resource.delete);
  const cluster = resources.find(({ type }) => type === "dockyard:swarm:Cluster");
  const provider = resources.find(({ type }) => type === "pulumi:providers:dockyard");
  if (cluster?.id === undefined || provider === undefined) return undefined;
  const nodes = resources.filter(({ type, id }) => type === "dockyard:swarm:Node" && id !== undefined);
  const inSwarm = nodes.map(({ id, inputs }) => ({ ...NodeInputs.parse(inTheClear(inputs)), nodeId: id! }));
  const known = Object.entries(provider.inputs).filter(([name]) => (providerProperties as readonly string[]).includes(name));
  const configuration = parseConfiguration(inTheClear(Object.fromEntries(known)) as Record<string, unknown>);
  return {
    // The state lists them as they came to be; people look for them by name.
    hosts: [...inSwarm, ...outside(configuration, inSwarm)].sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true })),
    cluster: { id: cluster.id, ...ClusterInputs.parse(inTheClear(cluster.inputs)) },
    provider: configuration,
  };
}

/** Managers of the configuration that the state has no node of: one may have been lost, and come back with an old state. */
function outside({ managers }: ProviderConfiguration, inSwarm: readonly StackHost[]): StackHost[] {
  const unknown = managers.filter(({ name, address }) => name !== undefined && !inSwarm.some((host) => host.name === name || host.connection.address === address));
  return unknown.map(({ name, ...connection }) => ({ name: name!, role: "manager", connection, advertiseAddress: connection.address }));
}

/** How Pulumi writes a secret into JSON: an object of this one key and value, and beside it the value, once more as JSON. */
const [SECRET, MARK] = ["4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"];

function inTheClear(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inTheClear);
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Record<string, unknown>;
  if (fields[SECRET] === MARK && typeof fields.plaintext === "string") return inTheClear(JSON.parse(fields.plaintext));
  return Object.fromEntries(Object.entries(fields).map(([key, inner]) => [key, inTheClear(inner)]));
}
