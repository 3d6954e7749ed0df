import { USUAL_FILE_MODE, USUAL_GRACE_PERIOD, toEnv } from "./containerSpec";
import { formatDuration } from "./duration";
import type { ContainerSpec, FileSpec, MountSpec } from "./engineApi";
import type { ServiceFile, ServiceInputs, ServiceMount } from "./inputs";
import { sortedBy, sortedSet, unless } from "./order";

/** A time of the engine as text, or nothing where it is 0 or what happens anyway. */
export function timeUnless(usual: number, nanoseconds: number | undefined): string | undefined {
  return nanoseconds === undefined || nanoseconds === usual ? undefined : formatDuration(nanoseconds);
}

/** The container's part of a live spec in the words of the inputs, without the engine's defaults. */
export function fromContainerSpec(spec: ContainerSpec): Omit<ServiceInputs, "cluster" | "name"> {
  const check = spec.Healthcheck;
  return {
    image: spec.Image,
    containerLabels: spec.Labels,
    command: spec.Command,
    args: spec.Args,
    env: toEnv(spec.Env),
    dir: spec.Dir || undefined,
    user: spec.User || undefined,
    groups: sortedSet(spec.Groups),
    hostname: spec.Hostname || undefined,
    tty: spec.TTY || undefined,
    openStdin: spec.OpenStdin || undefined,
    readOnly: spec.ReadOnly || undefined,
    init: spec.Init,
    stopSignal: spec.StopSignal || undefined,
    stopGracePeriod: timeUnless(USUAL_GRACE_PERIOD, spec.StopGracePeriod),
    healthcheck: check && {
      test: check.Test,
      interval: timeUnless(0, check.Interval),
      timeout: timeUnless(0, check.Timeout),
      startPeriod: timeUnless(0, check.StartPeriod),
      retries: check.Retries || undefined,
    },
    hosts: spec.Hosts,
    dns: spec.DNSConfig && { nameservers: spec.DNSConfig.Nameservers, search: spec.DNSConfig.Search, options: spec.DNSConfig.Options },
    capabilityAdd: sortedSet(spec.CapabilityAdd),
    capabilityDrop: sortedSet(spec.CapabilityDrop),
    sysctls: spec.Sysctls,
    ulimits: spec.Ulimits && sortedBy(spec.Ulimits, (limit) => limit.Name).map((limit) => ({ name: limit.Name, soft: limit.Soft, hard: limit.Hard })),
    mounts: spec.Mounts && sortedBy(spec.Mounts, (mount) => mount.Target).map(fromMount),
    secrets: sortedFiles(spec.Secrets?.map((use) => fromFile(use.SecretID, use.SecretName, use.File))),
    configs: sortedFiles(spec.Configs?.map((use) => fromFile(use.ConfigID, use.ConfigName, use.File))),
  };
}

function sortedFiles(files: ServiceFile[] | undefined): ServiceFile[] | undefined {
  return files && sortedBy(files, (file) => `${file.name}\0${file.target}`);
}

function fromFile(id: string, name: string, file: FileSpec | undefined): ServiceFile {
  return { id, name, target: file?.Name ?? name, uid: unless("0", file?.UID), gid: unless("0", file?.GID), mode: unless(USUAL_FILE_MODE, file?.Mode) };
}

function fromMount(mount: MountSpec): ServiceMount {
  const { VolumeOptions: volume, TmpfsOptions: tmpfs, BindOptions: bind } = mount;
  return {
    // A foreign hand may have used a type that the inputs have no word for; it is shown as it is.
    type: mount.Type as ServiceMount["type"],
    source: mount.Source || undefined,
    target: mount.Target,
    readOnly: mount.ReadOnly || undefined,
    noCopy: volume?.NoCopy || undefined,
    volumeLabels: volume?.Labels,
    volumeDriver: volume?.DriverConfig?.Name || undefined,
    volumeDriverOptions: volume?.DriverConfig?.Options,
    propagation: unless("rprivate", bind?.Propagation || undefined) as ServiceMount["propagation"],
    tmpfsSize: tmpfs?.SizeBytes || undefined,
    tmpfsMode: tmpfs?.Mode || undefined,
  };
}
