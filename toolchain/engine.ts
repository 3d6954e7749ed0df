import { mkdirSync, openSync, closeSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { spawn } from "node:child_process";
import { connect } from "node:net";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { capture, processName, startTick, succeed } from "./process";
import type { Obstacle, SetupStep } from "./step";
import { engineObstacles, ownsProcess, parseEngineRecord, parsePid, type EngineRecord } from "./enginePlan";

/** Where the engine of the machine is looked for when DOCKER_HOST does not say: the path every client knows. */
const SOCKET = "/var/run/docker.sock";
/** What we know about a dockerd that we started. Under /run, so that a reboot forgets it together with the process. */
const RECORD = "/run/dockyard/engine.json";
const LOG = "/run/dockyard/dockerd.log";
const PID_FILE = "/var/run/docker.pid";
const CONTAINERD_SOCKET = "/run/containerd/containerd.sock";
/** How long an engine may take from its start to its first answer. A cold start with many containers takes several seconds. */
const START_TIMEOUT_MS = 90_000;

/** The engine of this machine: only a reachable one counts, a `docker` client alone does not. */
export const engine: SetupStep = {
  title: "Docker engine of this machine",
  estimate: "about 1 minute",
  satisfied: async () => (await pingEngine()) === undefined,
  async obstacles(): Promise<Obstacle[]> {
    return engineObstacles({
      dockerHost: process.env.DOCKER_HOST,
      pingError: await pingEngine(),
      root: process.getuid?.() === 0,
      osRelease: existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "",
      installed: await daemonInstalled(),
      user: process.env.USER ?? "$USER",
    });
  },
  async run(report): Promise<void> {
    if (!(await daemonInstalled())) await installPackages(report);
    if (await bySystemd()) await startBySystemd(report);
    else await startByHand(report);
  },
};

/**
 * Whether the engine that clients would use (DOCKER_HOST, else the default socket) answers.
 * @returns nothing when it does, else the reason.
 */
export async function pingEngine(timeoutMs = 3_000): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await new Docker({ timeout: timeoutMs }).ping();
    return undefined;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}

async function daemonInstalled(): Promise<boolean> {
  // iptables too: without it dockerd ends right after its start.
  const found = await Promise.all([capture("dockerd", ["--version"]), capture("iptables", ["--version"])]);
  return found.every((done) => done.code === 0);
}

async function installPackages(report: (line: string) => void): Promise<void> {
  // RUNLEVEL=1 keeps maintainer scripts from starting services where there is no systemd: we start the engine ourselves.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", ...((await bySystemd()) ? {} : { RUNLEVEL: "1" }) };
  const apt = (...args: string[]) =>
    succeed("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0", ...args], { env, onLine: report });
  // A previous run may have been killed inside dpkg; this is a no-op otherwise.
  await capture("dpkg", ["--configure", "-a"], { env });
  report("apt-get update");
  // One unreachable third-party source must not stop us: the installation tells whether the packages are there.
  await apt("update").catch((error: Error) => report(error.message.split("\n").at(-1) ?? ""));
  await apt("install", "-y", "--no-install-recommends", "docker.io", "iptables");
}

/** Whether PID 1 is systemd (the documented test: sd_booted(3)). */
async function bySystemd(): Promise<boolean> {
  return existsSync("/run/systemd/system");
}

async function startBySystemd(report: (line: string) => void): Promise<void> {
  report("systemctl start docker");
  await succeed("systemctl", ["start", "docker"]);
  await answering(() => undefined);
  writeRecord({ by: "systemd" });
}

async function startByHand(report: (line: string) => void): Promise<void> {
  const running = runningDaemon();
  if (running === undefined) await clearLeftovers();
  const pid = running ?? spawnDaemon();
  const tick = startTick(pid);
  if (running === undefined && tick !== undefined) writeRecord({ by: "launcher", pid, tick });
  report(`waiting for dockerd (process ${pid}) to answer`);
  await answering(() => (startTick(pid) === tick && tick !== undefined ? undefined : new Error(`dockerd ended at once:\n${logTail()}`)));
}

function spawnDaemon(): number {
  mkdirSync(dirname(LOG), { recursive: true });
  const log = openSync(LOG, "a");
  // Detached = its own session (setsid): neither our Ctrl-C nor our end reaches it.
  const child = spawn("dockerd", [], { detached: true, stdio: ["ignore", log, log], cwd: "/" });
  closeSync(log);
  child.unref();
  if (child.pid === undefined) throw new Error("dockerd could not be started: is it on PATH?");
  return child.pid;
}

function runningDaemon(): number | undefined {
  const pid = existsSync(PID_FILE) ? parsePid(readFileSync(PID_FILE, "utf8")) : undefined;
  return pid !== undefined && processName(pid) === "dockerd" ? pid : undefined;
}

/**
 * What a killed engine leaves: a pid file whose number may belong to another process by now (dockerd then refuses to
 * start), and a containerd socket without a listener (dockerd then waits for it instead of starting its own).
 */
async function clearLeftovers(): Promise<void> {
  rmSync(PID_FILE, { force: true });
  for (const socket of [SOCKET, CONTAINERD_SOCKET]) {
    if (existsSync(socket) && !(await accepts(socket))) rmSync(socket, { force: true });
  }
}

function accepts(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once("connect", () => resolve(true)).once("error", () => resolve(false));
    connection.once("connect", () => connection.destroy());
  });
}

async function answering(failed: () => Error | undefined): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const reason = await pingEngine();
    if (reason === undefined) return;
    const failure = failed();
    if (failure !== undefined) throw failure;
    if (Date.now() > deadline) {
      throw new Error(`The engine does not answer ${START_TIMEOUT_MS / 1000} s after its start (${reason.message}).\n${logTail()}`);
    }
    await sleep(200);
  }
}

function logTail(): string {
  if (!existsSync(LOG)) return "";
  return readFileSync(LOG, "utf8").trim().split("\n").slice(-8).join("\n");
}

function writeRecord(record: EngineRecord): void {
  mkdirSync(dirname(RECORD), { recursive: true });
  writeFileSync(RECORD, JSON.stringify(record));
}

function readRecord(): EngineRecord | undefined {
  return existsSync(RECORD) ? parseEngineRecord(readFileSync(RECORD, "utf8")) : undefined;
}

/** How many containers keep {@link stopEngine} from stopping the engine; `undefined` when the engine is not ours to stop. */
async function engineUsers(): Promise<number | undefined> {
  const record = readRecord();
  if (record === undefined || !ownsProcess(record, processName, startTick)) return undefined;
  return (await pingEngine()) === undefined ? (await new Docker().listContainers({ all: true })).length : 0;
}

/**
 * Stops the engine if we started it and no container is left on it.
 * @returns what was done, as the user reads it; nothing when there was nothing to do.
 */
export async function stopEngine(): Promise<string | undefined> {
  const record = readRecord();
  if (record === undefined) return undefined;
  const users = await engineUsers();
  if (users !== undefined && users > 0) return `Docker engine left running: ${users} container${users === 1 ? "" : "s"} of others on it`;
  if (users === 0) {
    if (record.by === "systemd") await succeed("systemctl", ["stop", "docker.socket", "docker.service"]);
    else await terminate(record.pid, record.tick);
  }
  forget();
  return users === 0 ? "Docker engine stopped (we had started it)" : undefined;
}

async function terminate(pid: number, tick: string): Promise<void> {
  const alive = () => startTick(pid) === tick;
  process.kill(pid, "SIGTERM");
  for (let waited = 0; alive() && waited < 30_000; waited += 100) await sleep(100);
  if (alive()) process.kill(pid, "SIGKILL");
}

function forget(): void {
  rmSync(dirname(RECORD), { recursive: true, force: true });
}
