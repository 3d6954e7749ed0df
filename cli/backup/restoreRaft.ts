import type { Keys } from "../../backup/manifest";
import type { Machine } from "../../provider/remote/machine";
import { awaitQuorum, restart } from "../lostQuorum/apply";
import { within } from "../within";
import { backUnlocked } from "./backUnlocked";
import { whileEngineAway } from "./engineAway";
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

/** Folder below the engine's data that holds the backup's copy until it is whole. */
const STAGE = "dockyard-restore";

/** Puts it in place of what the engine has. */
const TAKE_OVER = `rm -rf -- "$1/swarm"
mv -- "$1/$2/swarm" "$1/swarm"
rm -rf -- "$1/$2"
`;

/**
 * Puts the backup's copy of raft in place of what the host's engine has, and makes it the only manager of that Swarm, at the
 * host's own address. What the engine had of a Swarm before is gone.
 */
export async function restoreRaft(backup: OpenBackup, target: RestoreTarget, keys: Keys): Promise<void> {
  const { machine, name, address, timeout, say } = target;
  const root = ((await machine.docker.info()) as { DockerRootDir: string }).DockerRootDir;
  say(`${name}: putting the Swarm's state in place`);
  const stage = `${root}/${STAGE}`;
  await machine.remove(stage);
  await machine.run(["mkdir", "-m", "0700", "--", stage]);
  await readPart(backup, "raft", (from) => machine.pipe(["tar", "--extract", "--gzip", "--file", "-", "--directory", stage], { from }));
  await moveTo(machine, `${stage}/swarm/docker-state.json`, address);
  await whileEngineAway(machine, "dockyard-restore", TAKE_OVER, [root, STAGE], timeout);
  await backUnlocked(machine, `${name} to take up the restored state`, keys, timeout);
  say(`${name}: making it the only manager of the restored Swarm`);
  await within(timeout, `${name}: the restored Swarm does not come up`, restart(machine.docker, address, backup.manifest.cluster));
  await awaitQuorum(machine.docker, name, timeout);
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
