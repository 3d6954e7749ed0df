import * as z from "zod";

/** A length of time as Go and Docker write it: "500ms", "10s", "1m30s". */
const duration = z.string().regex(/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$|^0$/, "a duration such as \"10s\" or \"1m30s\"");

/** What happens to tasks while a service moves to a new version (or back). Defaults are the engine's own. */
const rollout = z.strictObject({
  /** Tasks changed at once; 0 means all. Default 1. */
  parallelism: z.int().min(0).optional(),
  /** Pause between batches. Default "0s". */
  delay: duration.optional(),
  /** What the engine does when a task of the new version fails. Default "pause". A rollback cannot itself roll back. */
  failureAction: z.enum(["pause", "continue", "rollback"]).optional(),
  /** How long a new task is watched before it counts as good. Default "5s". */
  monitor: duration.optional(),
  /** Share of failed tasks that is tolerated, 0 to 1. Default 0. */
  maxFailureRatio: z.number().min(0).max(1).optional(),
  /** Whether the old task stops before the new one starts. Default "stop-first". */
  order: z.enum(["stop-first", "start-first"]).optional(),
});

/** A file mounted into the tasks from a Swarm secret or config. */
const mountedFile = z.strictObject({
  /** Swarm id of the secret or config. */
  id: z.string(),
  /** Its name in the Swarm; the engine wants both. */
  name: z.string(),
  /** Path in the container; a bare name is put below /run/secrets (secrets) or / (configs). */
  target: z.string(),
  /** Owner. Default "0". */
  uid: z.string().optional(),
  gid: z.string().optional(),
  /** File mode as a number. Default 0o444. */
  mode: z.int().min(0).max(0o7777).optional(),
});

const mount = z.strictObject({
  type: z.enum(["volume", "bind", "tmpfs"]),
  /** Volume name or host path; none for tmpfs or an anonymous volume. */
  source: z.string().optional(),
  target: z.string(),
  readOnly: z.boolean().optional(),
  /** Volumes only. */
  noCopy: z.boolean().optional(),
  volumeLabels: z.record(z.string(), z.string()).optional(),
  volumeDriver: z.string().optional(),
  volumeDriverOptions: z.record(z.string(), z.string()).optional(),
  /** Binds only. */
  propagation: z.enum(["private", "rprivate", "shared", "rshared", "slave", "rslave"]).optional(),
  /** tmpfs only, bytes and file mode. */
  tmpfsSize: z.int().min(0).optional(),
  tmpfsMode: z.int().min(0).max(0o7777).optional(),
});

/**
 * A Swarm service, in the words of the Docker API but with one flat level less, so that a preview reads well.
 * Whatever is left out takes the engine's default; lists without a meaning in their order (env, ports, mounts,
 * networks, secrets, configs, constraints) are compared without it.
 */
export const ServiceInputs = z.strictObject({
  /** Id of the cluster it runs in (output of Cluster). */
  cluster: z.string(),
  /** Full name, at most 63 characters of a DNS label with underscores. A change replaces the service. */
  name: z.string(),
  /** Labels of the service object; a change restarts nothing. */
  labels: z.record(z.string(), z.string()).optional(),
  image: z.string(),
  /** Labels of the containers; a change replaces the tasks. */
  containerLabels: z.record(z.string(), z.string()).optional(),
  /** Overrides the image's ENTRYPOINT. */
  command: z.array(z.string()).optional(),
  /** Overrides the image's CMD. */
  args: z.array(z.string()).optional(),
  /** KEY=value; order has no meaning, the last of a repeated key wins. */
  env: z.array(z.string()).optional(),
  dir: z.string().optional(),
  user: z.string().optional(),
  groups: z.array(z.string()).optional(),
  hostname: z.string().optional(),
  tty: z.boolean().optional(),
  openStdin: z.boolean().optional(),
  readOnly: z.boolean().optional(),
  init: z.boolean().optional(),
  stopSignal: z.string().optional(),
  stopGracePeriod: duration.optional(),
  healthcheck: z
    .strictObject({
      /** ["NONE"], ["CMD", …] or ["CMD-SHELL", "…"]. */
      test: z.array(z.string()).optional(),
      interval: duration.optional(),
      timeout: duration.optional(),
      startPeriod: duration.optional(),
      retries: z.int().min(0).optional(),
    })
    .optional(),
  /** Extra lines of /etc/hosts: "address name". */
  hosts: z.array(z.string()).optional(),
  dns: z.strictObject({ nameservers: z.array(z.string()).optional(), search: z.array(z.string()).optional(), options: z.array(z.string()).optional() }).optional(),
  capabilityAdd: z.array(z.string()).optional(),
  capabilityDrop: z.array(z.string()).optional(),
  sysctls: z.record(z.string(), z.string()).optional(),
  ulimits: z.array(z.strictObject({ name: z.string(), soft: z.int(), hard: z.int() })).optional(),
  logDriver: z.strictObject({ name: z.string(), options: z.record(z.string(), z.string()).optional() }).optional(),
  mounts: z.array(mount).optional(),
  secrets: z.array(mountedFile).optional(),
  configs: z.array(mountedFile).optional(),
  /** Swarm ids of the overlays it is attached to, with its names there. */
  networks: z.array(z.strictObject({ id: z.string(), aliases: z.array(z.string()).optional() })).optional(),
  /** How clients find it: one virtual address, or one DNS record a task. Default "vip". */
  endpointMode: z.enum(["vip", "dnsrr"]).optional(),
  ports: z
    .array(
      z.strictObject({
        target: z.int().min(0).max(65535),
        /** Port on the hosts; left out, the engine picks one from 30000-32767 (ingress) or any free one (host). */
        published: z.int().min(1).max(65535).optional(),
        /** Default "tcp". */
        protocol: z.enum(["tcp", "udp", "sctp"]).optional(),
        /** "ingress" publishes on every host through IPVS, "host" on those that run a task. Default "ingress". */
        mode: z.enum(["ingress", "host"]).optional(),
      }),
    )
    .optional(),
  /** Default "replicated". A change between the two replaces the service. */
  mode: z.enum(["replicated", "global"]).optional(),
  /** Left out: 1 at creation, and afterwards whatever an operator scaled it to. */
  replicas: z.int().min(0).optional(),
  placement: z
    .strictObject({
      /** "node.labels.zone == a" */
      constraints: z.array(z.string()).optional(),
      /** Node descriptors to spread over, in this order: "node.labels.zone". */
      spread: z.array(z.string()).optional(),
      maxReplicasPerNode: z.int().min(0).optional(),
    })
    .optional(),
  resources: z
    .strictObject({
      /** CPUs in cores, memory in bytes. */
      limits: z.strictObject({ cpus: z.number().positive().optional(), memory: z.int().positive().optional(), pids: z.int().positive().optional() }).optional(),
      reservations: z.strictObject({ cpus: z.number().positive().optional(), memory: z.int().positive().optional() }).optional(),
    })
    .optional(),
  restartPolicy: z
    .strictObject({
      condition: z.enum(["none", "on-failure", "any"]).optional(),
      delay: duration.optional(),
      maxAttempts: z.int().min(0).optional(),
      window: duration.optional(),
    })
    .optional(),
  updateConfig: rollout.optional(),
  rollbackConfig: rollout.optional(),
  /** How long create and update wait for convergence, and how long the tasks must then stay up. Not part of the service itself. */
  convergence: z
    .strictObject({
      /** Default "5m". */
      timeout: duration.optional(),
      /** Default "2s". */
      stable: duration.optional(),
    })
    .optional(),
});
export type ServiceInputs = z.infer<typeof ServiceInputs>;
export type ServiceMount = z.infer<typeof mount>;
export type ServiceRollout = z.infer<typeof rollout>;
export type ServiceFile = z.infer<typeof mountedFile>;
