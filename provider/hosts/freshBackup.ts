import { join, resolve } from "node:path";
import { backupAge, tooOld } from "../../backup/record";
import { type Operation, Refused } from "../resource";

/** Environment variable with the name of the stack whose engines may get another version without a fresh backup. */
export const WITHOUT_BACKUP = "DOCKYARD_WITHOUT_BACKUP";

/** The launcher's state folder where it did not start the program: that of this checkout. */
const OWN_FOLDER = join(resolve(__dirname, "..", ".."), ".dockyard");

/**
 * Why engines of this stack must not get another version now, or undefined where they may: the last backup is young enough,
 * none is asked for, or somebody went without one by the stack's name. Reads one file of this machine.
 */
export function backupMissing({ engines, stack }: Pick<Operation, "engines" | "stack">, env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (engines.backupMaxAge === undefined || env[WITHOUT_BACKUP] === stack) return undefined;
  const directory = env["DOCKYARD_RUN"] || env["DOCKYARD_STATE_DIR"] || OWN_FOLDER;
  const problem = tooOld(backupAge({ directory, stack }), engines.backupMaxAge);
  return problem && `${problem}. Run "./dockyard backup --stack ${stack}" first, or go without one by name: --without-backup ${stack} (${WITHOUT_BACKUP}=${stack} for pulumi up)`;
}

/** @throws Refused when a change of version would go without a backup: nothing was changed then */
export function assertFreshBackup(op: Operation, address: string): void {
  const problem = backupMissing(op);
  if (problem !== undefined) throw new Refused(`${address}: the version of an engine in a Swarm does not change without a fresh backup: ${problem}`);
}
