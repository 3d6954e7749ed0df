import * as z from "zod";
import { Connection } from "../../remote/connection";

/** A length of time as Go and Docker write it: "500ms", "10s", "1m30s". */
const duration = z.string().regex(/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$|^0$/, "a duration such as \"10s\" or \"1m30s\"");

/** What happens to tasks while a service moves to a new version (or back). Defaults are the engine's own. */
const rollout = z.strictObject({
  parallelism: z.int().min(0).optional().describe("Tasks changed at once; 0 means all. Default 1."),
  delay: duration.optional().describe('Pause between batches. Default "0s".'),
  failureAction: z.enum(["pause", "continue", "rollback"]).optional().describe('What the engine does when a task of the new version fails. Default "pause". A rollback cannot itself roll back.'),
  monitor: duration.optional().describe('How long a new task is watched before it counts as good. Default "5s".'),
  maxFailureRatio: z.number().min(0).max(1).optional().describe("Share of failed tasks that is tolerated, 0 to 1. Default 0."),
  order: z.enum(["stop-first", "start-first"]).optional().describe('Whether the old task stops before the new one starts. Default "stop-first".'),
});

/** A file mounted into the tasks from a Swarm secret or config. */
const mountedFile = z.strictObject({
  id: z.string().describe("Swarm id of the secret or config."),
  name: z.string().describe("Its name in the Swarm; the engine wants both."),
  target: z.string().describe("Path in the container; a bare name is put below /run/secrets (secrets) or / (configs)."),
  uid: z.string().optional().describe('Owner. Default "0".'),
  gid: z.string().optional(),
  mode: z.int().min(0).max(0o7777).optional().describe("File mode as a number. Default 0o444."),
});

const mount = z.strictObject({
  type: z.enum(["volume", "bind", "tmpfs"]),
  source: z.string().optional().describe("Volume name or host path; none for tmpfs or an anonymous volume."),
  target: z.string(),
  readOnly: z.boolean().optional(),
  noCopy: z.boolean().optional().describe("Volumes only."),
  volumeLabels: z.record(z.string(), z.string()).optional(),
  volumeDriver: z.string().optional(),
  volumeDriverOptions: z.record(z.string(), z.string()).optional(),
  propagation: z.enum(["private", "rprivate", "shared", "rshared", "slave", "rslave"]).optional().describe("Binds only."),
  tmpfsSize: z.int().min(0).optional().describe("tmpfs only, bytes and file mode."),
  tmpfsMode: z.int().min(0).max(0o7777).optional(),
});

/**
 * A Swarm service, in the words of the Docker API but with one flat level less, so that a preview reads well.
 * Whatever is left out takes the engine's default; lists without a meaning in their order (env, ports, mounts,
 * networks, secrets, configs, constraints) are compared without it.
 */
export const ServiceInputs = z.strictObject({
  cluster: z.string().describe("Id of the cluster it runs in (output of Cluster)."),
  name: z.string().describe("Full name, at most 63 characters of a DNS label with underscores. A change replaces the service."),
  labels: z.record(z.string(), z.string()).optional().describe("Labels of the service object; a change restarts nothing."),
  image: z.string().describe("Reference of the image, by digest: `registry/name@sha256:…`."),
  containerLabels: z.record(z.string(), z.string()).optional().describe("Labels of the containers; a change replaces the tasks."),
  command: z.array(z.string()).optional().describe("Overrides the image's ENTRYPOINT."),
  args: z.array(z.string()).optional().describe("Overrides the image's CMD."),
  env: z.array(z.string()).optional().describe("KEY=value; order has no meaning, the last of a repeated key wins."),
  dir: z.string().optional().describe("Working directory. Default: the image's."),
  user: z.string().optional().describe("User, or user:group, that the tasks run as. Default: the image's."),
  groups: z.array(z.string()).optional().describe("Further groups of that user."),
  hostname: z.string().optional().describe('Hostname of the containers; may be a template of the engine, "{{.Task.Slot}}".'),
  tty: z.boolean().optional().describe("Whether the tasks get a terminal. Default false."),
  openStdin: z.boolean().optional().describe("Whether standard input stays open. Default false."),
  readOnly: z.boolean().optional().describe("Whether the containers' root file system is read-only. Default false."),
  init: z.boolean().optional().describe("Whether an init process takes care of signals and zombies. Default: the engine's setting."),
  stopSignal: z.string().optional().describe("Signal that asks a task to end. Default: the image's, else SIGTERM."),
  stopGracePeriod: duration.optional().describe("How long a task may take to end before it is killed. Default 10 s."),
  healthcheck: z
    .strictObject({
      test: z.array(z.string()).optional().describe('["NONE"], ["CMD", …] or ["CMD-SHELL", "…"].'),
      interval: duration.optional(),
      timeout: duration.optional(),
      startPeriod: duration.optional(),
      retries: z.int().min(0).optional(),
    })
    .optional()
    .describe("How the engine finds out whether a task is healthy. Default: the image's."),
  hosts: z.array(z.string()).optional().describe('Extra lines of /etc/hosts: "address name".'),
  dns: z.strictObject({ nameservers: z.array(z.string()).optional(), search: z.array(z.string()).optional(), options: z.array(z.string()).optional() }).optional().describe("Name servers, search domains and resolver options in place of the host's."),
  capabilityAdd: z.array(z.string()).optional().describe('Capabilities added to the engine\'s default ones, "CAP_NET_ADMIN".'),
  capabilityDrop: z.array(z.string()).optional().describe('Capabilities taken away; "ALL" takes every one.'),
  sysctls: z.record(z.string(), z.string()).optional().describe("Kernel parameters of the containers' own name spaces."),
  ulimits: z.array(z.strictObject({ name: z.string(), soft: z.int(), hard: z.int() })).optional().describe('Resource limits of the processes, "nofile"; -1 is unlimited.'),
  logDriver: z.strictObject({ name: z.string(), options: z.record(z.string(), z.string()).optional() }).optional().describe("Where the output goes. Default: the engine's log driver."),
  mounts: z.array(mount).optional().describe("Volumes, host paths and memory file systems in the containers."),
  secrets: z.array(mountedFile).optional().describe("Swarm secrets that the tasks see as files."),
  configs: z.array(mountedFile).optional().describe("Swarm configs that the tasks see as files."),
  networks: z.array(z.strictObject({ id: z.string(), aliases: z.array(z.string()).optional() })).optional().describe("Swarm ids of the overlays it is attached to, with its names there; \"host\" for the hosts' own network."),
  endpointMode: z.enum(["vip", "dnsrr"]).optional().describe('How clients find it: one virtual address, or one DNS record a task. Default "vip".'),
  ports: z
    .array(
      z.strictObject({
        target: z.int().min(0).max(65535),
        published: z.int().min(1).max(65535).optional().describe("Port on the hosts; left out, the engine picks one from 30000-32767 (ingress) or any free one (host)."),
        protocol: z.enum(["tcp", "udp", "sctp"]).optional().describe('Default "tcp".'),
        mode: z.enum(["ingress", "host"]).optional().describe('"ingress" publishes on every host through IPVS, "host" on those that run a task. Default "ingress".'),
      }),
    )
    .optional()
    .describe("Ports that are published on hosts."),
  mode: z.enum(["replicated", "global"]).optional().describe('Default "replicated". A change between the two replaces the service.'),
  replicas: z.int().min(0).optional().describe("Left out: 1 at creation, and afterwards whatever an operator scaled it to."),
  initialReplicas: z.int().min(0).optional().describe("The count at creation where `replicas` is left out. Default 1. A change means nothing."),
  placement: z
    .strictObject({
      constraints: z.array(z.string()).optional().describe('"node.labels.zone == a"'),
      spread: z.array(z.string()).optional().describe('Node descriptors to spread over, in this order: "node.labels.zone".'),
      maxReplicasPerNode: z.int().min(0).optional(),
    })
    .optional()
    .describe("Which nodes may run tasks, and how they spread."),
  resources: z
    .strictObject({
      limits: z.strictObject({ cpus: z.number().positive().optional(), memory: z.int().positive().optional(), pids: z.int().positive().optional() }).optional().describe("CPUs in cores, memory in bytes."),
      reservations: z.strictObject({ cpus: z.number().positive().optional(), memory: z.int().positive().optional() }).optional(),
    })
    .optional()
    .describe("What a task may use, and what a node must have free for it."),
  restartPolicy: z
    .strictObject({
      condition: z.enum(["none", "on-failure", "any"]).optional(),
      delay: duration.optional(),
      maxAttempts: z.int().min(0).optional(),
      window: duration.optional(),
    })
    .optional()
    .describe("When a task that ended is started again. Default: always, after 5 s."),
  updateConfig: rollout.optional().describe("How a new version is rolled out."),
  rollbackConfig: rollout.optional().describe("How the engine goes back to the former version."),
  convergence: z
    .strictObject({
      timeout: duration.optional().describe("Default: the provider's timeouts.convergence."),
      stable: duration.optional().describe('Default "2s".'),
      hold: z
        .strictObject({ connection: Connection, port: z.int().min(1).max(65535) })
        .optional()
        .describe("A host's published port (TCP) at which new connections wait for the new task while the old one is replaced. Default: they are refused meanwhile."),
    })
    .optional()
    .describe("How long create and update wait until all tasks run, and how long these must then stay up. No part of the service itself."),
});
export type ServiceInputs = z.infer<typeof ServiceInputs>;
export type ServiceMount = z.infer<typeof mount>;
export type ServiceRollout = z.infer<typeof rollout>;
export type ServiceFile = z.infer<typeof mountedFile>;
