import type { ServiceInputs, ServiceMount, ServiceRollout } from "../../../provider/swarm/service/inputs";
import { byBytes, sorted } from "../byteOrder";
import { Duration, formatDuration, longest, seconds } from "../duration";
import { failureTime } from "../health";
import type { Capabilities, EnvironmentVariable, ExposedPort, Healthcheck, Mount, PublishedPort, Rollout, RunOptions, Service } from "../model";
import { fullName } from "../serviceName";

/** Label by which the reference client finds what belongs to a stack. */
export const STACK_LABEL = "com.docker.stack.namespace";
/** Label that keeps the image as it was written. */
export const IMAGE_LABEL = "com.docker.stack.image";

type Spec = Omit<ServiceInputs, "cluster" | "image" | "networks" | "secrets" | "configs">;

/** The engine's own shortest watch over a new task. */
const DEFAULT_MONITOR = seconds(5);

/** A service of the model in the words of the Swarm. Lists whose order means nothing are sorted, repeats are merged. */
export function serviceSpec(stack: string, service: Service): Spec {
  const { run } = service;
  return present<Spec>({
    name: fullName(stack, service.key),
    labels: sorted({ ...service.labels, [IMAGE_LABEL]: service.image, [STACK_LABEL]: stack }),
    containerLabels: sorted({ ...service.containerLabels, [STACK_LABEL]: stack }),
    command: unlessEmpty(service.command),
    args: unlessEmpty(service.args),
    env: unlessEmpty(environment(service.environment)),
    ...container(stack, run),
    ...placement(run),
    endpointMode: run.endpointMode,
    ports: unlessEmpty(ports(service.exposes, run)),
    ...rollout(run),
  });
}

function container(stack: string, run: RunOptions): Partial<Spec> {
  return {
    dir: run.workingDir,
    user: run.user,
    groups: unlessEmpty(unique(run.groups)),
    hostname: run.hostname,
    readOnly: run.readOnly,
    init: run.init,
    tty: run.tty,
    openStdin: run.openStdin,
    stopSignal: run.stopSignal,
    stopGracePeriod: timed(run.stopGracePeriod),
    healthcheck: healthcheck(run.healthcheck),
    hosts: unlessEmpty(Object.entries(sorted(run.extraHosts ?? {})).map(([name, address]) => `${address} ${name}`)),
    dns: run.dns && present({ nameservers: copy(run.dns.nameservers), search: copy(run.dns.search), options: copy(run.dns.options) }),
    capabilityAdd: capabilities(run.capabilities, "add"),
    capabilityDrop: capabilities(run.capabilities, "drop"),
    sysctls: run.sysctls && sorted(run.sysctls),
    ulimits: unlessEmpty(Object.entries(sorted(run.ulimits ?? {})).map(([name, limit]) => ({ name, ...limit }))),
    logDriver: run.logging && present({ name: run.logging.driver, options: run.logging.options && sorted(run.logging.options) }),
    mounts: unlessEmpty([...(run.mounts ?? [])].sort((a, b) => byBytes(a.target, b.target)).map((item) => mount(stack, item))),
  };
}

function placement(run: RunOptions): Partial<Spec> {
  const chosen = present({
    constraints: unlessEmpty(unique(run.constraints)),
    spread: unlessEmpty(run.spread ?? []),
    maxReplicasPerNode: run.maxReplicasPerNode,
  });
  return {
    mode: run.mode,
    replicas: run.replicas ?? (run.job && run.mode !== "global" ? (run.initialReplicas ?? 1) : undefined),
    placement: Object.keys(chosen).length === 0 ? undefined : chosen,
    resources: run.resources && present({ limits: run.resources.limits, reservations: run.resources.reservations }),
  };
}

/**
 * A failed update rolls back by itself, but not that of a job, whose old version would run once more. Everything else is
 * the engine's default (one task at a time, the old one stops first, so that published ports and volumes are free). New
 * tasks are watched at least until a known healthcheck can have failed: with less a bad version would end as a success.
 */
function rollout(run: RunOptions): Partial<Spec> {
  const needed = failureTime(run.healthcheck);
  const monitor = needed === undefined ? undefined : longest(needed, DEFAULT_MONITOR);
  const rollback = rolloutOf({ monitor, ...defined(run.rollback) });
  return {
    restartPolicy: restartPolicy(run),
    updateConfig: rolloutOf({ monitor, failureAction: run.job ? "pause" : "rollback", ...defined(run.update) }),
    rollbackConfig: Object.keys(rollback).length === 0 ? undefined : rollback,
    convergence: run.convergence && present({ timeout: timed(run.convergence.timeout), stable: timed(run.convergence.stable) }),
  };
}

/** A job that has ended is done, however it ended: nothing starts it again unless the bundle or the settings say so. */
function restartPolicy({ job, restart }: RunOptions): Spec["restartPolicy"] {
  const said = restart && present({ ...restart, delay: timed(restart.delay), window: timed(restart.window) });
  return job ? { condition: "none", ...said } : said;
}

function rolloutOf(options: Rollout): ServiceRollout {
  return present({ ...options, delay: timed(options.delay), monitor: timed(options.monitor) });
}

/** KEY=value sorted by name, the last of a repeated name. */
function environment(variables: readonly EnvironmentVariable[]): string[] {
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  const inOrder = [...byName.values()].sort((a, b) => byBytes(a.name, b.name));
  return inOrder.map(({ name, value, literal }) => (value === undefined ? name : `${name}=${literal ? escapeTemplate(value) : value}`));
}

/** Swarm expands values as Go templates; this is the template that yields `{{`. */
function escapeTemplate(value: string): string {
  return value.replaceAll("{{", '{{"{{"}}');
}

function ports(exposed: readonly ExposedPort[], { ports: published = [], declaredPorts = "closed" }: RunOptions): PublishedPort[] {
  const full = published.map(({ target, published: on, protocol = "tcp", mode = "ingress" }) => present({ target, published: on, protocol, mode }));
  const taken = new Set(full.map(({ target, protocol }) => `${target}/${protocol}`));
  const rest = exposed.filter(({ port, protocol }) => declaredPorts === "ingress" && !taken.has(`${port}/${protocol}`));
  const open = rest.map(({ port, protocol }) => ({ target: port, protocol, mode: "ingress" as const }));
  const byText = new Map([...full, ...open].map((port) => [JSON.stringify(port), port]));
  return [...byText.values()].sort(byPort);
}

function byPort(a: PublishedPort, b: PublishedPort): number {
  return a.target - b.target || (a.published ?? 0) - (b.published ?? 0) || byBytes(`${a.protocol} ${a.mode}`, `${b.protocol} ${b.mode}`);
}

/** Volumes are the stack's own, named and labelled as `docker stack deploy` does, unless they are external. */
function mount(stack: string, { external = false, volumeName, volumeLabels, driver, driverOptions, source, ...rest }: Mount): ServiceMount {
  const own = rest.type === "volume" && source !== undefined && !external;
  return present({
    ...rest,
    source: own ? (volumeName ?? fullName(stack, source)) : source,
    volumeLabels: own ? sorted({ ...volumeLabels, [STACK_LABEL]: stack }) : volumeLabels && sorted(volumeLabels),
    volumeDriver: driver,
    volumeDriverOptions: driverOptions && sorted(driverOptions),
  });
}

function healthcheck(check: Healthcheck | undefined): Spec["healthcheck"] {
  if (check === undefined) return undefined;
  const { test, interval, timeout, startPeriod, retries } = check;
  return present({ test: copy(test), interval: timed(interval), timeout: timed(timeout), startPeriod: timed(startPeriod), retries });
}

function capabilities(chosen: Capabilities | undefined, which: keyof Capabilities): string[] | undefined {
  const full = (name: string): string => (name === "ALL" || name.startsWith("CAP_") ? name : `CAP_${name}`);
  return unlessEmpty(unique(chosen?.[which]?.map(full)));
}

const timed = (duration: Duration | undefined): string | undefined => duration && formatDuration(duration);
const unlessEmpty = <T>(list: readonly T[]): T[] | undefined => (list.length === 0 ? undefined : [...list]);
const unique = (list: readonly string[] = []): string[] => [...new Set(list)].sort(byBytes);
const copy = <T>(list: readonly T[] | undefined): T[] | undefined => list && [...list];
const defined = <T extends object>(options: T | undefined): Partial<T> => (options === undefined ? {} : present(options));

/** Without the members that are undefined, so that equal plans are equal as data too. */
function present<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}
