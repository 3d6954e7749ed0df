import type { Writable } from "node:stream";
import type { Machine } from "../../provider/remote/machine";

/** Folder on a manager that holds the copy until it was fetched. Root's alone, as what it is a copy of. */
const STAGE = "/var/lib/dockyard/backup";
/** Name of the unit on the host: a second backup at the same time is refused by systemd. */
const UNIT = "dockyard-backup.service";

/**
 * Stops the engine and copies raft's folder: the log is written to all the time, so no other copy is whole. Only a copy on the
 * host's own disk, so that the engine is away for seconds, whatever the line is. A constant; folders come as arguments.
 * No "\${…}" and no "%": systemd would read them.
 */
const COPY = `set -e
umask 077
rm -rf -- "$2"
mkdir -p -- "$2"
systemctl stop docker.socket 2>/dev/null || true
systemctl stop docker.service
tar --create --sparse --file "$2/raft.tar" -C "$1" swarm
`;

/**
 * Copies the Swarm's state on a manager, whose engine is away meanwhile. It is systemd's work, which starts the engine again
 * whatever happens: the copy fails, takes too long, or the connection, or we ourselves, are gone.
 * @param root the engine's data folder
 * @param limit milliseconds after which the copy is given up
 */
export async function stageRaft(machine: Machine, root: string, limit: number): Promise<void> {
  const properties = [
    `RuntimeMaxSec=${Math.ceil(limit / 1000)}`,
    // systemd refuses a start that follows too many others, and would leave the engine off.
    "ExecStopPost=-/bin/systemctl reset-failed docker.service docker.socket",
    "ExecStopPost=/bin/systemctl start docker.service",
  ];
  await machine.run(
    ["systemd-run", "--quiet", "--wait", "--pipe", "--collect", `--unit=${UNIT}`, ...properties.map((property) => `--property=${property}`), "/bin/sh", "-c", COPY, "sh", root, STAGE],
    { timeout: 2 * limit },
  );
}

/** Fetches the copy, compressed. */
export async function fetchRaft(machine: Machine, to: Writable): Promise<void> {
  await machine.pipe(["gzip", "--stdout", `${STAGE}/raft.tar`], { to });
}

/** Removes the copy from the host. */
export async function clearStage(machine: Machine): Promise<void> {
  await machine.remove(STAGE);
}
