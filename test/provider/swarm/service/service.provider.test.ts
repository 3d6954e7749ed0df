import { stopScratchHosts } from "../../../../lab/scratch";
import { SHELL_IMAGE, type SmallSwarm, startSmallSwarm } from "./smallSwarm";

const LAB = "ptservice";
const [SERVICE, NETWORK, SECRET, CONFIG] = ["Service", "Network", "Secret", "Config"].map((kind) => `dockyard:swarm:${kind}`) as [string, string, string, string];
const labels = { "dockyard.stack": "shop" };

let swarm: SmallSwarm;
let network: { id: string; inputs: object };
let secret: { id: string; inputs: object };
let config: { id: string; inputs: object };
let web: { id: string; inputs: Record<string, unknown> };

/** A service that ends at once when it is asked to. */
const serviceInputs = (name: string, more: object = {}) => ({
  cluster: swarm.cluster,
  name,
  image: SHELL_IMAGE,
  labels,
  args: ["sh", "-c", "trap 'exit 0' TERM; echo up; sleep 1000 & wait"],
  endpointMode: "dnsrr",
  // Long enough for hosts that wait half a minute for a network which they had just left.
  convergence: { timeout: "3m", stable: "500ms" },
  ...more,
});
/** The provider's configuration; another one begins another run. */
const settings = () => ({ privateKey: swarm.hosts[0]!.privateKey, managers: [{ address: swarm.hosts[0]!.address, hostKey: swarm.hosts[0]!.hostKey }] });
const tasksOf = (name: string) => swarm.on(`docker service ps ${name} -q --no-trunc --filter desired-state=running | sort`);
const create = async (type: string, inputs: Record<string, unknown>) => ({ ...(await swarm.provider.create(type, inputs)), inputs });

beforeAll(async () => {
  swarm = await startSmallSwarm(LAB, 246, 2);
}, 400_000);
afterAll(async () => {
  swarm?.provider.stop();
  await stopScratchHosts(LAB);
}, 400_000);

test("a network, a secret and a config are made once and adopted when they are asked for again", async () => {
  network = await create(NETWORK, { cluster: swarm.cluster, name: "shop", subnet: "10.77.0.0/24", labels });
  secret = await create(SECRET, { cluster: swarm.cluster, name: "key-1", data: "geheim", labels });
  config = await create(CONFIG, { cluster: swarm.cluster, name: "conf-1", data: "a: 1\n", labels });
  for (const [type, made] of [[NETWORK, network], [SECRET, secret], [CONFIG, config]] as const) {
    expect((await swarm.provider.create(type, made.inputs)).id).toBe(made.id);
    expect((await swarm.provider.read(type, made.id, made))?.inputs).toEqual(made.inputs);
  }
  await expect(swarm.provider.create(SECRET, { ...secret.inputs, data: "anders" })).rejects.toThrow('a secret named "key-1" exists already (dockyard.stack=shop) and holds other data');
  await expect(swarm.provider.create(CONFIG, { ...config.inputs, data: "b" })).rejects.toThrow("holds other data");
  await expect(swarm.provider.create(NETWORK, { ...network.inputs, subnet: "10.78.0.0/24" })).rejects.toThrow("differs in subnet");
  expect(await swarm.on("docker secret inspect key-1")).not.toContain("geheim");
}, 400_000);

test("the engine chooses a subnet where none is given, and says which", async () => {
  const inputs = { cluster: swarm.cluster, name: "free" };
  const made = await swarm.provider.create(NETWORK, inputs);
  expect(made.outputs["actualSubnet"]).toMatch(/^10\.0\.\d+\.0\/24$/);
  expect(await swarm.provider.read(NETWORK, made.id, { inputs, outputs: made.outputs })).toEqual({ inputs, outputs: made.outputs });
  await swarm.provider.delete(NETWORK, made.id, { inputs });
}, 400_000);

test("two resources share a secret of the same content: it goes with the last one", async () => {
  const inputs = { cluster: swarm.cluster, name: "shared-1", data: "for both" };
  const [one, two] = await Promise.all([create(SECRET, inputs), create(SECRET, inputs)]);
  expect(two.id).toBe(one.id);
  const there = () => swarm.on("docker secret ls -q --filter name=shared-1 | wc -l");
  // A run in which the second one goes on and the first one goes; then one in which nobody goes on.
  await swarm.provider.configure(settings());
  await swarm.provider.diff(SECRET, two.id, two, inputs);
  await swarm.provider.delete(SECRET, one.id, one);
  expect(await there()).toBe("1");
  await swarm.provider.configure(settings());
  await swarm.provider.delete(SECRET, two.id, two);
  expect(await there()).toBe("0");
}, 400_000);

test("labels of secrets and configs change in place", async () => {
  const inputs = { ...config.inputs, labels: { ...labels, team: "x" } };
  await swarm.provider.update(CONFIG, config.id, config, inputs);
  await swarm.provider.update(SECRET, secret.id, secret, { ...secret.inputs, labels: { ...labels, team: "x" } });
  expect(await swarm.on("docker config inspect conf-1 --format '{{.Spec.Labels.team}}'; docker secret inspect key-1 --format '{{.Spec.Labels.team}}'")).toBe("x\nx");
  expect((await swarm.provider.read(CONFIG, config.id, config))?.inputs).toEqual(inputs);
  // The fingerprint went along, so it is still known to be ours.
  expect((await swarm.provider.create(SECRET, secret.inputs)).id).toBe(secret.id);
}, 400_000);

test("a secret that somebody else made is looked up, and left alone", async () => {
  await expect(swarm.provider.create(SECRET, { cluster: swarm.cluster, name: "theirs", external: true })).rejects.toThrow('the Swarm has no secret named "theirs"');
  const id = await swarm.on("echo x | docker secret create theirs -");
  const theirs = await create(SECRET, { cluster: swarm.cluster, name: "theirs", external: true });
  expect(theirs.id).toBe(id);
  expect((await swarm.provider.read(SECRET, id, theirs))?.inputs).toEqual(theirs.inputs);
  await swarm.provider.delete(SECRET, id, theirs);
  expect(await swarm.on("docker secret rm theirs")).toBe("theirs");
}, 400_000);

test("a service is created when it has converged, and reads back as it was written", async () => {
  web = await create(
    SERVICE,
    serviceInputs("web", {
      replicas: 2,
      env: ["B=2", "A=1"],
      networks: [{ id: network.id, aliases: ["web"] }],
      secrets: [{ id: secret.id, name: "key-1", target: "key", mode: 0o400 }],
      configs: [{ id: config.id, name: "conf-1", target: "/conf", uid: "0" }],
      ports: [{ target: 80, published: 8080, mode: "host", protocol: "tcp" }],
      mounts: [{ type: "volume", source: "data", target: "/data" }, { type: "tmpfs", target: "/tmp" }],
      healthcheck: { test: ["CMD", "cat", "/run/secrets/key", "/conf"], interval: "1s" },
      restartPolicy: { condition: "any" },
      updateConfig: { parallelism: 0, monitor: "1s" },
      rollbackConfig: { parallelism: 0, monitor: "1s" },
    }),
  );
  expect(await swarm.on("docker service ls --filter name=web --format '{{.Replicas}}'")).toBe("2/2");
  expect((await swarm.provider.read(SERVICE, web.id, web))?.inputs).toEqual(web.inputs);
  expect((await swarm.provider.create(SERVICE, web.inputs)).id).toBe(web.id);
}, 400_000);

test("what somebody changes by hand shows, and is put right; what belongs to the operator does not", async () => {
  const open = await create(SERVICE, serviceInputs("open"));
  await swarm.on("docker service scale -d open=2");
  await swarm.on("docker service update -d --label-add hand=made --env-add C=3 --replicas 1 web");
  const seen = await swarm.provider.read(SERVICE, web.id, web);
  expect(seen?.inputs).toEqual({ ...web.inputs, replicas: 1, env: ["B=2", "A=1", "C=3"], labels: { ...labels, hand: "made" } });
  expect((await swarm.provider.diff(SERVICE, web.id, { inputs: seen!.inputs }, web.inputs)).detail).toEqual({ replicas: "update", env: "update", "labels.hand": "delete" });
  await swarm.provider.update(SERVICE, web.id, { inputs: seen!.inputs }, web.inputs);
  expect(await swarm.on("docker service ls --filter name=web --format '{{.Replicas}}'")).toBe("2/2");
  expect((await swarm.provider.read(SERVICE, web.id, web))?.inputs).toEqual(web.inputs);

  expect((await swarm.provider.read(SERVICE, open.id, open))?.inputs).toEqual(open.inputs);
  await swarm.provider.update(SERVICE, open.id, open, { ...open.inputs, env: ["X=1"], updateConfig: { parallelism: 0, monitor: "1s" } });
  expect(await swarm.on("docker service ls --filter name=open --format '{{.Replicas}}'")).toBe("2/2");
  await swarm.provider.delete(SERVICE, open.id, open);
}, 400_000);

test("a name that is taken by somebody else is refused", async () => {
  await expect(swarm.provider.create(SERVICE, { ...web.inputs, labels: { "dockyard.stack": "other" } })).rejects.toThrow('a service named "web" exists already (dockyard.stack=shop)');
});

test("a service that cannot start fails with its node, its error and its log; the next run goes on with it", async () => {
  const broken = serviceInputs("broken", { args: ["sh", "-c", "echo reading the settings; echo no settings; exit 7"], restartPolicy: { condition: "none" } });
  const failure = await swarm.provider.create(SERVICE, broken).then(
    () => undefined,
    (error: Error & { partial?: { id: string } }) => error,
  );
  expect(failure?.message).toMatch(/service "broken" did not converge: a task failed, and the restart policy starts no other/);
  expect(failure?.message).toMatch(/task on ptservice-\d failed: task: non-zero exit \(7\)\n {4}\| reading the settings\n {4}\| no settings/);
  const id = failure!.partial!.id;
  await swarm.provider.update(SERVICE, id, { inputs: broken }, serviceInputs("broken"));
  expect(await swarm.on("docker service ls --filter name=broken --format '{{.ID}} {{.Replicas}}'")).toBe(`${id.slice(0, 12)} 1/1`);
  await swarm.provider.delete(SERVICE, id, { inputs: broken });
}, 400_000);

test("an image that no host has ends the waiting after three attempts", async () => {
  const inputs = serviceInputs("noimage", { image: "nowhere/none:1", restartPolicy: { delay: "500ms" } });
  const failure = await swarm.provider.create(SERVICE, inputs).catch((error: Error & { partial?: { id: string } }) => error);
  expect((failure as Error).message).toMatch(/3 attempts to start a task failed.*\n.*rejected: No such image: nowhere\/none:1/);
  await swarm.provider.delete(SERVICE, (failure as { partial: { id: string } }).partial.id, { inputs });
}, 400_000);

test("a rollout that the engine rolls back, and one that it pauses, are errors with the log of the task that failed", async () => {
  const args = ["sh", "-c", "echo the new one is broken; exit 9"];
  const rollout = (failureAction: string) => ({ ...web.inputs, args, healthcheck: { test: ["NONE"] }, updateConfig: { failureAction, monitor: "1s", parallelism: 0 } });
  await expect(swarm.provider.update(SERVICE, web.id, web, rollout("rollback"))).rejects.toThrow(/was rolled back[^]*non-zero exit \(9\)[^]*the new one is broken/);
  await expect(swarm.provider.update(SERVICE, web.id, web, rollout("pause"))).rejects.toThrow(/was paused[^]*the new one is broken/);
  await swarm.provider.update(SERVICE, web.id, web, web.inputs);
  expect(await swarm.on("docker service ls --filter name=web --format '{{.Replicas}}'")).toBe("2/2");
}, 400_000);

test("a label changes without a look at the tasks, which stay", async () => {
  const before = await tasksOf("web");
  const inputs = { ...web.inputs, labels: { ...labels, team: "y" } };
  await swarm.provider.update(SERVICE, web.id, web, inputs);
  expect(await swarm.on("docker service inspect web --format '{{.Spec.Labels.team}}'")).toBe("y");
  expect(await tasksOf("web")).toBe(before);
}, 400_000);

test("what a service uses stays, and the error names the service", async () => {
  await swarm.provider.configure({ ...settings(), timeouts: { removal: 1 } });
  await expect(swarm.provider.delete(SECRET, secret.id, secret)).rejects.toThrow(/secret "key-1" stays: used by service web/);
  await expect(swarm.provider.delete(NETWORK, network.id, network)).rejects.toThrow(/network "shop" stays: used by service web/);
  await swarm.provider.configure(settings());
}, 400_000);

test("a service is deleted when its containers have stopped; then what it used can go, and going twice is fine", async () => {
  const everything = [[SERVICE, web], [NETWORK, network], [SECRET, secret], [CONFIG, config]] as const;
  for (const [type, { id, inputs }] of everything) await swarm.provider.delete(type, id, { inputs });
  for (const [type, { id, inputs }] of everything) {
    expect(await swarm.provider.read(type, id, { inputs })).toBeUndefined();
    await swarm.provider.delete(type, id, { inputs });
  }
  expect(await swarm.on("docker service ls -q; docker secret ls -q; docker config ls -q; docker network ls -q --filter name=shop")).toBe("");
}, 400_000);

test("a service in the hosts' own network is as it was asked for when it is read, updated and taken over", async () => {
  const inputs = serviceInputs("in_host", { networks: [{ id: "host" }], placement: { maxReplicasPerNode: 1 }, replicas: 2 });
  const made = await create(SERVICE, inputs);
  expect((await swarm.provider.read(SERVICE, made.id, { inputs, outputs: {} }))?.inputs).toEqual(inputs);
  const before = await tasksOf("in_host");
  expect((await swarm.provider.create(SERVICE, inputs)).id).toBe(made.id);
  await swarm.provider.update(SERVICE, made.id, { inputs, outputs: {} }, { ...inputs, labels: { ...labels, team: "y" } });
  expect(await tasksOf("in_host")).toBe(before);
  expect(await swarm.on("docker ps --filter name=in_host --format '{{.Networks}}'")).toBe("host");
  await swarm.provider.delete(SERVICE, made.id, { inputs });
}, 400_000);
