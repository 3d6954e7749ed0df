/**
 * What the Docker API (1.41 and later) says about services, tasks and nodes; the part that Dockyard reads and writes.
 * Times are nanoseconds, as everywhere in that API.
 */
export interface ServiceSpec {
  Name: string;
  Labels?: Record<string, string>;
  TaskTemplate: TaskSpec;
  Mode?: { Replicated?: { Replicas?: number }; Global?: object; ReplicatedJob?: object; GlobalJob?: object };
  UpdateConfig?: RolloutSpec;
  RollbackConfig?: RolloutSpec;
  EndpointSpec?: { Mode?: string; Ports?: PortSpec[] };
  /** Where engines before 17.05 kept the networks; still read. */
  Networks?: NetworkAttachment[];
}

export interface TaskSpec {
  ContainerSpec: ContainerSpec;
  Resources?: { Limits?: { NanoCPUs?: number; MemoryBytes?: number; Pids?: number }; Reservations?: { NanoCPUs?: number; MemoryBytes?: number } };
  RestartPolicy?: { Condition?: string; Delay?: number; MaxAttempts?: number; Window?: number };
  Placement?: { Constraints?: string[]; Preferences?: { Spread?: { SpreadDescriptor: string } }[]; MaxReplicas?: number };
  Networks?: NetworkAttachment[];
  LogDriver?: { Name?: string; Options?: Record<string, string> };
  ForceUpdate?: number;
  Runtime?: string;
}

export interface ContainerSpec {
  Image: string;
  Labels?: Record<string, string>;
  Command?: string[];
  Args?: string[];
  Env?: string[];
  Dir?: string;
  User?: string;
  Groups?: string[];
  Hostname?: string;
  TTY?: boolean;
  OpenStdin?: boolean;
  ReadOnly?: boolean;
  Init?: boolean;
  StopSignal?: string;
  StopGracePeriod?: number;
  Healthcheck?: { Test?: string[]; Interval?: number; Timeout?: number; StartPeriod?: number; Retries?: number };
  Hosts?: string[];
  DNSConfig?: { Nameservers?: string[]; Search?: string[]; Options?: string[] };
  CapabilityAdd?: string[];
  CapabilityDrop?: string[];
  Sysctls?: Record<string, string>;
  Ulimits?: { Name: string; Soft: number; Hard: number }[];
  Mounts?: MountSpec[];
  Secrets?: { SecretID: string; SecretName: string; File?: FileSpec }[];
  Configs?: { ConfigID: string; ConfigName: string; File?: FileSpec }[];
  Isolation?: string;
}

export interface FileSpec {
  Name: string;
  UID?: string;
  GID?: string;
  Mode?: number;
}

export interface MountSpec {
  Type: string;
  Source?: string;
  Target: string;
  ReadOnly?: boolean;
  BindOptions?: { Propagation?: string };
  VolumeOptions?: { NoCopy?: boolean; Labels?: Record<string, string>; DriverConfig?: { Name?: string; Options?: Record<string, string> } };
  TmpfsOptions?: { SizeBytes?: number; Mode?: number };
}

export interface NetworkAttachment {
  Target: string;
  Aliases?: string[];
}

export interface PortSpec {
  Name?: string;
  Protocol?: string;
  TargetPort: number;
  PublishedPort?: number;
  PublishMode?: string;
}

export interface RolloutSpec {
  /** 0 means all at once, so it is always written. */
  Parallelism: number;
  Delay?: number;
  FailureAction?: string;
  Monitor?: number;
  MaxFailureRatio?: number;
  Order?: string;
}

export type UpdateState = "updating" | "paused" | "completed" | "rollback_started" | "rollback_paused" | "rollback_completed";

export interface LiveService {
  ID: string;
  Version: { Index: number };
  Spec: ServiceSpec;
  PreviousSpec?: ServiceSpec;
  UpdateStatus?: { State?: UpdateState; Message?: string };
}

export type TaskState =
  | "new" | "allocated" | "pending" | "assigned" | "accepted" | "preparing" | "ready" | "starting" | "running"
  | "complete" | "shutdown" | "failed" | "rejected" | "remove" | "orphaned";

export interface LiveTask {
  ID: string;
  ServiceID: string;
  /** Replica number; global services have none. */
  Slot?: number;
  NodeID?: string;
  CreatedAt: string;
  DesiredState: TaskState;
  Status: { State: TaskState; Timestamp?: string; Message?: string; Err?: string; ContainerStatus?: { ContainerID?: string; ExitCode?: number } };
}

export interface LiveNode {
  ID: string;
  Spec: { Availability?: "active" | "pause" | "drain" };
  Description?: { Hostname?: string };
  Status: { State?: "unknown" | "down" | "ready" | "disconnected" };
}
