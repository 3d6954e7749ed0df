import { stopScratchHosts } from "../../../../lab/scratch";
import { type Effect, effectOf, EFFECTS } from "../../../../provider/swarm/service/effects";
import type { ServiceInputs } from "../../../../provider/swarm/service/inputs";
import { SHELL_IMAGE, type SmallSwarm, startSmallSwarm } from "./smallSwarm";

const LAB = "pteffects";
const SERVICE = "dockyard:swarm:Service";
const OTHER_IMAGE = "scratch/other:1";

let swarm: SmallSwarm;

/** What a service is changed to, by the path that changes; `n`, `s` and `c` are ids of a network, a secret and a config. */
const changes = ({ n, s, c }: { n: string; s: string; c: string }): Record<string, Partial<ServiceInputs>> => ({
  labels: { labels: { a: "b" } },
  updateConfig: { updateConfig: { order: "start-first" } },
  rollbackConfig: { rollbackConfig: { order: "start-first" } },
  convergence: { convergence: { timeout: "2m", stable: "0s" } },
  replicas: { replicas: 2 },
  initialReplicas: { initialReplicas: 4 },
  image: { image: OTHER_IMAGE },
  containerLabels: { containerLabels: { a: "b" } },
  command: { command: ["sh", "-c"], args: ["sleep 1000"] },
  args: { args: ["sleep", "1001"] },
  env: { env: ["A=1"] },
  dir: { dir: "/bin" },
  user: { user: "1" },
  groups: { groups: ["1"] },
  hostname: { hostname: "x" },
  tty: { tty: true },
  openStdin: { openStdin: true },
  readOnly: { readOnly: true },
  init: { init: false },
  stopSignal: { stopSignal: "SIGINT" },
  stopGracePeriod: { stopGracePeriod: "2s" },
  healthcheck: { healthcheck: { test: ["NONE"] } },
  hosts: { hosts: ["10.9.9.9 x"] },
  dns: { dns: { options: ["ndots:1"] } },
  capabilityAdd: { capabilityAdd: ["NET_ADMIN"] },
  capabilityDrop: { capabilityDrop: ["CHOWN"] },
  sysctls: { sysctls: { "net.ipv4.ip_unprivileged_port_start": "1" } },
  ulimits: { ulimits: [{ name: "nofile", soft: 100, hard: 200 }] },
  logDriver: { logDriver: { name: "json-file" } },
  mounts: { mounts: [{ type: "tmpfs", target: "/x" }] },
  secrets: { secrets: [{ id: s, name: "effect", target: "x" }] },
  configs: { configs: [{ id: c, name: "effect", target: "/x" }] },
  networks: { networks: [{ id: n }] },
  endpointMode: { endpointMode: "vip" },
  ports: { ports: [{ target: 80, mode: "host" }] },
  placement: { placement: { maxReplicasPerNode: 3 } },
  "placement.constraints": { placement: { constraints: ["node.role != worker"] } },
  "placement.spread": { placement: { spread: ["node.labels.zone"] } },
  resources: { resources: { limits: { memory: 50_000_000 } } },
  restartPolicy: { restartPolicy: { delay: "1s" } },
});

beforeAll(async () => {
  swarm = await startSmallSwarm(LAB, 247, 1);
}, 360_000);
afterAll(async () => {
  swarm?.provider.stop();
  await stopScratchHosts(LAB);
}, 180_000);

test("every field does to the tasks what the preview says", async () => {
  await swarm.on(`docker tag ${SHELL_IMAGE} ${OTHER_IMAGE}`);
  const ids = {
    n: (await swarm.provider.create("dockyard:swarm:Network", { cluster: swarm.cluster, name: "effect" })).id,
    s: (await swarm.provider.create("dockyard:swarm:Secret", { cluster: swarm.cluster, name: "effect", data: "x" })).id,
    c: (await swarm.provider.create("dockyard:swarm:Config", { cluster: swarm.cluster, name: "effect", data: "x" })).id,
  };
  const table = changes(ids);
  const changedInPlace = Object.keys(EFFECTS).filter((path) => EFFECTS[path] !== "replaces service");
  expect(changedInPlace.filter((path) => !table[path])).toEqual([]);

  const seen = await Promise.all(Object.entries(table).map(async ([path, change]) => [path, await effectSeen(path, change)] as const));
  // A constraint that the node still meets moves nothing.
  const expected = Object.keys(table).map((path) => [path, effectOf(path) === "moves tasks" ? "restarts nothing" : effectOf(path)]);
  expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(expected));
}, 900_000);

test("a constraint that the node does not meet any more moves the task", async () => {
  const inputs = inputsOf("moves");
  const made = await swarm.provider.create(SERVICE, inputs);
  const before = await tasksOf("moves");
  const away = { ...inputs, placement: { constraints: ["node.role == worker"] }, convergence: { timeout: "5s" } };
  await expect(swarm.provider.update(SERVICE, made.id, { inputs }, away)).rejects.toThrow("no suitable node (scheduling constraints not satisfied on 1 node)");
  expect(await tasksOf("moves")).not.toEqual(expect.arrayContaining(before));
}, 180_000);

const inputsOf = (name: string): ServiceInputs => ({
  cluster: swarm.cluster,
  name,
  image: SHELL_IMAGE,
  args: ["sh", "-c", "trap 'exit 0' TERM INT; sleep 1000 & wait"],
  endpointMode: "dnsrr",
  stopGracePeriod: "1s",
  updateConfig: { monitor: "500ms" },
  convergence: { timeout: "2m" },
});

const tasksOf = async (name: string) => (await swarm.on(`docker service ps ${name} -q --no-trunc --filter desired-state=running`)).split("\n").filter(Boolean);

async function effectSeen(path: string, change: Partial<ServiceInputs>): Promise<Effect> {
  const name = `effect-${path.replace(".", "-")}`;
  const inputs = inputsOf(name);
  const { id } = await swarm.provider.create(SERVICE, inputs);
  const before = await tasksOf(name);
  await swarm.provider.update(SERVICE, id, { inputs }, { ...inputs, ...change });
  const after = await tasksOf(name);
  const stayed = before.every((task) => after.includes(task));
  if (!stayed) return "replaces tasks";
  return after.length === before.length ? "restarts nothing" : "scales";
}
