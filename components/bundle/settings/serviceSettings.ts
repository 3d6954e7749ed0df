import * as z from "zod";
import { absolutePath, byteSize, cpus, duration, fields, fileMode, flag, list, matching, oneOf, port, share, text, texts, whole } from "./values";

const protocol = oneOf("tcp", "udp", "sctp");

const publishedPort = fields({
  target: port,
  published: port.optional(),
  protocol: protocol.optional(),
  mode: oneOf("ingress", "host").optional(),
});

const rollout = {
  parallelism: whole(0).optional(),
  delay: duration.optional(),
  monitor: duration.optional(),
  maxFailureRatio: share.optional(),
  order: oneOf("stop-first", "start-first").optional(),
};

const WRITE_TEST = { error: "write a shell command, or a list that begins with CMD, CMD-SHELL or NONE" };
const healthTest = z
  .union([z.string().min(1, WRITE_TEST), z.tuple([z.enum(["CMD", "CMD-SHELL", "NONE"], WRITE_TEST)], z.string())], WRITE_TEST)
  .transform((test): string[] => (typeof test === "string" ? ["CMD-SHELL", test] : test));

const mount = fields({
  type: oneOf("volume", "bind", "tmpfs"),
  source: text("write the name of a volume or a path on the host").optional(),
  target: absolutePath,
  readOnly: flag.optional(),
  /** The volume is not the application's: its name is taken as it stands. */
  external: flag.optional(),
  /** Full name of the application's own volume. Default: STACK_source. */
  volumeName: matching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, "write a name of letters, digits, _ . and -").optional(),
  volumeLabels: texts("write a label").optional(),
  noCopy: flag.optional(),
  driver: text("write the name of a volume driver").optional(),
  driverOptions: texts("write a text").optional(),
  propagation: oneOf("private", "rprivate", "shared", "rshared", "slave", "rslave").optional(),
  tmpfsSize: byteSize.optional(),
  tmpfsMode: fileMode.optional(),
}).superRefine((value, context) => {
  const problem = mountProblem(value);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
});

function mountProblem({ type, source, external, volumeName, volumeLabels, noCopy, driver, driverOptions, propagation, tmpfsSize, tmpfsMode }: {
  type: "volume" | "bind" | "tmpfs";
  source?: string;
  external?: boolean;
  volumeName?: string;
  volumeLabels?: object;
  noCopy?: boolean;
  driver?: string;
  driverOptions?: object;
  propagation?: string;
  tmpfsSize?: number;
  tmpfsMode?: number;
}): string | undefined {
  const given = (values: Record<string, unknown>) => Object.keys(values).filter((key) => values[key] !== undefined);
  const foreign = [
    ...(type === "volume" ? [] : given({ external, volumeName, volumeLabels, noCopy, driver, driverOptions })),
    ...(type === "bind" ? [] : given({ propagation })),
    ...(type === "tmpfs" ? given({ source }) : given({ tmpfsSize, tmpfsMode })),
  ];
  if (foreign.length > 0) return `remove ${foreign.join(", ")}, which a mount of type ${type} does not have`;
  if (type === "bind" && source?.startsWith("/") !== true) return "write the source of a bind as a path on the host that begins with /";
  if (type === "volume" && source !== undefined && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(source)) {
    return "write the source of a volume as a name of letters, digits, _ . and -; a path on the host is type bind";
  }
  if (external === true && volumeName !== undefined) return "remove volumeName; the name of an external volume is its source";
  if (external === true && source === undefined) return "write the name of the external volume as source";
  return undefined;
}

const mountedFile = z
  .union(
    [
      text("write the name of a secret or config").transform((source) => ({ source })),
      fields({
        source: text("write the name of a secret or config"),
        target: text("write a path in the container, or a file name").optional(),
        uid: text("write a user id in quotes").optional(),
        gid: text("write a group id in quotes").optional(),
        mode: fileMode.optional(),
      }),
    ],
    { error: 'write a name, or a block such as { source: password, target: /run/password, mode: "0400" }' },
  );

const environmentName = matching(/^[^=\0]+$/, "write the name of a variable, without =");
const environmentValue = z.string({ error: "write a text in quotes, or null to remove the variable" }).nullable();
const labels = texts("write a label").superRefine((value, context) => {
  for (const key of Object.keys(value).filter((name) => name.startsWith("com.docker.stack."))) {
    context.addIssue({ code: "custom", path: [key], input: value[key], message: "remove it; labels of com.docker.stack belong to the stack itself" });
  }
});
const constraint = matching(/^\s*[^\s=!]+\s*(==|!=)\s*\S.*$/, 'write a constraint such as "node.labels.zone == a"');
const capability = matching(/^(ALL|(CAP_)?[A-Z_]+)$/, 'write a capability in capitals, such as "NET_ADMIN" or "ALL"');

/**
 * What an operator may say about one service. Everything is optional; what is left out is as the bundle says, else as
 * the application's `defaults` say, else the platform's or the engine's own default.
 */
export const serviceSettings = fields({
  /** Default "replicated". */
  mode: oneOf("replicated", "global").optional(),
  /** Left out, the count stays with whoever scales by hand (1 at creation). */
  replicas: whole(0).optional(),
  /** Ports reachable from outside; what is not here is reachable on the application's networks only. */
  ports: list(publishedPort, "write ports such as { target: 80, published: 8080, mode: host }").optional(),
  /** "ingress" publishes every other port of the bundle on one that Swarm picks, as the reference client did. Default "closed". */
  declaredPorts: oneOf("closed", "ingress").optional(),
  /** "dnsrr" needs no IP_VS in the kernel and cannot publish in ingress mode. Default "vip". */
  endpointMode: oneOf("vip", "dnsrr").optional(),
  /** The count at creation, where `replicas` leaves it open. Default 1, or what a Compose file says. */
  initialReplicas: whole(0).optional(),
  /** It runs to its end, once for each change of it, and is then not started again: a migration. Default false. */
  job: flag.optional(),
  /** Networks it is attached to besides those of the bundle. */
  networks: list(text("write the name of a network"), "write networks by name").optional(),
  /** Names it answers to besides its own, by network. */
  aliases: z.record(z.string(), list(text("write a name"), "write names"), { error: "write aliases by the name of the network" }).optional(),

  /** Overrides variables of the bundle by name; null removes one. Swarm's templates such as {{.Node.Hostname}} are expanded. */
  environment: z.record(environmentName, environmentValue, { error: "write variables by name" }).optional(),
  /** Labels of the service, laid over the bundle's. */
  labels: labels.optional(),
  containerLabels: labels.optional(),
  /** Instead of the bundle's Command and Args. */
  command: list(text("write a word of the command"), "write the command").optional(),
  args: list(z.string({ error: "write an argument in quotes" }), "write arguments").optional(),
  user: text('write a user such as "1000:1000"').optional(),
  groups: list(text("write a group in quotes"), "write groups").optional(),
  workingDir: absolutePath.optional(),
  hostname: text("write a host name").optional(),

  mounts: list(mount, "write mounts such as { type: volume, source: data, target: /data }").optional(),
  /** Files from the application's secrets, below /run/secrets unless `target` is a path. */
  secrets: list(mountedFile, "write secrets").optional(),
  /** Files from the application's configs, below / unless `target` is a path. */
  configs: list(mountedFile, "write configs").optional(),
  readOnly: flag.optional(),
  init: flag.optional(),
  tty: flag.optional(),
  openStdin: flag.optional(),
  capabilities: fields({
    add: list(capability, "write capabilities").optional(),
    drop: list(capability, "write capabilities").optional(),
  }).optional(),
  sysctls: texts("write a value").optional(),
  ulimits: z.record(z.string(), fields({ soft: whole(-1), hard: whole(-1) }), { error: "write limits by name" }).optional(),
  extraHosts: texts("write an address").optional(),
  dns: fields({
    nameservers: list(text("write an address"), "write addresses").optional(),
    search: list(text("write a domain"), "write domains").optional(),
    options: list(text("write an option"), "write options").optional(),
  }).optional(),
  logging: fields({ driver: text("write the name of a log driver"), options: texts("write an option").optional() }).optional(),

  /** All must hold: "node.labels.zone == a". */
  constraints: list(constraint, "write constraints").optional(),
  /** Spread the tasks over what these differ in, the first counting most: "node.labels.zone". */
  spread: list(matching(/^(node|engine)\.[\w.-]+$/, 'write what to spread over, such as "node.labels.zone"'), "write descriptors").optional(),
  maxReplicasPerNode: whole(0).optional(),
  resources: fields({
    limits: fields({ cpus: cpus.optional(), memory: byteSize.optional(), pids: whole(1).optional() }).optional(),
    reservations: fields({ cpus: cpus.optional(), memory: byteSize.optional() }).optional(),
  }).optional(),

  healthcheck: fields({
    test: healthTest.optional(),
    interval: duration.optional(),
    timeout: duration.optional(),
    startPeriod: duration.optional(),
    retries: whole(1).optional(),
  }).optional(),
  stopGracePeriod: duration.optional(),
  stopSignal: matching(/^(SIG[A-Z0-9+-]+|\d+)$/, 'write a signal such as "SIGTERM"').optional(),
  restart: fields({
    condition: oneOf("none", "on-failure", "any").optional(),
    delay: duration.optional(),
    maxAttempts: whole(0).optional(),
    window: duration.optional(),
  }).optional(),
  /** failureAction: default "rollback". monitor: default at least as long as the healthcheck takes to fail. */
  update: fields({ ...rollout, failureAction: oneOf("pause", "continue", "rollback").optional() }).optional(),
  /** failureAction: default "pause"; a rollback cannot itself roll back. */
  rollback: fields({ ...rollout, failureAction: oneOf("pause", "continue").optional() }).optional(),
  /** How long a rollout may take until it counts as failed, and how long it must then stay up. */
  convergence: fields({ timeout: duration.optional(), stable: duration.optional() }).optional(),
});

export type ServiceSettings = z.infer<typeof serviceSettings>;
