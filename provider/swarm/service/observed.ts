import { fromContainerSpec, timeUnless } from "./observedContainer";
import type { RolloutSpec, ServiceSpec, TaskSpec } from "./engineApi";
import type { ServiceInputs, ServiceRollout } from "./inputs";
import { sortedBy, sortedSet, unless, withoutEmpty } from "./order";
import { reconcile } from "./reconcile";
import { toSpec, USUAL_RESTART, USUAL_ROLLOUT } from "./spec";

/**
 * A live spec in the words of the inputs, in canonical order and without the engine's defaults. `cluster` and
 * `convergence` are no part of a spec and stay out.
 */
export function fromSpec(spec: ServiceSpec): Omit<ServiceInputs, "cluster"> {
  const task = spec.TaskTemplate;
  return withoutEmpty<Omit<ServiceInputs, "cluster">>({
    name: spec.Name,
    labels: spec.Labels,
    ...fromContainerSpec(task.ContainerSpec),
    logDriver: task.LogDriver?.Name === undefined ? undefined : { name: task.LogDriver.Name, options: task.LogDriver.Options },
    networks: fromNetworks(task.Networks ?? spec.Networks),
    endpointMode: unless("vip", spec.EndpointSpec?.Mode as ServiceInputs["endpointMode"]),
    ports: fromPorts(spec.EndpointSpec?.Ports),
    mode: spec.Mode?.Global ? "global" : undefined,
    replicas: spec.Mode?.Replicated?.Replicas,
    placement: {
      constraints: sortedSet(task.Placement?.Constraints),
      spread: task.Placement?.Preferences?.flatMap((preference) => preference.Spread?.SpreadDescriptor ?? []),
      maxReplicasPerNode: task.Placement?.MaxReplicas || undefined,
    },
    resources: { limits: fromResources(task.Resources?.Limits), reservations: fromResources(task.Resources?.Reservations) },
    restartPolicy: fromRestartPolicy(task.RestartPolicy),
    updateConfig: fromRollout(spec.UpdateConfig),
    rollbackConfig: fromRollout(spec.RollbackConfig),
  })!;
}

function fromNetworks(networks: TaskSpec["Networks"]): ServiceInputs["networks"] {
  return networks && sortedBy(networks, (network) => network.Target).map(({ Target, Aliases }) => ({ id: Target, aliases: sortedSet(Aliases) }));
}

function fromPorts(ports: NonNullable<ServiceSpec["EndpointSpec"]>["Ports"]): ServiceInputs["ports"] {
  return ports?.map((port) => ({
    target: port.TargetPort,
    published: port.PublishedPort || undefined,
    protocol: unless("tcp", port.Protocol as "tcp" | "udp" | "sctp" | undefined),
    mode: unless("ingress", port.PublishMode as "ingress" | "host" | undefined),
  }));
}

function fromResources(found: { NanoCPUs?: number; MemoryBytes?: number; Pids?: number } | undefined) {
  return found && { cpus: found.NanoCPUs ? found.NanoCPUs / 1e9 : undefined, memory: found.MemoryBytes || undefined, pids: found.Pids || undefined };
}

function fromRestartPolicy(policy: TaskSpec["RestartPolicy"]): ServiceInputs["restartPolicy"] {
  return (
    policy && {
      condition: unless("any", policy.Condition as "none" | "on-failure" | "any" | undefined),
      delay: timeUnless(USUAL_RESTART.Delay, policy.Delay),
      maxAttempts: policy.MaxAttempts || undefined,
      window: timeUnless(0, policy.Window),
    }
  );
}

function fromRollout(rollout: RolloutSpec | undefined): ServiceRollout | undefined {
  return (
    rollout && {
      parallelism: unless<number>(USUAL_ROLLOUT.Parallelism, rollout.Parallelism),
      delay: timeUnless(0, rollout.Delay),
      failureAction: unless("pause", rollout.FailureAction as ServiceRollout["failureAction"]),
      monitor: timeUnless(USUAL_ROLLOUT.Monitor, rollout.Monitor || undefined),
      // The engine keeps 32-bit numbers; six digits survive that.
      maxFailureRatio: rollout.MaxFailureRatio ? Number(rollout.MaxFailureRatio.toPrecision(6)) : undefined,
      order: unless("stop-first", rollout.Order as ServiceRollout["order"]),
    }
  );
}

/**
 * Inputs as the engine would give them back: what two inputs have in common whose services are the same.
 * Replicas that are left open stay open.
 */
export function canonical(inputs: ServiceInputs): Omit<ServiceInputs, "cluster"> {
  const { replicas: _replicas, ...described } = fromSpec(toSpec(inputs));
  return inputs.replicas === undefined || inputs.mode === "global" ? described : { ...described, replicas: inputs.replicas };
}

/**
 * The inputs that describe the live service. Whatever means the same as the inputs it was made from stays as it was
 * written; the rest is what the engine says, foreign additions included. So a refresh shows what drifted, and nothing else.
 */
export function observe(inputs: ServiceInputs, live: ServiceSpec): ServiceInputs {
  const found = fromSpec(live);
  // An operator may scale what the program leaves open.
  if (inputs.replicas === undefined) delete found.replicas;
  const { cluster, convergence, ...written } = inputs;
  const described = reconcile(written, canonical(inputs), found) as Omit<ServiceInputs, "cluster">;
  return { cluster, ...described, ...(convergence && { convergence }) };
}
