import * as fc from "fast-check";
import type { ServiceInputs } from "../../../../provider/swarm/service/inputs";

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
const text = fc.string({ minLength: 1, maxLength: 12 });
const path = word.map((name) => `/${name}`);
const labels = fc.dictionary(fc.stringMatching(/^[a-z][a-z.-]{0,10}$/), fc.string({ maxLength: 8 }), { maxKeys: 3 });
const list = <T>(item: fc.Arbitrary<T>, key: (item: T) => unknown = (it) => it) => fc.uniqueArray(item, { maxLength: 4, selector: key });
const duration = fc.oneof(
  fc.constantFrom("0s", "5s", "10s", "1m30s", "90s", "1.5h", "500ms", "0"),
  fc.tuple(fc.integer({ min: 1, max: 90 }), fc.constantFrom("ms", "s", "m")).map(([count, unit]) => `${count}${unit}`),
);
const some = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;

const rollout = some({
  parallelism: fc.nat(4),
  delay: duration,
  failureAction: fc.constantFrom("pause", "continue", "rollback"),
  monitor: duration,
  maxFailureRatio: fc.integer({ min: 0, max: 1000 }).map((part) => part / 1000),
  order: fc.constantFrom("stop-first", "start-first"),
});

const file = fc.record(
  { id: word, name: word, target: path, uid: fc.constantFrom("0", "1000"), gid: fc.constantFrom("0", "5"), mode: fc.constantFrom(0o444, 0o400, 0) },
  { requiredKeys: ["id", "name", "target"] },
);

const mount = fc.oneof(
  fc.record({ type: fc.constant("volume"), source: word, target: path, readOnly: fc.boolean(), noCopy: fc.boolean(), volumeLabels: labels, volumeDriver: word, volumeDriverOptions: labels }, { requiredKeys: ["type", "target"] }),
  fc.record({ type: fc.constant("bind"), source: path, target: path, readOnly: fc.boolean(), propagation: fc.constantFrom("rprivate", "rslave") }, { requiredKeys: ["type", "source", "target"] }),
  fc.record({ type: fc.constant("tmpfs"), target: path, tmpfsSize: fc.nat(1e6), tmpfsMode: fc.constantFrom(0o700, 0o1777) }, { requiredKeys: ["type", "target"] }),
);

const port = fc.record(
  { target: fc.integer({ min: 1, max: 99 }), published: fc.integer({ min: 1, max: 99 }), protocol: fc.constantFrom("tcp", "udp"), mode: fc.constantFrom("ingress", "host") },
  { requiredKeys: ["target"] },
);

const constraint = fc.tuple(word, fc.constantFrom("==", " == ", "!=", " != "), word).map(([key, operator, value]) => `node.labels.${key}${operator}${value}`);

/** Every field of a service, each with values that the engine takes, defaults spelled out among them. */
export const fields = {
  labels,
  image: word,
  containerLabels: labels,
  command: fc.array(text, { maxLength: 3 }),
  args: fc.array(text, { maxLength: 3 }),
  env: fc.array(fc.tuple(fc.constantFrom("A", "A1", "B", "PATH"), fc.string({ maxLength: 5 })).map(([name, value]) => `${name}=${value}`), { maxLength: 5 }),
  dir: path,
  user: word,
  groups: list(word),
  hostname: word,
  tty: fc.boolean(),
  openStdin: fc.boolean(),
  readOnly: fc.boolean(),
  init: fc.boolean(),
  stopSignal: fc.constantFrom("SIGTERM", "SIGINT"),
  stopGracePeriod: duration,
  healthcheck: some({ test: fc.constantFrom(["NONE"], ["CMD", "true"]), interval: duration, timeout: duration, startPeriod: duration, retries: fc.nat(3) }),
  hosts: list(word.map((name) => `10.0.0.1 ${name}`)),
  dns: some({ nameservers: list(fc.ipV4()), search: list(word), options: list(word) }),
  capabilityAdd: list(fc.constantFrom("CAP_NET_ADMIN", "sys_time", "ALL")),
  capabilityDrop: list(fc.constantFrom("CAP_CHOWN", "kill")),
  sysctls: labels,
  ulimits: list(fc.record({ name: word, soft: fc.nat(9), hard: fc.nat(9) }), ({ name }) => name),
  logDriver: fc.record({ name: word, options: labels }, { requiredKeys: ["name"] }),
  mounts: list(mount, ({ target }) => target),
  secrets: list(file, ({ target }) => target),
  configs: list(file, ({ target }) => target),
  networks: list(fc.record({ id: word, aliases: list(word) }, { requiredKeys: ["id"] }), ({ id }) => id),
  endpointMode: fc.constantFrom("vip", "dnsrr"),
  ports: list(port, ({ target, published, protocol = "tcp", mode = "ingress" }) => [target, published, protocol, mode].join()),
  replicas: fc.nat(5),
  placement: some({ constraints: list(constraint), spread: list(word), maxReplicasPerNode: fc.nat(3) }),
  resources: some({
    limits: some({ cpus: fc.integer({ min: 1, max: 800 }).map((part) => part / 100), memory: fc.integer({ min: 1, max: 1e9 }), pids: fc.integer({ min: 1, max: 99 }) }),
    reservations: some({ cpus: fc.integer({ min: 1, max: 800 }).map((part) => part / 100), memory: fc.integer({ min: 1, max: 1e9 }) }),
  }),
  restartPolicy: some({ condition: fc.constantFrom("none", "on-failure", "any"), delay: duration, maxAttempts: fc.nat(3), window: duration }),
  updateConfig: rollout,
  rollbackConfig: rollout,
  convergence: some({ timeout: duration, stable: duration }),
} as const;

/** Services as the engine takes them. */
export const service = fc.record({ cluster: fc.constant("c1"), name: word, ...fields }, { requiredKeys: ["cluster", "name", "image"] }) as fc.Arbitrary<ServiceInputs>;
