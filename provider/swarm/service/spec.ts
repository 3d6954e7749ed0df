import { toContainerSpec } from "./containerSpec";
import { parseDuration } from "./duration";
import type { PortSpec, RolloutSpec, ServiceSpec, TaskSpec } from "./engineApi";
import type { ServiceInputs, ServiceRollout } from "./inputs";
import { sortedBy, sortedSet, unless, withoutEmpty } from "./order";

/**
 * The service as the Docker API wants it, in one canonical form: lists sorted where their order means nothing, the
 * engine's defaults left out. Equal inputs give the same bytes, so the engine restarts nothing that did not change.
 *
 * @param previous the live spec at an update; what the inputs leave open (replicas, forced restarts) is kept from it
 */
export function toSpec(inputs: ServiceInputs, previous?: ServiceSpec): ServiceSpec {
  const spec = withoutEmpty<ServiceSpec>({
    Name: inputs.name,
    Labels: inputs.labels,
    TaskTemplate: toTaskSpec(inputs, previous),
    UpdateConfig: toRollout(inputs.updateConfig),
    RollbackConfig: toRollout(inputs.rollbackConfig),
    EndpointSpec: { Mode: unless("vip", inputs.endpointMode), Ports: inputs.ports && toPorts(inputs.ports) },
  })!;
  return { ...spec, Mode: toMode(inputs, previous) };
}

function toMode(inputs: ServiceInputs, previous?: ServiceSpec): ServiceSpec["Mode"] {
  if (inputs.mode === "global") return { Global: {} };
  return { Replicated: { Replicas: inputs.replicas ?? previous?.Mode?.Replicated?.Replicas ?? inputs.initialReplicas ?? 1 } };
}

function toTaskSpec(inputs: ServiceInputs, previous?: ServiceSpec): TaskSpec {
  const { placement, resources } = inputs;
  return {
    ContainerSpec: toContainerSpec(inputs),
    Resources: {
      Limits: toResources(resources?.limits),
      Reservations: toResources(resources?.reservations),
    },
    RestartPolicy: toRestartPolicy(inputs.restartPolicy),
    Placement: {
      Constraints: sortedSet(placement?.constraints?.map(normalConstraint)),
      Preferences: placement?.spread?.map((descriptor) => ({ Spread: { SpreadDescriptor: descriptor } })),
      MaxReplicas: placement?.maxReplicasPerNode || undefined,
    },
    Networks: inputs.networks && sortedBy(inputs.networks, (network) => network.id).map(({ id, aliases }) => ({ Target: id, Aliases: sortedSet(aliases) })),
    LogDriver: inputs.logDriver && { Name: inputs.logDriver.name, Options: inputs.logDriver.options },
    ForceUpdate: previous?.TaskTemplate.ForceUpdate || undefined,
  };
}

function toResources(wanted: { cpus?: number; memory?: number; pids?: number } | undefined) {
  if (!wanted) return undefined;
  return { NanoCPUs: wanted.cpus === undefined ? undefined : Math.round(wanted.cpus * 1e9), MemoryBytes: wanted.memory, Pids: wanted.pids };
}

/** Restarts are usual: at any end, after 5 s, without limit (swarmkit api/defaults/service.go). */
export const USUAL_RESTART = { Condition: "any", Delay: 5e9 } as const;

function toRestartPolicy(policy: ServiceInputs["restartPolicy"]): TaskSpec["RestartPolicy"] {
  if (!policy) return undefined;
  return {
    Condition: unless("any", policy.condition),
    Delay: unless<number>(USUAL_RESTART.Delay, policy.delay === undefined ? undefined : parseDuration(policy.delay)),
    MaxAttempts: policy.maxAttempts || undefined,
    Window: policy.window === undefined ? undefined : parseDuration(policy.window) || undefined,
  };
}

/** A rollout is usually one task at a time, watched for 5 s, old before new, and pauses when it fails. */
export const USUAL_ROLLOUT = { Parallelism: 1, FailureAction: "pause", Monitor: 5e9, Order: "stop-first" } as const;

function toRollout(rollout: ServiceRollout | undefined): RolloutSpec | undefined {
  if (!rollout) return undefined;
  const time = (text: string | undefined) => (text === undefined ? undefined : parseDuration(text) || undefined);
  const spec = {
    Parallelism: rollout.parallelism ?? USUAL_ROLLOUT.Parallelism,
    Delay: time(rollout.delay),
    FailureAction: unless("pause", rollout.failureAction),
    Monitor: unless<number>(USUAL_ROLLOUT.Monitor, time(rollout.monitor)),
    MaxFailureRatio: rollout.maxFailureRatio || undefined,
    Order: unless("stop-first", rollout.order),
  };
  // The engine reads a rollout without a parallelism as "all at once", and no rollout as "one at a time".
  return Object.entries(spec).some(([key, value]) => value !== undefined && !(key === "Parallelism" && value === 1)) ? spec : undefined;
}

function toPorts(ports: NonNullable<ServiceInputs["ports"]>): PortSpec[] {
  const number = (port: number | undefined) => String(port ?? 0).padStart(5, "0");
  return sortedBy(ports, (port) => `${number(port.published)} ${number(port.target)} ${port.protocol ?? "tcp"} ${port.mode ?? "ingress"}`).map((port) => ({
    Protocol: port.protocol ?? "tcp",
    TargetPort: port.target,
    PublishedPort: port.published,
    PublishMode: port.mode ?? "ingress",
  }));
}

/** "node.labels.zone == a" and "node.labels.zone==a" are one constraint. */
function normalConstraint(constraint: string): string {
  return constraint.replace(/^\s*(.+?)\s*(==|!=)\s*(.*?)\s*$/, "$1$2$3");
}
