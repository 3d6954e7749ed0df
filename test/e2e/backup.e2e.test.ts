import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { backupAge } from "../../backup/record";
import { openStore } from "../../backup/store";
import { openBackup, readText } from "../../cli/backup/parts";
import { drillName } from "../../cli/backup/drill";
import { stopScratchHosts } from "../../lab/scratch";
import { labHosts, platformOn, standInApplication } from "./support/configuration";
import { onHost, tryOnHost } from "./support/labHost";
import { requireSetup } from "./support/machine";
import { failure, Platform } from "./support/platform";
import { type LocalS3, s3Missing, startS3 } from "./support/s3";
import { type Identities, identities, nodes, replicas } from "./support/swarm";

jest.setTimeout(240_000);

const SUBNET = 143;
const DRILL_SUBNET = "144";
const PASSPHRASE = "the passphrase of this test, long enough";
const platform = new Platform("backup");
const MANAGERS = ["m1", "m2", "m3"].map((name) => platform.container(name));
const m1 = MANAGERS[0]!;
const folder = join(platform.folder, "backups");
const stored = () => (existsSync(join(folder, platform.paths.stack)) ? readdirSync(join(folder, platform.paths.stack)) : []);
const pathOf = (id: string, file: string) => join(folder, platform.paths.stack, id, file);

let withPassphrase: string[];
let s3: LocalS3 | undefined;
let why: string | undefined;

beforeAll(async () => {
  await requireSetup();
  await stopScratchHosts(drillName(platform.paths.stack));
  await platform.clear();
  platform.configure(
    platformOn(labHosts(SUBNET), {
      applications: [standInApplication(platform, "hello", { replicas: 2, ports: [{ target: 80, published: 8080, mode: "host" }] })],
      backup: { directory: folder, keep: 1 },
    }),
  );
  expect(failure(await platform.up())).toBe("");
  withPassphrase = ["--passphrase-file", platform.write("passphrase", `${PASSPHRASE}\n`)];
});

afterAll(async () => {
  s3?.stop();
  await stopScratchHosts(drillName(platform.paths.stack));
  await platform.clear();
});

/** Waits until every engine answers and all managers see each other. */
async function whole(): Promise<void> {
  const saysWhole = async (name: string) => {
    const { code, stdout } = await tryOnHost(name, "docker", "node", "ls", "--format", "{{.Status}} {{.ManagerStatus}}");
    return code === 0 && stdout.trim().split("\n").every((line) => /^Ready (Leader|Reachable)$/.test(line));
  };
  // Managers notice late that one of them has gone: each must say so itself, and go on saying so.
  const end = Date.now() + 90_000;
  for (let since = 0; since === 0 || Date.now() - since < 4_000; await sleep(500)) {
    since = (await Promise.all(MANAGERS.map(saysWhole))).every(Boolean) ? since || Date.now() : 0;
    if (Date.now() > end) throw new Error("the Swarm did not become whole again");
  }
}

/** Each engine's start, by host. */
const starts = () => Promise.all(MANAGERS.map((name) => onHost(name, "systemctl", "show", "docker", "-p", "ExecMainStartTimestampMonotonic")));

describe("a backup", () => {
  it("is not made without a passphrase, and the way to one is told", async () => {
    const { code, output } = await platform.dockyard("backup");
    expect(code).toBe(1);
    expect(output).toContain("There is no passphrase to encrypt backups with");
    expect(output).toContain("--passphrase-file FILE");
    expect(stored()).toEqual([]);
  });

  it("that is killed while an engine is stopped leaves the engine to come back by itself, and no backup", async () => {
    const running = platform.launch("backup", ...withPassphrase);
    const stopped = async () => (await Promise.all(MANAGERS.map((name) => tryOnHost(name, "systemctl", "is-active", "docker")))).some(({ stdout }) => stdout.trim() !== "active");
    await running.matches(/Stopping the engine of m\d/);
    for (const end = Date.now() + 30_000; !(await stopped()) && Date.now() < end; ) await sleep(50);
    platform.kill(running);
    await running.ended;
    await whole();
    expect(stored()).toEqual([]);
  });

  it("stops one engine that does not lead, for a moment, and leaves the Swarm as it was", async () => {
    const [before, found] = [await starts(), await nodes(m1)];
    const leader = Object.keys(found).find((name) => found[name]!.manager === "Leader")!;
    const { code, output } = await platform.dockyard("backup", ...withPassphrase);
    expect(failure({ code, output })).toBe("");
    await whole();
    const after = await starts();
    const restarted = ["m1", "m2", "m3"].filter((_, index) => before[index] !== after[index]);
    expect(restarted).toHaveLength(1);
    expect(restarted).not.toContain(leader);
    expect(output).toContain(`Stopping the engine of ${restarted[0]} for a moment`);
    for (const part of ["raft", "registry", "state", "configuration", "keys"]) expect(output).toMatch(new RegExp(`^${part} +[\\d.]+ [kM]?B +[0-9a-f]{16}…$`, "m"));
    expect(await tryOnHost(platform.container(restarted[0]!), "ls", "/var/lib/dockyard/backup")).toMatchObject({ code: 2 });
    expect(stored()).toHaveLength(1);
  });

  it("comes back on a scratch host that is cut off, with everything that was in it, and leaves nothing of that", async () => {
    const { code, output } = await platform.dockyard("restore-drill", "--subnet", DRILL_SUBNET, ...withPassphrase);
    expect(failure({ code, output })).toBe("");
    for (const [kind, count] of [["nodes", 3], ["services", 2], ["secrets", 3], ["configs", 1]] as const) expect(output).toMatch(new RegExp(`^${kind} +${count} +${count} +same$`, "m"));
    expect(output).toMatch(/^networks +[3-9] +[3-9] +same$/m);
    expect(output).toMatch(/^registry blobs +[1-9]\d* +[1-9]\d* +every blob has the content that its name says$/m);
    expect(output).toContain("Everything came back");
    const filters = { label: [`dockyard.scratch=${drillName(platform.paths.stack)}`] };
    expect(await new Docker().listContainers({ all: true, filters })).toEqual([]);
    expect(await new Docker().listNetworks({ filters })).toEqual([]);
    await whole();
    expect(await replicas(m1)).toEqual({ dockyard_registry: "1/1", hello_web: "2/2" });
  });

  it("that is damaged is found out, and status tells so", async () => {
    const [id] = stored() as [string];
    const file = pathOf(id, "raft.tar.gz.age");
    const good = readFileSync(file);
    writeFileSync(file, Buffer.concat([good.subarray(0, -100), Buffer.alloc(100)]));
    const { code, output } = await platform.dockyard("restore-drill", "--subnet", DRILL_SUBNET, ...withPassphrase);
    expect(code).toBe(1);
    expect(output).toContain(`${file}: `);
    writeFileSync(file, good);
    const status = await platform.dockyard("status");
    expect(status.output).toMatch(/^Backup {2}\d+ min old: .*\/backups\//m);
    expect(status.output).toMatch(/^Drill {3}\d+ min ago, FAILED: /m);
    // The good drill before it is not forgotten.
    expect(backupAge(platform.paths)).toEqual({ backup: expect.any(Number), drill: expect.any(Number) });
  });

  it("takes the place of the one before it where one is to be kept", async () => {
    const before = stored();
    const { code, output } = await platform.dockyard("backup", "--no-registry", ...withPassphrase);
    expect(failure({ code, output })).toBe("");
    expect(output).toContain(`Removed the backup ${before[0]}: 1 are kept`);
    expect(stored()).toHaveLength(1);
    expect(stored()).not.toEqual(before);
    await whole();
  });

  it("goes to S3 as well", async () => {
    why = await s3Missing();
    if (why !== undefined) return console.warn(`backup to S3 did not run: ${why}`);
    s3 = await startS3("platform-backups");
    Object.assign(process.env, s3.env);
    const place = ["--to", "s3://platform-backups/here"];
    const { code, output } = await platform.dockyard("backup", ...place, ...withPassphrase);
    expect(failure({ code, output })).toBe("");
    const store = openStore({ kind: "s3", bucket: "platform-backups", prefix: "here" }, platform.paths.stack);
    const [only, ...more] = await store.list();
    expect([only?.complete, more]).toEqual([true, []]);
    const opened = await openBackup(store, only!.id, PASSPHRASE);
    for (const { name } of opened.manifest.parts) await readText(opened, name);
    expect(JSON.parse(await readText(opened, "state"))).toHaveProperty("deployment.resources");
    await store.remove(only!.id);
    expect(await store.list()).toEqual([]);
  });
});

describe("a Swarm of which no manager is left", () => {
  let before: Identities;

  it("is not restored over one that is there", async () => {
    expect(failure(await platform.dockyard("backup", ...withPassphrase))).toBe("");
    await whole();
    before = await identities(m1);
    const { code, output } = await platform.dockyard("restore", "--yes", ...withPassphrase);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/Nothing was changed: m\d sees a quorum of the backup's Swarm/) });
  });

  it("is not restored unasked, nor while a manager is silent", async () => {
    // The disks of all engines are lost; the machines are the same.
    await Promise.all(MANAGERS.map((name) => onHost(name, "sh", "-c", "systemctl stop docker.socket docker.service && find /var/lib/docker -mindepth 1 -delete; systemctl reset-failed docker.service")));
    await Promise.all(MANAGERS.slice(0, 2).map((name) => onHost(name, "systemctl", "start", "docker.service")));
    const silent = await platform.dockyard("restore", "--yes", ...withPassphrase);
    expect(silent).toMatchObject({ code: 1, output: expect.stringContaining("./dockyard restore --lost m3") });
    await onHost(MANAGERS[2]!, "systemctl", "start", "docker.service");
    const unasked = await platform.dockyard("restore", ...withPassphrase);
    expect(unasked).toMatchObject({ code: 1, output: expect.stringContaining("There is no terminal to ask at; nothing was changed") });
    expect(unasked.output).toMatch(/m\d becomes the only manager, with all services, secrets, configs and networks of the backup/);
  });

  it("comes back from a backup, killed in the middle and started again; up lets the others join, and everything is what it was", async () => {
    const running = platform.launch("restore", "--yes", ...withPassphrase);
    await running.matches(/putting the Swarm's state in place/);
    platform.kill(running);
    await running.ended;
    const again = await platform.dockyard("restore", "--yes", ...withPassphrase);
    // Killed late, it had put the state in place: then it is the recovery that goes on with it.
    if (again.output.includes("./dockyard recover")) expect(failure(await platform.dockyard("recover", "--yes"))).toBe("");
    else expect(failure(again)).toBe("");
    expect(failure(await platform.dockyard("up", "--refresh"))).toBe("");
    await whole();
    expect(await identities(m1)).toEqual(before);
    for (const end = Date.now() + 60_000; (await replicas(m1)).hello_web !== "2/2" && Date.now() < end; ) await sleep(500);
    expect(await replicas(m1)).toEqual({ dockyard_registry: "1/1", hello_web: "2/2" });
    expect(failure(await platform.preview("--expect-no-changes"))).toBe("");
  });
});
