import { execFile } from "node:child_process";
import { createReadStream, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { hostImage } from "../../lab/image";
import { demoImages, IMAGE_ARCHIVES } from "../../lab/images";
import { IMAGES, type ImageName } from "../../lab/imageDefinitions";
import { detectCgroup } from "../../lab/hostContainer";
import { onScratchHost, scratchFolder, startScratchHosts, stopScratchHosts, type ScratchHost } from "../../lab/scratch";
import { HELD, HELD_ON_GENERATION_1, type HostAttack, managedHierarchies, REMAIN } from "./hostAttacks";

const NAME = "labtest";
const docker = new Docker();
let hosts: ScratchHost[] = [];

beforeAll(async () => {
  for (const step of [hostImage, demoImages]) if (!(await step.satisfied())) await step.run(() => undefined);
  hosts = await startScratchHosts({ name: NAME, subnet: 251, count: 2 });
}, 1800_000);
afterAll(() => stopScratchHosts(NAME), 180_000);

const everywhere = (command: string) => Promise.all(hosts.map((host) => onScratchHost(host, command).then((text) => text.trim())));

/** Repeats until the check passes; its last failure is the test's. */
async function eventually<T>(check: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await check();
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(100);
    }
  }
}

test("hosts boot without a failed unit, each with its own identity and the key that was given to it", async () => {
  expect(await everywhere("systemctl is-system-running --wait")).toEqual(["running", "running"]);
  expect(new Set(await everywhere("cat /etc/machine-id")).size).toBe(2);
  expect(await everywhere("hostname")).toEqual([`${NAME}-1`, `${NAME}-2`]);
  expect(await everywhere("ssh-keygen -y -f /etc/ssh/ssh_host_ed25519_key | cut -d' ' -f1,2")).toEqual(hosts.map(({ hostKey }) => hostKey));
  expect(await everywhere("ls /etc/ssh/ssh_host_*")).toEqual(["/etc/ssh/ssh_host_ed25519_key", "/etc/ssh/ssh_host_ed25519_key"]);
});

test("their engines use overlay2, have no settings of ours and keep their control groups below the host's own", async () => {
  expect(await everywhere("docker info --format '{{.Driver}} {{len .Warnings}}'; ls /etc/docker 2>/dev/null || true")).toEqual(["overlay2 0", "overlay2 0"]);
  // The host sees its own groups alone; the machine sees them below the container's.
  expect(await everywhere("grep -o ':/system.slice/docker.service$' /proc/$(pidof dockerd)/cgroup | sort -u | wc -l")).toEqual(["1", "1"]);
  for (const { name } of hosts) {
    const { Id, State } = await docker.getContainer(name).inspect();
    const seen = readFileSync(`/proc/${State.Pid}/cgroup`, "utf8").split("\n").filter((line) => line.endsWith("/init.scope"));
    expect(seen.length).toBeGreaterThan(0);
    for (const line of seen) expect(line).toContain(`/${Id}/host/init.scope`);
  }
});

/** The names of those that got through, in one session. */
async function through(attacks: readonly HostAttack[]): Promise<string[]> {
  const [host] = hosts as [ScratchHost, ScratchHost];
  const { Id, State } = await docker.getContainer(host.name).inspect();
  const managed = managedHierarchies(readFileSync(`/proc/${State.Pid}/cgroup`, "utf8"), Id);
  expect(managed.length).toBeGreaterThan(0);
  const tries = attacks.map(({ script }, index) => `( ${script} ) >/dev/null 2>&1 && echo ${index}`);
  const numbers = await onScratchHost(host, [`managed="${managed.join(" ")}"`, ...tries, "echo end"].join("\n"));
  expect(numbers).toMatch(/^end$/m);
  return numbers.split("\n").flatMap((line) => (/^\d+$/.test(line) ? [attacks[Number(line)]!.name] : []));
}

test("root of a host gets at nothing of the machine that an engine does not need", async () => {
  expect(await through([...HELD, ...(detectCgroup() === 1 ? HELD_ON_GENERATION_1 : [])])).toEqual([]);
  // The hosts are as they were: an attack that broke its host would have been refused for that.
  expect(await everywhere("systemctl is-system-running")).toEqual(["running", "running"]);
}, 180_000);

test("root of a host can become root of the machine by what an engine does need, as README says", async () => {
  expect(await through(REMAIN)).toEqual(REMAIN.map(({ name }) => name));
});

test("a process of another user in a container can be looked into, for health checks and exec", async () => {
  const [host] = hosts as [ScratchHost, ScratchHost];
  expect(await onScratchHost(host, "setpriv --reuid 65532 --regid 65532 --clear-groups sleep 30 & sleep 0.2; readlink /proc/$!/ns/mnt; kill $!")).toMatch(/^mnt:/);
});

test("a host that is stopped and started is the same host", async () => {
  const [first] = hosts as [ScratchHost, ScratchHost];
  const before = await onScratchHost(first, "cat /etc/machine-id");
  const container = docker.getContainer(first.name);
  await container.stop();
  expect((await container.inspect()).State.ExitCode).toBe(130);
  await container.start();
  await eventually(() => onScratchHost(first, "docker info"));
  expect(await onScratchHost(first, "cat /etc/machine-id")).toBe(before);
}, 180_000);

test("every image runs on a host, without root, and gets healthy", async () => {
  const [, host] = hosts as [ScratchHost, ScratchHost];
  for (const name of Object.keys(IMAGE_ARCHIVES) as ImageName[]) {
    const { reference, ownFolders } = IMAGES[name];
    await load(host, IMAGE_ARCHIVES[name]);
    const volumes = ownFolders.map((folder) => `-v ${name}:${folder}`).join(" ");
    await onScratchHost(host, `docker run -d --read-only --name ${name} ${volumes} ${reference}`);
    await eventually(async () => {
      const health = await onScratchHost(host, `docker inspect --format '{{.State.Running}} {{if .State.Health}}{{.State.Health.Status}}{{end}}' ${name}`);
      expect(health.trim()).toBe(name === "standin" ? "true" : "true healthy");
    });
  }
  const address = await onScratchHost(host, "docker inspect --format '{{.NetworkSettings.IPAddress}}' standin");
  const answer = JSON.parse(await onScratchHost(host, `curl -fsS 'http://${address.trim()}:6379/?resolve=localhost,nobody.invalid'`));
  expect(answer).toMatchObject({ port: "6379", peers: { "nobody.invalid": [] } });
  expect(answer.peers.localhost).toContain("127.0.0.1");
}, 360_000);

test("removal leaves no container, volume, network or file, nor a control group", async () => {
  const ids = await Promise.all(hosts.map(async ({ name }) => (await docker.getContainer(name).inspect()).Id));
  await stopScratchHosts(NAME);
  const filters = { label: [`dockyard.scratch=${NAME}`] };
  expect(await docker.listContainers({ all: true, filters })).toEqual([]);
  expect((await docker.listVolumes({ filters })).Volumes ?? []).toEqual([]);
  expect(await docker.listNetworks({ filters })).toEqual([]);
  expect(existsSync(scratchFolder(NAME))).toBe(false);
  const groups = readdirSync("/sys/fs/cgroup").map((name) => join("/sys/fs/cgroup", name, "docker"));
  const left = [join("/sys/fs/cgroup", "docker"), ...groups].filter((path) => existsSync(path)).flatMap((path) => readdirSync(path));
  expect(left.filter((name) => ids.includes(name))).toEqual([]);
}, 180_000);

function load(host: ScratchHost, archive: string): Promise<void> {
  const known = join(scratchFolder(NAME), "known_hosts");
  return new Promise((resolve, reject) => {
    const args = ["-i", host.privateKeyFile, "-o", `UserKnownHostsFile=${known}`, `${host.user}@${host.address}`, "docker load -q"];
    const child = execFile("ssh", args, (error) => (error ? reject(error) : resolve()));
    createReadStream(join(__dirname, "../..", archive)).pipe(child.stdin!);
  });
}
