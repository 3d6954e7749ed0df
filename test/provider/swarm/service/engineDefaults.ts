import type { RolloutSpec, ServiceSpec } from "../../../../provider/swarm/service/engineApi";

/** What engine 26.1 gives back for a spec that it was sent; checked against recorded answers in engineDefaults.test.ts. */
export function withEngineDefaults(sent: ServiceSpec): ServiceSpec {
  const spec = JSON.parse(JSON.stringify(sent)) as ServiceSpec;
  const task = spec.TaskTemplate;
  spec.Labels ??= {};
  task.ContainerSpec.Isolation = "default";
  task.ForceUpdate ??= 0;
  task.Runtime = "container";
  if (task.RestartPolicy) task.RestartPolicy = { ...task.RestartPolicy, Condition: task.RestartPolicy.Condition ?? "any", MaxAttempts: task.RestartPolicy.MaxAttempts ?? 0 };
  if (spec.UpdateConfig) spec.UpdateConfig = rollout(spec.UpdateConfig);
  if (spec.RollbackConfig) spec.RollbackConfig = rollout(spec.RollbackConfig);
  if (spec.EndpointSpec) spec.EndpointSpec.Mode ??= "vip";
  return spec;
}

function rollout(sent: RolloutSpec): RolloutSpec {
  return { ...sent, FailureAction: sent.FailureAction ?? "pause", MaxFailureRatio: Math.fround(sent.MaxFailureRatio ?? 0), Order: sent.Order ?? "stop-first" };
}
