import type { KeyRow } from "../keys";

const D = "services.*.deploy.";

const rollout = (which: "update_config" | "rollback_config", action: string): KeyRow[] => [
  [`${D}${which}`, "honoured"],
  [`${D}${which}.parallelism`, "honoured"],
  [`${D}${which}.delay`, "honoured"],
  [`${D}${which}.failure_action`, "honoured", action],
  [`${D}${which}.monitor`, "honoured", "at least start_period + interval × retries of the healthcheck, which is the default as well"],
  [`${D}${which}.max_failure_ratio`, "honoured"],
  [`${D}${which}.order`, "honoured"],
];

/** Keys of `deploy`. */
export const DEPLOY_KEYS: readonly KeyRow[] = [
  [`${D}mode`, "changed", "replicated and global as they are; replicated-job and global-job as services whose tasks end, once for each change, as Swarm's own jobs run again after a change of managers", "honours"],
  [`${D}endpoint_mode`, "honoured", "default: the platform's"],
  [`${D}replicas`, "changed", "the count at creation; afterwards it belongs to whoever scales, unless the settings pin it", "honours"],
  [`${D}labels`, "honoured", "labels of the service"],
  ...rollout("update_config", "default: rollback (`docker stack deploy`: pause)"),
  ...rollout("rollback_config", "default: pause"),
  [`${D}resources`, "honoured"],
  [`${D}resources.limits`, "honoured"],
  [`${D}resources.limits.cpus`, "honoured"],
  [`${D}resources.limits.memory`, "honoured"],
  [`${D}resources.limits.pids`, "honoured"],
  [`${D}resources.reservations`, "honoured"],
  [`${D}resources.reservations.cpus`, "honoured"],
  [`${D}resources.reservations.memory`, "honoured"],
  [`${D}resources.reservations.generic_resources`, "refused", "tasks reach no devices; choose hosts by placement.constraints", "honours"],
  [`${D}resources.reservations.devices`, "refused", "tasks reach no devices; choose hosts by placement.constraints", "refuses"],
  [`${D}restart_policy`, "honoured"],
  [`${D}restart_policy.condition`, "honoured"],
  [`${D}restart_policy.delay`, "honoured"],
  [`${D}restart_policy.max_attempts`, "honoured"],
  [`${D}restart_policy.window`, "honoured"],
  [`${D}placement`, "honoured"],
  [`${D}placement.constraints`, "honoured"],
  [`${D}placement.preferences`, "honoured"],
  [`${D}placement.preferences[].spread`, "honoured"],
  [`${D}placement.max_replicas_per_node`, "honoured"],
];
