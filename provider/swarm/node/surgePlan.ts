import type { LiveService, LiveTask, ServiceSpec } from "../service/engineApi";
import type { SwarmNode } from "./membership";

/** A service that would be interrupted when a node goes down: all of its tasks that run are there. */
export interface Endangered {
  readonly service: LiveService;
  /** Why it cannot be started elsewhere first; left out, it can. */
  readonly stays?: string;
}

/**
 * The replicated services that run on this node alone. Those that have another task elsewhere go on answering while Swarm
 * moves the rest; global ones have nothing to move. Pure.
 */
export function endangered(services: readonly LiveService[], tasks: readonly LiveTask[], node: SwarmNode, nodes: readonly SwarmNode[]): Endangered[] {
  const others = nodes.filter(({ ID, Spec, Status }) => ID !== node.ID && Spec.Availability === "active" && Status.State === "ready");
  return services.flatMap((service) => {
    if (!service.Spec.Mode?.Replicated) return [];
    const running = tasks.filter(({ ServiceID, DesiredState, Status }) => ServiceID === service.ID && DesiredState === "running" && Status.State === "running");
    if (running.length === 0 || running.some(({ NodeID }) => NodeID !== node.ID)) return [];
    const stays = whyItStays(service.Spec, others);
    return [{ service, ...(stays !== undefined && { stays }) }];
  });
}

function whyItStays({ TaskTemplate }: ServiceSpec, others: readonly SwarmNode[]): string | undefined {
  const constraints = TaskTemplate.Placement?.Constraints ?? [];
  if (!others.some((other) => fits(TaskTemplate, other))) {
    return constraints.length === 0 ? "no other node takes tasks" : `no other node fits its constraints (${constraints.join(", ")})`;
  }
  const tied = tiedTo(TaskTemplate);
  return tied && `its ${tied.Type} ${tied.Source} is on this node; elsewhere it would start with another one`;
}

/** Whether a node fits the constraints of a service. */
export function fits({ Placement }: ServiceSpec["TaskTemplate"], node: SwarmNode): boolean {
  return (Placement?.Constraints ?? []).every((constraint) => allows(constraint, node));
}

/** What a service's task has on its node alone: a path of the host, or a named volume there. */
export function tiedTo({ ContainerSpec }: ServiceSpec["TaskTemplate"]) {
  return (ContainerSpec.Mounts ?? []).find(({ Type, Source, VolumeOptions }) => Type === "bind" || (Type === "volume" && Source !== undefined && isLocal(VolumeOptions?.DriverConfig?.Name)));
}

const isLocal = (driver = "local"): boolean => driver === "local" || driver === "";

/** Swarm's own reading of a constraint (swarmkit, manager/constraint), for what nodes tell here; any other is taken to fit. */
function allows(constraint: string, { ID, Description, Spec }: SwarmNode): boolean {
  const match = /^\s*(\S+?)\s*(==|!=)\s*(.+?)\s*$/.exec(constraint);
  if (!match) return true;
  const [, key, sign, wanted] = match as unknown as [string, string, string, string];
  const found = valueOf(key, { ID, Description, Spec });
  if (found === undefined) return true;
  const same = found.toLowerCase() === wanted.toLowerCase();
  return sign === "==" ? same : !same;
}

function valueOf(key: string, { ID, Description, Spec }: Pick<SwarmNode, "ID" | "Description" | "Spec">): string | undefined {
  if (key === "node.id") return ID;
  if (key === "node.hostname") return Description.Hostname;
  if (key === "node.role") return Spec.Role;
  return key.startsWith("node.labels.") ? (Spec.Labels?.[key.slice("node.labels.".length)] ?? "") : undefined;
}

/** Label in which a service keeps its own way of updating while it is moved; whoever finds it puts that back. */
export const MOVING_LABEL = "dockyard.moving";

/** Label of a service that has so many tasks more for a moment; whoever finds it takes them back. */
const RAISED_LABEL = "dockyard.raised";

/** The same service with every task made anew, the new ones first. @param atOnce how many of them; 0 is all */
export function movingSpec(spec: ServiceSpec, atOnce = 0): ServiceSpec {
  const { UpdateConfig = { Parallelism: 1 }, TaskTemplate } = spec;
  return {
    ...spec,
    Labels: { ...spec.Labels, [MOVING_LABEL]: spec.Labels?.[MOVING_LABEL] ?? JSON.stringify(spec.UpdateConfig ?? null) },
    TaskTemplate: { ...TaskTemplate, ForceUpdate: (TaskTemplate.ForceUpdate ?? 0) + 1 },
    UpdateConfig: { ...UpdateConfig, Parallelism: atOnce, Delay: 0, Order: "start-first", FailureAction: "pause" },
  };
}

/** The same service with some tasks more; those that run are left alone. */
export function raisedSpec(spec: ServiceSpec, more: number): ServiceSpec {
  const raised = Number(spec.Labels?.[RAISED_LABEL] ?? 0);
  return { ...withReplicas(spec, more), Labels: { ...spec.Labels, [RAISED_LABEL]: String(raised + more) } };
}

/** The service with its own way of updating again, and with as many tasks; undefined where it has that. */
export function settledSpec(spec: ServiceSpec): ServiceSpec | undefined {
  const { [MOVING_LABEL]: kept, [RAISED_LABEL]: raised, ...Labels } = spec.Labels ?? {};
  if (kept === undefined && raised === undefined) return undefined;
  const settled = { ...withReplicas(spec, -Number(raised ?? 0)), Labels };
  if (kept === undefined) return settled;
  const { UpdateConfig: _moving, ...rest } = settled;
  const own = JSON.parse(kept) as ServiceSpec["UpdateConfig"] | null;
  return { ...rest, ...(own && { UpdateConfig: own }) };
}

function withReplicas(spec: ServiceSpec, more: number): ServiceSpec {
  const replicas = spec.Mode?.Replicated?.Replicas;
  return replicas === undefined || more === 0 ? spec : { ...spec, Mode: { Replicated: { Replicas: Math.max(0, replicas + more) } } };
}
