import type { Duration } from "./duration";
import type { MountedFile, StoredFile } from "./modelFiles";

export type { BundleFolderPaths, ContentSource, ExternalSource, FileContent, FileSource, MountedFile, StoredFile, UnnamedSource } from "./modelFiles";

/**
 * An application as its developers and its operators describe it, whatever file it came from and whatever it will run
 * on. Readers (DAB, Compose) make it, the operator's settings change it, writers (Swarm) turn it into what an orchestrator wants.
 * Names are the short ones of the file. Lists of services and networks have no meaning in their order.
 */
export interface Application {
  readonly services: readonly Service[];
  readonly networks: readonly Network[];
  /** Default: none. */
  readonly secrets?: readonly StoredFile[];
  /** Default: none. */
  readonly configs?: readonly StoredFile[];
}

export interface Service {
  /** Short name, unique in the application, case-sensitive. */
  readonly key: string;
  /** As written, "redis@sha256:…". */
  readonly image: string;
  /** Overrides the image's ENTRYPOINT; empty: the image's own. */
  readonly command: readonly string[];
  /** Overrides the image's CMD; empty: the image's own. */
  readonly args: readonly string[];
  /** In the order of the file; of a repeated name the last counts. */
  readonly environment: readonly EnvironmentVariable[];
  /** Labels of the service, not of its containers. */
  readonly labels: Labels;
  readonly containerLabels: Labels;
  /** Ports that the containers listen on; says nothing about who reaches them. */
  readonly exposes: readonly ExposedPort[];
  /** Keys of the networks it is attached to, where it answers to its own key. Repeats mean nothing. */
  readonly networks: readonly string[];
  /** Names it answers to besides its key, by network. Default: none. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
  /** Services that must have come so far before this one changes. Default: none. */
  readonly dependsOn?: readonly Dependency[];
  readonly run: RunOptions;
}

export interface Dependency {
  /** Key of the other service. */
  readonly service: string;
  /** "started" and "healthy" are met when it has converged; "completed" when its one run has ended well. */
  readonly condition: "started" | "healthy" | "completed";
}

export type Labels = Readonly<Record<string, string>>;

export interface EnvironmentVariable {
  readonly name: string;
  /** Undefined: the name alone, without "=". */
  readonly value: string | undefined;
  /** True: every character stands for itself. False: Swarm's templates (`{{.Node.Hostname}}`) are meant as such. */
  readonly literal: boolean;
}

export type Protocol = "tcp" | "udp" | "sctp";

export interface ExposedPort {
  /** As written in the file, so it may lie outside 1 to 65535. */
  readonly port: number;
  readonly protocol: Protocol;
}

/** How a service runs. Whatever is left out is not said, and the writer or the orchestrator decides. */
export interface RunOptions {
  readonly workingDir?: string;
  /** "name", "uid" or "uid:gid". */
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly hostname?: string;
  readonly init?: boolean;
  /** The root file system is mounted read-only. */
  readonly readOnly?: boolean;
  readonly stopSignal?: string;
  readonly stopGracePeriod?: Duration;
  readonly healthcheck?: Healthcheck;
  readonly capabilities?: Capabilities;
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly ulimits?: Readonly<Record<string, Ulimit>>;
  /** Extra lines of /etc/hosts, name to address. */
  readonly extraHosts?: Readonly<Record<string, string>>;
  readonly dns?: Dns;
  readonly logging?: Logging;
  readonly mounts?: readonly Mount[];
  readonly secrets?: readonly MountedFile[];
  readonly configs?: readonly MountedFile[];
  readonly tty?: boolean;
  readonly openStdin?: boolean;

  /** It runs to its end, once for each change of it (a migration), and is then not started again. Default false. */
  readonly job?: boolean;
  readonly mode?: "replicated" | "global";
  /** Left out, the count belongs to whoever scales the service by hand. */
  readonly replicas?: number;
  /** The count at creation, where `replicas` leaves it open. Default 1. */
  readonly initialReplicas?: number;
  /** How clients find the service: one virtual address, or one DNS record a task. */
  readonly endpointMode?: "vip" | "dnsrr";
  readonly ports?: readonly PublishedPort[];
  /** What becomes of exposed ports that `ports` does not name; "ingress" publishes each on a port that Swarm picks. */
  readonly declaredPorts?: "closed" | "ingress";
  /** "node.labels.zone == a" */
  readonly constraints?: readonly string[];
  /** Node descriptors to spread the tasks over, the first counting most: "node.labels.zone". */
  readonly spread?: readonly string[];
  readonly maxReplicasPerNode?: number;
  readonly resources?: Resources;
  readonly restart?: RestartPolicy;
  readonly update?: Rollout;
  readonly rollback?: Rollout;
  readonly convergence?: Convergence;
}

export interface PublishedPort {
  readonly target: number;
  /** Left out, the orchestrator picks one. */
  readonly published?: number;
  /** Default "tcp". */
  readonly protocol?: Protocol;
  /** "ingress" answers on every host, "host" only where a task runs. Default "ingress". */
  readonly mode?: "ingress" | "host";
}

export interface Mount {
  readonly type: "volume" | "bind" | "tmpfs";
  /** Name of the volume or path on the host; none for tmpfs or an anonymous volume. */
  readonly source?: string;
  readonly target: string;
  readonly readOnly?: boolean;
  /** The volume exists outside the application and keeps its name. */
  readonly external?: boolean;
  /** Full name of the application's own volume. Default: `STACK_source`. */
  readonly volumeName?: string;
  readonly volumeLabels?: Labels;
  readonly noCopy?: boolean;
  readonly driver?: string;
  readonly driverOptions?: Readonly<Record<string, string>>;
  readonly propagation?: "private" | "rprivate" | "shared" | "rshared" | "slave" | "rslave";
  /** Bytes. */
  readonly tmpfsSize?: number;
  readonly tmpfsMode?: number;
}

export interface Healthcheck {
  /** ["NONE"], ["CMD", …] or ["CMD-SHELL", "…"]; left out, the image's own. */
  readonly test?: readonly string[];
  readonly interval?: Duration;
  readonly timeout?: Duration;
  readonly startPeriod?: Duration;
  readonly retries?: number;
}

export interface Resources {
  /** CPUs in cores, memory in bytes. */
  readonly limits?: { readonly cpus?: number; readonly memory?: number; readonly pids?: number };
  readonly reservations?: { readonly cpus?: number; readonly memory?: number };
}

/** What happens to the tasks on the way to a new version, or back. */
export interface Rollout {
  /** Tasks changed at once; 0 means all. */
  readonly parallelism?: number;
  readonly delay?: Duration;
  readonly failureAction?: "pause" | "continue" | "rollback";
  /** How long a new task is watched before it counts as good. */
  readonly monitor?: Duration;
  /** Share of failed tasks that is tolerated, 0 to 1. */
  readonly maxFailureRatio?: number;
  readonly order?: "stop-first" | "start-first";
}

export interface RestartPolicy {
  readonly condition?: "none" | "on-failure" | "any";
  readonly delay?: Duration;
  readonly maxAttempts?: number;
  readonly window?: Duration;
}

export interface Convergence {
  readonly timeout?: Duration;
  readonly stable?: Duration;
}

export interface Capabilities {
  readonly add?: readonly string[];
  readonly drop?: readonly string[];
}

export interface Ulimit {
  readonly soft: number;
  readonly hard: number;
}

export interface Dns {
  readonly nameservers?: readonly string[];
  readonly search?: readonly string[];
  readonly options?: readonly string[];
}

export interface Logging {
  readonly driver: string;
  readonly options?: Readonly<Record<string, string>>;
}

/** A network of the application: one of its own, or one that the platform has. */
export type Network = OwnNetwork | ExternalNetwork;

export interface OwnNetwork {
  readonly key: string;
  readonly kind: "own";
  /** Containers outside Swarm may attach to it. */
  readonly attachable?: boolean;
  readonly encrypted?: boolean;
  /** No way out of it. */
  readonly internal?: boolean;
  /** CIDR; left out, the platform's planner or Swarm picks one. */
  readonly subnet?: string;
  /** Full name. Default: `STACK_key`. */
  readonly name?: string;
  readonly labels?: Labels;
  /** Largest packet in bytes. */
  readonly mtu?: number;
}

export interface ExternalNetwork {
  readonly key: string;
  readonly kind: "external";
  /** Name of the network in the platform's configuration. */
  readonly network: string;
}
