import { formatDuration } from "./duration";
import { failureTime } from "./health";
import type { RunOptions, Service } from "./model";

/** What a service's options say against each other, with what to write instead; paths are those of the settings file. */
export function runProblems(service: Service): string[] {
  const { key, run } = service;
  const problems = [
    ...[replicasOfGlobal(run), spreadLimitOfGlobal(run), ingressWithoutAddress(run), declaredPortOutOfRange(service)],
    ...[restartOfJob(run), bindWithoutPath(run), repeatedTarget(run), monitorTooShort("update", run), monitorTooShort("rollback", run)],
  ];
  return problems.filter((problem) => problem !== undefined).map((problem) => `services.${key}.${problem}`);
}

function replicasOfGlobal({ mode, replicas }: RunOptions): string | undefined {
  if (mode !== "global" || replicas === undefined) return undefined;
  return `replicas: found ${replicas} with mode global, which runs one task on every host; remove replicas or write mode: replicated`;
}

function spreadLimitOfGlobal({ mode, maxReplicasPerNode }: RunOptions): string | undefined {
  if (mode !== "global" || maxReplicasPerNode === undefined) return undefined;
  return `maxReplicasPerNode: found ${maxReplicasPerNode} with mode global, which runs one task on every host anyway; remove it`;
}

function restartOfJob({ job, restart }: RunOptions): string | undefined {
  if (!job || restart?.condition !== "any") return undefined;
  return "restart.condition: found any for a job, which would run again and again; write none or on-failure, or leave it out";
}

/** A bundle may hold any number as a port; only one that is to be published has to be one. */
function declaredPortOutOfRange({ exposes, run }: Service): string | undefined {
  const wrong = run.declaredPorts === "ingress" ? exposes.find(({ port }) => port < 1 || port > 65535) : undefined;
  return wrong && `declaredPorts: found port ${wrong.port} in the bundle, which cannot be published; correct it to one from 1 to 65535, or write declaredPorts: closed`;
}

/** A relative path of a Compose file means a folder of the developer's machine, which the hosts do not have. */
function bindWithoutPath({ mounts = [] }: RunOptions): string | undefined {
  const at = mounts.findIndex(({ type, source = "" }) => type === "bind" && !source.startsWith("/"));
  return at < 0 ? undefined : `mounts[${at}].source: found ${JSON.stringify(mounts[at]!.source)}, which is no path on the hosts; write one that begins with /, or use a volume, or a config for a file`;
}

function repeatedTarget({ mounts = [] }: RunOptions): string | undefined {
  const at = mounts.findIndex(({ target }, index) => mounts.findIndex((other) => other.target === target) < index);
  return at < 0 ? undefined : `mounts[${at}].target: found "${mounts[at]!.target}", where another mount is already; write another path`;
}

/** The engine's rule (controlapi/service.go): ingress needs a virtual address. */
function ingressWithoutAddress({ endpointMode, ports = [], declaredPorts }: RunOptions): string | undefined {
  if (endpointMode !== "dnsrr") return undefined;
  const at = ports.findIndex((port) => (port.mode ?? "ingress") === "ingress");
  if (at >= 0) return `ports[${at}].mode: found ingress (the default) with endpointMode dnsrr, which has no virtual address to publish; write mode: host, or endpointMode: vip`;
  if (declaredPorts === "ingress") return `declaredPorts: found ingress with endpointMode dnsrr, which has no virtual address to publish; write declaredPorts: closed, or endpointMode: vip`;
  return undefined;
}

/** With less, a version that never becomes healthy ends as a success: nobody watches any more when it fails. */
function monitorTooShort(which: "update" | "rollback", run: RunOptions): string | undefined {
  const monitor = run[which]?.monitor;
  const needed = failureTime(run.healthcheck);
  if (monitor === undefined || needed === undefined || monitor.nanoseconds >= needed.nanoseconds) return undefined;
  return (
    `${which}.monitor: found ${formatDuration(monitor)}, but the healthcheck fails only after startPeriod + interval × retries = ${formatDuration(needed)}; ` +
    `write at least that, or remove monitor`
  );
}
