import { setTimeout as sleep } from "node:timers/promises";
import { labHosts, platformOn, standInApplication, type StackConfiguration } from "./support/configuration";
import { onHost, shellOnHost } from "./support/labHost";
import { engineBack, requireSetup } from "./support/machine";
import { failure, Platform, type PulumiRun } from "./support/platform";
import { keepPulling, logIn, pushPullable, type RegistryLogin } from "./support/pulls";
import { fingerprint, replicas, runningTasks } from "./support/swarm";

/** The platform's CA, the Swarm's credentials and its locks, changed by one number each and `up`. */

jest.setTimeout(300_000);

const SUBNET = 151;
const platform = new Platform("rotation");
const [m1, w1] = [platform.container("m1"), platform.container("w1")];
const HOSTS = [m1, w1];

/** One manager, so that nobody else knows the key when it is locked; and a worker. */
const hosts = () => {
  const { hosts: managers, ...lab } = labHosts(SUBNET, 1);
  return { ...lab, hosts: [...managers, { name: "w1", address: `10.213.${SUBNET}.12`, zone: "b" }] };
};
const configuration = ({ pki, swarm, registry, loginGeneration = 1 }: Partial<Pick<StackConfiguration, "pki" | "swarm" | "registry">> & { loginGeneration?: number } = {}): StackConfiguration =>
  platformOn({ ...hosts(), loginGeneration }, {
    pki,
    registry: { node: "registry=true", ...registry },
    swarm: { loadBalancing: "dnsrr", ...swarm },
    applications: [standInApplication(platform, "hello", { replicas: 2, ports: [{ target: 80, published: 8080, mode: "host" }] })],
  });
const told = ({ changes }: PulumiRun) => changes.map(({ op, type, name }) => `${op} ${type.split(":").at(-1)} ${name}`).sort();

/** Certificates that an engine trusts for the registry, by the names of their issuers. */
const trusted = (container: string) => shellOnHost(container, "for each in /etc/docker/certs.d/*/*.crt; do openssl x509 -noout -subject -in $each; done | sed 's/.*CN *= *//' | sort");
const issuerOfRegistry = (address: string) => shellOnHost(w1, `openssl s_client -connect ${address} </dev/null 2>/dev/null | openssl x509 -noout -issuer | sed 's/.*CN *= *//'`);

let login: RegistryLogin;
let image: string;

beforeAll(async () => {
  await requireSetup();
  await platform.clear();
  platform.configure(configuration());
  expect(failure(await platform.up())).toBe("");
  login = await platform.registryLogin();
  await Promise.all(HOSTS.map((container) => logIn(container, login)));
  image = await pushPullable(w1, login);
});

afterAll(async () => {
  await platform.clear();
  await engineBack();
});

describe("another generation of the platform's CA", () => {
  const next = { pki: { generation: 2 } };

  it("is trusted everywhere, signs the registry's certificate, and the former one is forgotten, in one up under which no pull fails", async () => {
    expect([await trusted(m1), await trusted(w1)]).toEqual(["Dockyard e2e-rotation\n", "Dockyard e2e-rotation\n"]);
    const engines = await Promise.all(HOSTS.map(fingerprint));
    platform.configure(configuration(next));
    const pulls = keepPulling(HOSTS, image);
    const done = await platform.up();
    const { done: pulled, failed, slowest } = await pulls.stop();
    expect(failure(done)).toBe("");
    process.stderr.write(`${pulled} pulls while the CA was replaced, ${failed.length} failed, the slowest took ${slowest} s\n`);
    expect(failed).toEqual([]);
    expect(pulled).toBeGreaterThan(10);

    expect([await trusted(m1), await trusted(w1)]).toEqual(["Dockyard e2e-rotation G2\n", "Dockyard e2e-rotation G2\n"]);
    expect(await issuerOfRegistry(login.address)).toBe("Dockyard e2e-rotation G2\n");
    expect(await Promise.all(HOSTS.map(fingerprint))).toEqual(engines);
    const at = (step: (name: string, type: string, op: string) => boolean) => done.log.steps.filter(({ name, type, op }) => step(name, type, op)).map((each) => each.at);
    const added = at((_, type, op) => type === "dockyard:hosts:Trust" && op === "create-replacement");
    const served = at((name, type) => type === "dockyard:swarm:Service" && name === "registry");
    const proven = at((_, type) => type === "dockyard:registry:Access");
    const dropped = at((_, type, op) => type === "dockyard:hosts:Trust" && op === "delete-replaced");
    expect([added.length, served.length, proven.length, dropped.length]).toEqual([2, 1, 2, 2]);
    expect(Math.max(...added)).toBeLessThan(served[0]!);
    expect(served[0]!).toBeLessThan(Math.min(...proven));
    expect(Math.max(...proven)).toBeLessThan(Math.min(...dropped));
  });

  it("is finished by the next up when a run is killed in the middle of it, and no pull fails then either", async () => {
    platform.configure(configuration({ pki: { generation: 3 } }));
    const pulls = keepPulling(HOSTS, image);
    const running = platform.launch("up");
    await running.matches(/dockyard:swarm:Service registry updating/);
    platform.kill(running);
    await running.ended;
    expect(await trusted(w1)).toBe("Dockyard e2e-rotation G2\nDockyard e2e-rotation G3\n");
    expect(failure(await platform.dockyard("up"))).toBe("");
    const { done: pulled, failed, slowest } = await pulls.stop();
    process.stderr.write(`${pulled} pulls while that was killed and finished, ${failed.length} failed, the slowest took ${slowest} s\n`);
    expect(failed).toEqual([]);
    expect([await trusted(m1), await trusted(w1)]).toEqual(["Dockyard e2e-rotation G3\n", "Dockyard e2e-rotation G3\n"]);
    expect(await issuerOfRegistry(login.address)).toBe("Dockyard e2e-rotation G3\n");
  });

  it("leaves nothing to do", async () => {
    const again = await platform.up("--expect-no-changes");
    expect(failure(again)).toBe("");
    expect(again.changes).toEqual([]);
  });
});

describe("the hosts' login key", () => {
  const generation = (loginGeneration: number) => configuration({ pki: { generation: 3 }, loginGeneration });
  /** What a host lets in: the last characters of each key. */
  const letIn = (container: string) => shellOnHost(container, "cut -d' ' -f2 /root/.ssh/authorized_keys | tail -c 17");

  it("is another one on every host by one up that touches nothing else, also when a run is killed in the middle", async () => {
    const before = await Promise.all(HOSTS.map(letIn));
    const engines = await Promise.all(HOSTS.map(fingerprint));
    platform.configure(generation(2));
    const running = platform.launch("up");
    await running.matches(/dockyard:hosts:Login \S+ (creating|created)/);
    platform.kill(running);
    await running.ended;
    expect(failure(await platform.dockyard("up"))).toBe("");
    const after = await Promise.all(HOSTS.map(letIn));
    expect(after[0]).toBe(after[1]);
    expect(after[0]).not.toBe(before[0]);
    expect(await Promise.all(HOSTS.map((container) => shellOnHost(container, "wc -l < /root/.ssh/authorized_keys")))).toEqual(["1\n", "1\n"]);
    expect(await Promise.all(HOSTS.map(fingerprint))).toEqual(engines);
    expect((await platform.refresh("--expect-no-changes")).changes).toEqual([]);
    expect((await platform.up("--expect-no-changes")).changes).toEqual([]);
  });

  it("goes to the next one from there, and not back", async () => {
    platform.configure(generation(3));
    const done = await platform.up();
    expect(failure(done)).toBe("");
    expect(told(done)).toEqual(["create PrivateKey lab-login-3", "update Login m1", "update Login w1", "update dockyard dockyard"]);
    platform.configure(generation(2));
    const back = await platform.preview();
    expect(back.code).not.toBe(0);
    expect(back.output).toContain("hosts.loginGeneration only goes up");
    platform.configure(generation(3));
    expect((await platform.up("--expect-no-changes")).changes).toEqual([]);
  });
});

describe("the Swarm's own credentials", () => {
  const swarm = { autolock: true, rotation: { ca: 2, joinTokens: 2 } };
  const now = { pki: { generation: 3 }, swarm, loginGeneration: 3 };
  const root = () => onHost(m1, "cat", "/var/lib/docker/swarm/certificates/swarm-root-ca.crt");

  it("are rotated, and managers locked, by one up that restarts nothing", async () => {
    const [before, token, engines] = [await root(), await onHost(m1, "docker", "swarm", "join-token", "-q", "worker"), await Promise.all(HOSTS.map(fingerprint))];
    platform.configure(configuration(now));
    const done = await platform.up();
    expect(failure(done)).toBe("");
    expect(told(done)).toEqual(["update Cluster swarm-cluster"]);
    expect(done.changes[0]!.paths).toEqual(["autolock", "rotation.ca", "rotation.joinTokens"]);
    expect(await root()).not.toBe(before);
    expect(await onHost(m1, "docker", "swarm", "join-token", "-q", "worker")).not.toBe(token);
    expect(await Promise.all(HOSTS.map(fingerprint))).toEqual(engines);
    expect(await replicas(m1)).toEqual({ dockyard_registry: "1/1", hello_web: "2/2" });
  });

  it("keep the unlock key secret in the state and out of what is shown", async () => {
    const key = (await onHost(m1, "docker", "swarm", "unlock-key", "-q")).trim();
    const cluster = (await platform.resources()).find(({ type }) => type === "dockyard:swarm:Cluster")!;
    expect(Object.keys(cluster.outputs!)).toContain("unlockKey");
    expect(JSON.stringify(cluster)).not.toContain(key);
    const status = await platform.dockyard("status");
    expect(status.output).toContain("unlock key of the managers");
    expect(status.output).not.toContain(key);
  });

  it("come back after a restart of the only manager's engine by the next plain up", async () => {
    await shellOnHost(m1, "systemctl reset-failed docker; systemctl restart docker; docker info >/dev/null");
    expect(await onHost(m1, "docker", "info", "--format", "{{.Swarm.LocalNodeState}}")).toBe("locked\n");
    const status = await platform.dockyard("status");
    expect(status.output).toMatch(/CA of the Swarm +unknown +no manager answers/);

    const planned = await platform.preview();
    expect(planned.changes.map(({ paths }) => paths)).toEqual([["locked"]]);
    expect(planned.output).toContain("unlocks the managers");
    const done = await platform.up();
    expect(failure(done)).toBe("");
    expect(told(done)).toEqual(["update Cluster swarm-cluster"]);
    expect(await onHost(m1, "docker", "info", "--format", "{{.Swarm.LocalNodeState}}")).toBe("active\n");
    expect((await platform.up("--expect-no-changes")).changes).toEqual([]);
  });

  it("take other passwords of the registry along, and every service its new login, without a restart of its tasks", async () => {
    const tasks = async () => (await runningTasks(m1, "hello_web")).map(({ ID }) => ID).sort();
    // The restart of an engine before this may still have a task on its way.
    while ((await replicas(m1)).hello_web !== "2/2") await sleep(250);
    const before = await tasks();
    platform.configure(configuration({ ...now, registry: { passwordGeneration: 2 } }));
    const done = await platform.up();
    expect(failure(done)).toBe("");
    expect(told(done).filter((each) => each.includes("Service"))).toEqual(["update Service hello-web", "update Service registry"]);
    expect(await tasks()).toEqual(before);
    await expect(logIn(w1, login)).rejects.toThrow("failed");
    await logIn(w1, await platform.registryLogin());
    // A task on a host that has the image no more: it is pulled with the login that the service has now.
    await shellOnHost(w1, "docker image prune --all --force >/dev/null");
    await onHost(m1, "docker", "service", "update", "--force", "--quiet", "--detach=false", "hello_web");
    expect(await replicas(m1)).toMatchObject({ hello_web: "2/2" });
  });

  it("are all in the account of status", async () => {
    const { output } = await platform.dockyard("status");
    for (const credential of ['platform CA "Dockyard e2e-rotation G3"', `certificate of ${login.address}`, "CA of the Swarm", "join tokens", "certificate of m1 in the Swarm", "certificate of w1 in the Swarm", "SSH key of the hosts", "registry passwords"]) {
      expect(output).toContain(credential);
    }
    expect(output).not.toContain("unknown");
  });
});
