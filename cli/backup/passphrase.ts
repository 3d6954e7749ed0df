import { readFileSync } from "node:fs";
import { UserError } from "../error";
import type { Pulumi } from "../pulumi";

/** Shorter ones are guessed, whatever they are run through. */
const SHORTEST = 12;
const HOW = "head -c 32 /dev/urandom | base64 > FILE; chmod 600 FILE; keep a copy of it away from here; ./dockyard backup --passphrase-file FILE";

/**
 * The passphrase of the stack's backups: from the file that the command or DOCKYARD_BACKUP_PASSPHRASE_FILE names, else from the
 * stack's encrypted configuration.
 * @throws UserError when there is none, or one that is too short
 */
export async function backupPassphrase(pulumi: Pulumi, file = process.env.DOCKYARD_BACKUP_PASSPHRASE_FILE || undefined): Promise<string> {
  if (file !== undefined) return checked(firstLine(file), file);
  const configured = await pulumi.ask("config", "get", "backupPassphrase");
  const found = configured.code === 0 ? configured.stdout.replace(/\r?\n$/, "") : "";
  if (found === "") throw new UserError("There is no passphrase to encrypt backups with", HOW);
  return checked(found, "dockyard:backupPassphrase");
}

function firstLine(file: string): string {
  try {
    return readFileSync(file, "utf8").split(/\r?\n/, 1)[0]!;
  } catch (error) {
    throw new UserError(`The passphrase file ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`, HOW);
  }
}

function checked(passphrase: string, from: string): string {
  if (passphrase.length >= SHORTEST) return passphrase;
  throw new UserError(`The passphrase in ${from} has ${passphrase.length} characters; at least ${SHORTEST} are needed`, HOW);
}
