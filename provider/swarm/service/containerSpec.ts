import { parseDuration } from "./duration";
import type { ContainerSpec, FileSpec, MountSpec } from "./engineApi";
import type { ServiceFile, ServiceInputs, ServiceMount } from "./inputs";
import { sortedBy, sortedSet, unless } from "./order";

/** What swarmkit does when a spec says nothing (api/defaults/service.go). Nanoseconds. */
export const USUAL_GRACE_PERIOD = 10e9;
export const USUAL_FILE_MODE = 0o444;

/** The container's part of a service; whatever is the engine's default is left out, so equal inputs give equal specs. */
export function toContainerSpec(inputs: ServiceInputs): ContainerSpec {
  const time = (text: string | undefined) => (text === undefined ? undefined : parseDuration(text) || undefined);
  return {
    Image: inputs.image,
    Labels: inputs.containerLabels,
    Command: inputs.command,
    Args: inputs.args,
    Env: toEnv(inputs.env),
    Dir: inputs.dir || undefined,
    User: inputs.user || undefined,
    Groups: sortedSet(inputs.groups),
    Hostname: inputs.hostname || undefined,
    TTY: inputs.tty || undefined,
    OpenStdin: inputs.openStdin || undefined,
    ReadOnly: inputs.readOnly || undefined,
    Init: inputs.init,
    StopSignal: inputs.stopSignal || undefined,
    StopGracePeriod: unless(USUAL_GRACE_PERIOD, inputs.stopGracePeriod === undefined ? undefined : parseDuration(inputs.stopGracePeriod)),
    Healthcheck: inputs.healthcheck && {
      Test: inputs.healthcheck.test,
      Interval: time(inputs.healthcheck.interval),
      Timeout: time(inputs.healthcheck.timeout),
      StartPeriod: time(inputs.healthcheck.startPeriod),
      Retries: inputs.healthcheck.retries || undefined,
    },
    Hosts: inputs.hosts,
    DNSConfig: inputs.dns && { Nameservers: inputs.dns.nameservers, Search: inputs.dns.search, Options: inputs.dns.options },
    CapabilityAdd: sortedSet(inputs.capabilityAdd?.map(capability)),
    CapabilityDrop: sortedSet(inputs.capabilityDrop?.map(capability)),
    Sysctls: inputs.sysctls,
    Ulimits: inputs.ulimits && sortedBy(inputs.ulimits, (limit) => limit.name).map((limit) => ({ Name: limit.name, Soft: limit.soft, Hard: limit.hard })),
    Mounts: inputs.mounts && sortedBy(inputs.mounts, (mount) => mount.target).map(toMount),
    Secrets: inputs.secrets && sortedFiles(inputs.secrets).map((file) => ({ SecretID: file.id, SecretName: file.name, File: toFile(file) })),
    Configs: inputs.configs && sortedFiles(inputs.configs).map((file) => ({ ConfigID: file.id, ConfigName: file.name, File: toFile(file) })),
  };
}

/** Sorted as the reference client does it; of a repeated name the last one counts, as in a container. */
export function toEnv(env: readonly string[] | undefined): string[] | undefined {
  return env && sortedSet([...new Map(env.map((entry) => [entry.split("=", 1)[0]!, entry])).values()]);
}

/** The engine reads "net_admin" and "CAP_NET_ADMIN" alike; the spec has one of them. */
function capability(name: string): string {
  const upper = name.toUpperCase();
  return upper === "ALL" || upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
}

function sortedFiles(files: readonly ServiceFile[]): ServiceFile[] {
  return sortedBy(files, (file) => `${file.name}\0${file.target}`);
}

function toFile(file: ServiceFile): FileSpec {
  return { Name: file.target, UID: file.uid ?? "0", GID: file.gid ?? "0", Mode: file.mode ?? USUAL_FILE_MODE };
}

function toMount(mount: ServiceMount): MountSpec {
  return {
    Type: mount.type,
    Source: mount.source || undefined,
    Target: mount.target,
    ReadOnly: mount.readOnly || undefined,
    BindOptions: { Propagation: unless("rprivate", mount.propagation) },
    VolumeOptions: {
      NoCopy: mount.noCopy || undefined,
      Labels: mount.volumeLabels,
      DriverConfig: { Name: mount.volumeDriver || undefined, Options: mount.volumeDriverOptions },
    },
    TmpfsOptions: { SizeBytes: mount.tmpfsSize || undefined, Mode: mount.tmpfsMode || undefined },
  };
}
