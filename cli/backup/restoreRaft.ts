import type { Keys } from "../../backup/manifest";
import type { Machine } from "../../provider/remote/machine";
import type { SwarmInfo } from "../../provider/remote/manager";
import { waitUntil } from "../../provider/swarm/node/api";
import { awaitQuorum, restart } from "../lostQuorum/apply";
import { within } from "../within";
import { type OpenBackup, readPart } from "./parts";

/** A host that takes over the Swarm of a backup. */
export interface RestoreTarget {
  readonly name: string;
  readonly machine: Machine;
  /** The address that it has from now on as a manager. */
  readonly address: string;
  /** Milliseconds for the engine to come up, and for the Swarm. */
  readonly timeout: number;
  say(line: string): void;
}

/**
 * Puts the backup's copy of raft in place of what the host's engine has, and makes it the only manager of that Swarm, at the
 * host's own address. What the engine had of a Swarm before is gone.
 */
export async function restoreRaft(backup: OpenBackup, target: RestoreTarget, keys: Keys): Promise<void> {
  const { machine, name, address, timeout, say } = target;
  const root = ((await machine.docker.info()) as { DockerRootDir: string }).DockerRootDir;
  say(`${name}: putting the Swarm's state in place`);
  await machine.exec(["systemctl", "stop", "docker.socket"]);
  await machine.run(["systemctl", "stop", "docker.service"]);
  await machine.remove(`${root}/swarm`);
  await readPart(backup, "raft", (from) => machine.pipe(["tar", "--extract", "--gzip", "--file", "-", "--directory", root], { from }));
  await moveTo(machine, `${root}/swarm/docker-state.json`, address);
  await machine.exec(["systemctl", "reset-failed", "docker.service"]);
  await machine.run(["systemctl", "start", "docker.service"]);
  const swarm = await started(machine, name, timeout);
  if (swarm.LocalNodeState === "locked") await unlock(machine, keys);
  say(`${name}: making it the only manager of the restored Swarm`);
  await within(timeout, `${name}: the restored Swarm does not come up`, restart(machine.docker, address, backup.manifest.cluster));
  await awaitQuorum(machine.docker, name, timeout);
}

/** Waits until the engine's part of the Swarm has taken up what was put there: without a quorum, as it was one of several. */
async function started(machine: Machine, name: string, timeout: number): Promise<SwarmInfo> {
  const look = async () => ((await machine.docker.info()) as { Swarm: SwarmInfo }).Swarm;
  const up = (swarm: SwarmInfo | undefined) => swarm?.LocalNodeState === "locked" || swarm?.ControlAvailable === true;
  return (await waitUntil(`${name} to take up the restored state`, () => look().catch(() => undefined), up, { timeout, signal: new AbortController().signal }))!;
}

async function unlock({ docker }: Machine, { unlockKey }: Keys): Promise<void> {
  if (unlockKey === undefined) throw new Error("the restored Swarm is locked and the backup has no unlock key");
  await new Promise<void>((resolve, reject) => {
    const options = { path: "/swarm/unlock", method: "POST", options: { UnlockKey: unlockKey }, statusCodes: { 200: true, 500: "the unlock key does not fit", 503: "the engine is in no Swarm" } };
    docker.modem.dial(options, (error: Error | null) => (error ? reject(error) : resolve()));
  });
}

async function moveTo(machine: Machine, file: string, address: string): Promise<void> {
  const content = await machine.readFile(file);
  if (!content) throw new Error(`the backup's copy of raft has no ${file}: it is no copy of an engine's Swarm`);
  await machine.writeFile(file, readdressed(content.toString(), address), 0o600);
}

/** What the engine remembers of its place in the Swarm, with another address. It would listen at the former one otherwise. */
export function readdressed(state: string, address: string): string {
  const known = JSON.parse(state) as Record<string, unknown>;
  return JSON.stringify({ ...known, LocalAddr: address, RemoteAddr: "", ListenAddr: `${address}:2377`, AdvertiseAddr: `${address}:2377`, DataPathAddr: address });
}
