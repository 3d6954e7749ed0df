import { roomProblem, tasksInUpdate } from "../network/plan";
import { byBytes } from "./byteOrder";
import { DIGEST_REFERENCE_PATTERN } from "./image";
import { environmentFindings } from "./lintEnvironment";
import { withSettings } from "./merge";
import type { Application, Mount, Service } from "./model";
import type { Notice } from "./notice";
import { withAwaitedJobs } from "./order";
import { publishedPortClashes } from "./publishedPorts";
import { fullName, serviceNameProblem } from "./serviceName";
import type { Settings } from "./settings/schema";

export interface LintedApplication {
  readonly stack: string;
  readonly application: Application;
  readonly settings?: Settings;
}

export interface LintOptions {
  /** Hosts of the cluster: each takes an address of every overlay. Default 1. */
  readonly hosts?: number;
  /** Prefix length of networks that name no subnet. Default 24. */
  readonly subnetSize?: number;
}

/** What is risky or sloppy about applications as their settings make them, application by application; paths begin with the stack. */
export function lint(applications: readonly LintedApplication[], options: LintOptions = {}): Notice[] {
  const wanted = applications.map(({ stack, application, settings = {} }) => ({ stack, settings, application: withAwaitedJobs(withSettings(application, settings)) }));
  const findings = wanted.flatMap(({ stack, application, settings }) => [
    ...[...application.services].sort((a, b) => byBytes(a.key, b.key)).flatMap((service) => serviceFindings(stack, service, settings)),
    ...roomFindings(stack, application, options),
  ]);
  return [...findings, ...clashFindings(wanted)];
}

type Finding = Omit<Notice, "path"> & { readonly at: string };
const warning = (at: string, message: string): Finding => ({ severity: "warning", at, message });
const info = (at: string, message: string): Finding => ({ severity: "info", at, message });

function serviceFindings(stack: string, service: Service, settings: Settings): Notice[] {
  const found = [
    ...nameFindings(stack, service),
    ...imageFindings(service, settings),
    ...environmentFindings(service.environment).map(({ name, why }) => warning(`environment.${name}`, `${why}; mount a secret and name its file, or take it from there at the start`)),
    ...userFindings(service),
    ...healthFindings(service),
    ...(service.run.mounts ?? []).flatMap(mountFindings),
    ...(service.run.resources?.limits?.memory === undefined ? [warning("resources.limits.memory", "no limit: one task can take all memory of its host; set one")] : []),
  ];
  return found.map(({ at, ...rest }) => ({ ...rest, path: `${stack}.services.${service.key}${at === "" ? "" : `.${at}`}` }));
}

function nameFindings(stack: string, { key }: Service): Finding[] {
  const problem = serviceNameProblem(fullName(stack, key));
  return problem === undefined ? [] : [warning("", problem)];
}

function imageFindings({ image }: Service, { relocate = {} }: Settings): Finding[] {
  const relocation = Object.hasOwn(relocate, image) ? relocate[image] : undefined;
  if (relocation !== undefined || DIGEST_REFERENCE_PATTERN.test(image)) return [];
  const tag = /:([^:/]+)$/.exec(image.split("@")[0]!)?.[1];
  const moving = tag === undefined || tag === "latest" ? `"${image}" is whatever was pushed last` : `"${image}" may become another image`;
  return [warning("image", `${moving}; pin it by a digest, or relocate it in the settings`)];
}

function userFindings({ run: { user } }: Service): Finding[] {
  if (user === undefined || user === "") return [info("user", "is the image's, which often is root; name one")];
  return /^(root|0)(:|$)/.test(user) ? [warning("user", "is root; name another")] : [];
}

/** A job has no health: it ends. */
function healthFindings({ run: { healthcheck, job } }: Service): Finding[] {
  if (job) return [];
  if (healthcheck === undefined) return [info("healthcheck", "none is written: unless the image has one, a task counts as good once it has started")];
  return healthcheck.test?.[0] === "NONE" ? [warning("healthcheck", "is switched off: a task counts as good once it has started")] : [];
}

const ENGINE_SOCKETS = ["/var/run/docker.sock", "/run/docker.sock"];

function mountFindings({ type, source = "", readOnly }: Mount, index: number): Finding[] {
  if (type !== "bind") return [];
  if (ENGINE_SOCKETS.includes(source)) return [warning(`mounts[${index}]`, `${source} makes the container root of its host${readOnly ? ", read-only or not" : ""}; do without it`)];
  return [info(`mounts[${index}]`, `${source} must be on every host that may run it, and ties it to them; use a volume, or constraints`)];
}

/** Every port that two services publish, whichever application they are of. */
function clashFindings(applications: readonly { readonly stack: string; readonly application: Application }[]): Notice[] {
  const publishing = applications.map(({ stack, application }) => ({
    stack,
    services: application.services.map(({ key, run }) => ({ key, spec: { ports: run.ports ?? [] } })),
  }));
  return publishedPortClashes(publishing).map((message) => ({ severity: "warning", path: "ports", message }));
}

function roomFindings(stack: string, { services, networks }: Application, { hosts = 1, subnetSize = 24 }: LintOptions): Notice[] {
  const own = [...networks].sort((a, b) => byBytes(a.key, b.key)).flatMap((network) => (network.kind === "own" ? [network] : []));
  return own.flatMap(({ key, subnet = `10.0.0.0/${subnetSize}` }): Notice[] => {
    const attached = services.filter((service) => service.networks.includes(key));
    const tasks = attached.reduce((sum, service) => sum + tasksOf(service, hosts), 0);
    const problem = roomProblem(subnet, { nodes: hosts, virtualAddresses: attached.filter(({ run }) => run.endpointMode !== "dnsrr").length, tasks });
    return problem === undefined ? [] : [{ severity: "warning", path: `${stack}.networks.${key}`, message: problem }];
  });
}

function tasksOf({ run }: Service, hosts: number): number {
  return tasksInUpdate(run.mode === "global" ? hosts : (run.replicas ?? run.initialReplicas ?? 1), run.update);
}
