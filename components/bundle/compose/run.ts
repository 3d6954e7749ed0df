import type { Healthcheck, Mount, PublishedPort, Resources, RestartPolicy, Rollout, RunOptions } from "../model";
import type { Context } from "./context";
import { range } from "./ports";
import type { ComposeService } from "./schema";

type Deploy = NonNullable<ComposeService["deploy"]>;

/** How a service runs, in the words of the model. */
export function runOf(key: string, service: ComposeService, mounts: readonly Mount[], context: Context): RunOptions {
  const { deploy = {} as Partial<Deploy> } = service;
  const job = deploy.mode?.endsWith("-job");
  return present<RunOptions>({
    workingDir: service.working_dir,
    user: service.user,
    groups: service.group_add,
    hostname: service.hostname,
    init: service.init,
    readOnly: service.read_only,
    tty: service.tty,
    openStdin: service.stdin_open,
    stopSignal: service.stop_signal,
    stopGracePeriod: service.stop_grace_period,
    healthcheck: healthcheckOf(key, service, context),
    capabilities: unlessEmpty(present({ add: service.cap_add?.map(upper), drop: service.cap_drop?.map(upper) })),
    sysctls: service.sysctls,
    ulimits: service.ulimits,
    extraHosts: hostsOf(key, service, context),
    dns: unlessEmpty(present({ nameservers: service.dns, search: service.dns_search, options: service.dns_opt })),
    logging: loggingOf(key, service, context),
    mounts: mounts.length === 0 ? undefined : mounts,
    secrets: service.secrets?.map(present),
    configs: service.configs?.map(present),
    job: job ? true : undefined,
    mode: deploy.mode === undefined ? undefined : deploy.mode.startsWith("global") ? "global" : "replicated",
    initialReplicas: replicasOf(key, service, context),
    endpointMode: deploy.endpoint_mode,
    ports: portsOf(key, service, context),
    constraints: deploy.placement?.constraints,
    spread: deploy.placement?.preferences?.map(({ spread }) => spread),
    maxReplicasPerNode: deploy.placement?.max_replicas_per_node || undefined,
    resources: resourcesOf(service),
    restart: restartOf(service),
    update: rolloutOf(deploy.update_config),
    rollback: rolloutOf(deploy.rollback_config) as RunOptions["rollback"],
  });
}

const upper = (capability: string): string => capability.toUpperCase();

function healthcheckOf(key: string, { healthcheck }: ComposeService, { problem }: Context): Healthcheck | undefined {
  if (healthcheck === undefined) return undefined;
  const { test, interval, timeout, start_period, retries, disable } = healthcheck;
  if (disable && test !== undefined && test[0] !== "NONE") problem(["services", key, "healthcheck"], "has a test and is disabled; remove one of both");
  if (disable) return { test: ["NONE"] };
  // The engine takes no retries, like none written, for its default.
  return unlessEmpty(present({ test, interval, timeout, startPeriod: start_period, retries: retries || undefined }));
}

function hostsOf(key: string, { extra_hosts }: ComposeService, { notice }: Context): RunOptions["extraHosts"] {
  if (extra_hosts === undefined) return undefined;
  const gateways = Object.keys(extra_hosts).filter((name) => extra_hosts[name] === "host-gateway");
  for (const name of gateways) notice("warning", ["services", key, "extra_hosts", name], "ignored: Swarm does not know host-gateway; write an address");
  return Object.fromEntries(Object.entries(extra_hosts).filter(([name]) => !gateways.includes(name)));
}

function loggingOf(key: string, { logging }: ComposeService, { problem }: Context): RunOptions["logging"] {
  if (logging === undefined || (logging.driver === undefined && logging.options === undefined)) return undefined;
  if (logging.driver === undefined) problem(["services", key, "logging", "driver"], "found nothing; write the driver that the options are for");
  return present({ driver: logging.driver ?? "", options: logging.options });
}

function replicasOf(key: string, { deploy, scale }: ComposeService, { problem }: Context): number | undefined {
  const replicas = deploy?.replicas ?? scale;
  if (replicas === undefined || !deploy?.mode?.startsWith("global")) return replicas;
  problem(["services", key, "deploy", "replicas"], `found ${replicas} with mode ${deploy.mode}, which runs one task on every host; remove one of both`);
  return undefined;
}

function portsOf(key: string, { ports }: ComposeService, { problem }: Context): PublishedPort[] | undefined {
  return ports?.flatMap(({ target, published, protocol, mode }, index): PublishedPort[] => {
    const numbers = typeof published === "string" ? range(published) : [published || undefined];
    if (numbers === undefined) problem(["services", key, "ports", index, "published"], `found ${JSON.stringify(published)}; write a port, or a range such as "8000-8010"`);
    return (numbers ?? []).map((number) => present({ target, published: number, protocol, mode }));
  });
}

/** `deploy.resources`, and where it is silent the older keys beside it. */
function resourcesOf({ deploy, cpus, mem_limit, mem_reservation, pids_limit }: ComposeService): Resources | undefined {
  const { limits, reservations } = deploy?.resources ?? {};
  const pids = limits?.pids ?? pids_limit ?? 0;
  return unlessEmpty(
    present({
      limits: unlessEmpty(present({ cpus: limits?.cpus ?? cpus, memory: limits?.memory ?? mem_limit, pids: pids > 0 ? pids : undefined })),
      reservations: unlessEmpty(present({ cpus: reservations?.cpus, memory: reservations?.memory ?? mem_reservation })),
    }),
  );
}

/** `restart` counts where `deploy.restart_policy` is not written, as with the reference client. */
function restartOf({ deploy, restart }: ComposeService): RestartPolicy | undefined {
  const policy = deploy?.restart_policy;
  if (policy !== undefined) return present({ condition: policy.condition, delay: policy.delay, maxAttempts: policy.max_attempts, window: policy.window });
  if (restart === undefined) return undefined;
  const [name, times] = restart.split(":");
  if (name === "on-failure") return present({ condition: "on-failure" as const, maxAttempts: times === undefined ? undefined : Number(times) });
  return { condition: name === "no" ? "none" : "any" };
}

function rolloutOf(config: Deploy["update_config"]): Rollout | undefined {
  if (config === undefined) return undefined;
  const { parallelism, delay, failure_action, monitor, max_failure_ratio, order } = config;
  return present({ parallelism, delay, failureAction: failure_action, monitor, maxFailureRatio: max_failure_ratio, order });
}

const unlessEmpty = <T extends object>(members: T): T | undefined => (Object.keys(members).length === 0 ? undefined : members);

/** Without the members that are undefined. */
function present<T extends object>(members: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}
