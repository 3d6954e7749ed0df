import { LEASE_CONFIG } from "../../../provider/swarm/lease/claim";
import { dockerJson, inspectOnHost, onHost } from "./labHost";

/** `docker service ls` */
export interface ServiceLine {
  readonly ID: string;
  readonly Name: string;
  readonly Replicas: string;
}

/** A task, as far as tests look at it. */
export interface Task {
  readonly ID: string;
  readonly ServiceID: string;
  readonly NodeID: string;
  readonly Slot?: number;
  readonly DesiredState: string;
  readonly Status: { readonly State: string; readonly Err?: string };
  readonly NetworksAttachments?: readonly { readonly Network: { readonly Spec: { readonly Name: string } }; readonly Addresses: readonly string[] }[];
}

/** Replicas by service name: "2/2". */
export async function replicas(manager: string): Promise<Record<string, string>> {
  const lines = await dockerJson<ServiceLine & Record<string, string>>(manager, "service", "ls");
  return Object.fromEntries(lines.map(({ Name, Replicas }) => [Name, Replicas.split(" ")[0]!]));
}

/** Ids by service name. */
export async function serviceIds(manager: string): Promise<Record<string, string>> {
  const lines = await dockerJson<ServiceLine & Record<string, string>>(manager, "service", "ls");
  return Object.fromEntries(lines.map(({ Name, ID }) => [Name, ID]));
}

/** Tasks of a service that are to run. */
export async function runningTasks(manager: string, service: string): Promise<Task[]> {
  const ids = (await onHost(manager, "docker", "service", "ps", "--no-trunc", "--quiet", "--filter", "desired-state=running", service)).split("\n").filter(Boolean);
  return inspectOnHost<Task>(manager, "task", ids);
}

/** The addresses that a service's tasks have in a network, as DNS is to answer them: sorted. */
export async function addressesIn(manager: string, network: string, service: string): Promise<string[]> {
  const tasks = await runningTasks(manager, service);
  const attachments = tasks.flatMap(({ NetworksAttachments }) => NetworksAttachments ?? []).filter(({ Network }) => Network.Spec.Name === network);
  return attachments.flatMap(({ Addresses }) => Addresses.map((address) => address.split("/")[0]!)).sort();
}

/** Everything that a stack has in the Swarm, as "service NAME", by its label. */
export async function stackObjects(manager: string, stack: string): Promise<string[]> {
  const kinds = ["service", "network", "secret", "config"] as const;
  const found = await Promise.all(
    kinds.map(async (kind) => {
      const lines = await dockerJson(manager, kind, "ls", "--filter", `label=com.docker.stack.namespace=${stack}`);
      return lines.map(({ Name }) => `${kind} ${Name}`);
    }),
  );
  return found.flat().sort();
}

/** `docker node ls`: what a manager says of each node, by hostname. */
export async function nodes(manager: string): Promise<Record<string, { id: string; status: string; availability: string; manager: string }>> {
  const lines = await dockerJson(manager, "node", "ls");
  return Object.fromEntries(
    lines.map((line) => [line.Hostname!, { id: line.ID!, status: line.Status!, availability: line.Availability!, manager: line.ManagerStatus! }]),
  );
}

/** Names of the Swarm's own overlay networks, without `ingress`. */
export async function overlays(manager: string): Promise<string[]> {
  const lines = await dockerJson(manager, "network", "ls", "--filter", "driver=overlay");
  return lines.map(({ Name }) => Name!).filter((name) => name !== "ingress").sort();
}

/** What tells that a host was not touched: its identity and when its engine was started. */
export async function fingerprint(container: string): Promise<string> {
  const id = (await onHost(container, "cat", "/etc/machine-id")).trim();
  const engine = (await onHost(container, "systemctl", "show", "docker", "-p", "MainPID", "-p", "ExecMainStartTimestampMonotonic")).trim();
  return `${id} ${engine.split("\n").sort().join(" ")}`;
}

/** A host's machine-id. */
export async function machineId(container: string): Promise<string> {
  return (await onHost(container, "cat", "/etc/machine-id")).trim();
}

/** Everything in a Swarm that neither a recovery nor a restore may lose. */
export type Identities = Awaited<ReturnType<typeof identities>>;

/** With ids, so that nothing can have been made anew. The lease of a run comes and goes. */
export async function identities(manager: string) {
  const ids = async (kind: string) => (await onHost(manager, "docker", kind, "ls", "--format", "{{.ID}} {{.Name}}", ...(kind === "network" ? ["--filter", "scope=swarm", "--no-trunc"] : []))).trim().split("\n").filter((line) => !line.endsWith(` ${LEASE_CONFIG}`)).sort();
  const fixed = await onHost(manager, "docker", "info", "--format", "{{.Swarm.Cluster.ID}} {{.Swarm.Cluster.DataPathPort}} {{.Swarm.Cluster.DefaultAddrPool}}");
  return { fixed, services: await serviceIds(manager), secrets: await ids("secret"), configs: await ids("config"), networks: await ids("network") };
}
