import * as z from "zod";
import { block, byteSize, cpus, duration, fileMode, flag, list, mapping, maybe, oneOf, share, someText, text, texts, whole } from "./values";

/** One text that is split as a shell would, or a list that is taken as it is. */
const command = z.union([z.string(), z.array(text)], { error: "write a command, or a list of its words" });

const port = block({
  target: whole(1, 65535),
  published: maybe(z.union([whole(0, 65535), z.string().regex(/^\d+-\d+$/)], { error: "write a port from 1 to 65535" })),
  protocol: maybe(oneOf("tcp", "udp", "sctp")),
  mode: maybe(oneOf("ingress", "host")),
});

const volume = block({
  type: oneOf("volume", "bind", "tmpfs"),
  source: maybe(text),
  target: someText,
  read_only: maybe(flag),
  bind: maybe(block({ propagation: maybe(oneOf("private", "rprivate", "shared", "rshared", "slave", "rslave")) })),
  volume: maybe(block({ nocopy: maybe(flag), labels: maybe(texts) })),
  tmpfs: maybe(block({ size: maybe(byteSize), mode: maybe(fileMode) })),
});

const mountedFile = block({ source: someText, target: maybe(text), uid: maybe(text), gid: maybe(text), mode: maybe(fileMode) });

const ulimit = z.union([whole(-1).transform((both) => ({ soft: both, hard: both })), block({ soft: whole(-1), hard: whole(-1) })], {
  error: "write a whole number, or { soft: …, hard: … }",
});

const WRITE_TEST = { error: "write a shell command, or a list that begins with CMD, CMD-SHELL or NONE" };
const healthcheck = block({
  test: maybe(z.tuple([z.enum(["CMD", "CMD-SHELL", "NONE"], WRITE_TEST)], text)),
  interval: maybe(duration),
  timeout: maybe(duration),
  start_period: maybe(duration),
  retries: maybe(whole(0)),
  disable: maybe(flag),
});

const rollout = {
  parallelism: maybe(whole(0)),
  delay: maybe(duration),
  monitor: maybe(duration),
  max_failure_ratio: maybe(share),
  order: maybe(oneOf("start-first", "stop-first")),
};

const constraint = text.refine((written) => /^\s*[^\s=!]+\s*(==|!=)\s*\S.*$/.test(written), { error: 'write a constraint such as "node.labels.zone == a"' });

const deploy = block({
  mode: maybe(oneOf("replicated", "global", "replicated-job", "global-job")),
  endpoint_mode: maybe(oneOf("vip", "dnsrr")),
  replicas: maybe(whole(0)),
  labels: maybe(texts),
  update_config: maybe(block({ ...rollout, failure_action: maybe(oneOf("pause", "continue", "rollback")) })),
  rollback_config: maybe(block({ ...rollout, failure_action: maybe(oneOf("pause", "continue")) })),
  resources: maybe(
    block({
      limits: maybe(block({ cpus: maybe(cpus), memory: maybe(byteSize), pids: maybe(whole(0)) })),
      reservations: maybe(block({ cpus: maybe(cpus), memory: maybe(byteSize) })),
    }),
  ),
  restart_policy: maybe(
    block({ condition: maybe(oneOf("none", "on-failure", "any")), delay: maybe(duration), max_attempts: maybe(whole(0)), window: maybe(duration) }),
  ),
  placement: maybe(
    block({ constraints: maybe(list(constraint)), preferences: maybe(list(block({ spread: someText }))), max_replicas_per_node: maybe(whole(0)) }),
  ),
});

const dependency = maybe(
  block({ condition: maybe(oneOf("service_started", "service_healthy", "service_completed_successfully")), required: maybe(flag) }),
);

export const composeService = block({
  image: maybe(text),
  entrypoint: maybe(command),
  command: maybe(command),
  environment: maybe(mapping),
  env_file: maybe(list(block({ path: someText, required: maybe(flag), format: maybe(oneOf("raw")) }))),
  label_file: maybe(list(someText)),
  labels: maybe(texts),
  networks: maybe(z.record(z.string(), maybe(block({ aliases: maybe(list(someText)) })), { error: "write networks by name" })),
  ports: maybe(list(port)),
  expose: maybe(list(text)),
  volumes: maybe(list(volume)),
  tmpfs: maybe(list(volume)),
  secrets: maybe(list(mountedFile)),
  configs: maybe(list(mountedFile)),
  depends_on: maybe(z.record(z.string(), dependency, { error: "write services by name" })),
  profiles: maybe(list(someText)),
  deploy: maybe(deploy),
  healthcheck: maybe(healthcheck),
  restart: maybe(z.string().regex(/^(no|always|unless-stopped|on-failure(:\d+)?)$/, { error: "write no, always, unless-stopped or on-failure[:times]" })),
  scale: maybe(whole(0)),
  cpus: maybe(cpus),
  mem_limit: maybe(byteSize),
  mem_reservation: maybe(byteSize),
  pids_limit: maybe(whole(-1)),
  user: maybe(text),
  group_add: maybe(list(text)),
  working_dir: maybe(text),
  hostname: maybe(text),
  init: maybe(flag),
  read_only: maybe(flag),
  tty: maybe(flag),
  stdin_open: maybe(flag),
  stop_signal: maybe(text),
  stop_grace_period: maybe(duration),
  cap_add: maybe(list(text)),
  cap_drop: maybe(list(text)),
  sysctls: maybe(texts),
  ulimits: maybe(z.record(z.string(), ulimit, { error: "write limits by name" })),
  extra_hosts: maybe(texts),
  dns: maybe(list(text)),
  dns_search: maybe(list(text)),
  dns_opt: maybe(list(text)),
  logging: maybe(block({ driver: maybe(text), options: maybe(texts) })),
});

/** True, false, or the old form { name: … }. */
const external = maybe(z.union([flag, block({ name: maybe(someText) })]));
const shared = { name: maybe(someText), external, labels: maybe(texts) };

const network = block({
  ...shared,
  driver: maybe(text),
  driver_opts: maybe(mapping),
  attachable: maybe(flag),
  internal: maybe(flag),
  ipam: maybe(block({ config: maybe(list(block({ subnet: maybe(text) }))) })),
});
const volumeDefinition = block({ ...shared, driver: maybe(text), driver_opts: maybe(texts) });
const secret = block({ ...shared, file: maybe(someText), environment: maybe(someText) });
const config = block({ ...shared, file: maybe(someText), environment: maybe(someText), content: maybe(text) });

const named = <T extends z.ZodType>(schema: T, what: string) => maybe(z.record(z.string(), maybe(schema), { error: `write ${what} by name` }));

/** A checked and merged Compose file in its long form. */
export const composeFile = block({
  version: z.unknown().optional(),
  services: maybe(z.record(z.string(), composeService, { error: "write services by name" })),
  networks: named(network, "networks"),
  volumes: named(volumeDefinition, "volumes"),
  secrets: named(secret, "secrets"),
  configs: named(config, "configs"),
});

export type ComposeFileData = z.output<typeof composeFile>;
export type ComposeService = z.output<typeof composeService>;
export type ComposeVolumes = ComposeFileData["volumes"];
export type ComposeMount = NonNullable<ComposeService["volumes"]>[number];
