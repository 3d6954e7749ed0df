import type { Writable } from "node:stream";
import type { Machine } from "../../provider/remote/machine";
import { whileEngineAway } from "./engineAway";

/** Folder on a manager that holds the copy until it was fetched. Root's alone, as what it is a copy of. */
const STAGE = "/var/lib/dockyard/backup";
/**
 * Copies raft's folder while the engine is stopped: the log is written to all the time, so no other copy is whole. Only a copy on the
 * host's own disk, so that the engine is away for seconds, whatever the line is.
 */
const COPY = `umask 077
rm -rf -- "$2"
mkdir -p -- "$2"
tar --create --sparse --file "$2/raft.tar" -C "$1" swarm
`;

/**
 * Copies the Swarm's state on a manager, whose engine is away meanwhile.
 * @param root the engine's data folder
 * @param limit milliseconds after which the copy is given up
 */
export function stageRaft(machine: Machine, root: string, limit: number): Promise<void> {
  return whileEngineAway(machine, "dockyard-backup", COPY, [root, STAGE], limit);
}

/** Fetches the copy, compressed. */
export async function fetchRaft(machine: Machine, to: Writable): Promise<void> {
  await machine.pipe(["gzip", "--stdout", `${STAGE}/raft.tar`], { to });
}

/** Removes the copy from the host. */
export async function clearStage(machine: Machine): Promise<void> {
  await machine.remove(STAGE);
}
