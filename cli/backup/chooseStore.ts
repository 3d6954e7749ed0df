import { parsePlace, type Place } from "../../backup/place";
import type { BackupStore, StoredBackup } from "../../backup/store";
import { UserError } from "../error";

/**
 * The place of a stack's backups: what the command says, else the configuration.
 * @param option the option's name, for the error
 * @throws UserError when neither says any
 */
export function placeOf(written: string | undefined, configured: Place | undefined, option: string): Place {
  if (written !== undefined) {
    try {
      return parsePlace(written, configured);
    } catch (error) {
      throw new UserError(`${option}: ${(error as Error).message}`);
    }
  }
  if (configured) return configured;
  throw new UserError("Nothing says where backups are kept", `${option} /backups, or s3://bucket/prefix; or for good in the configuration: dockyard:backup: { directory: /backups }`);
}

/** The backup of that name, or the newest one. @throws UserError when there is none */
export async function chooseBackup(store: BackupStore, id: string | undefined): Promise<string> {
  const complete = (await store.list()).filter((backup) => backup.complete);
  const chosen = id === undefined ? complete.at(-1) : complete.find((backup) => backup.id === id);
  if (chosen) return chosen.id;
  if (id === undefined) throw new UserError(`There is no backup in ${store.where}`, "./dockyard backup");
  throw new UserError(`There is no whole backup ${id} in ${store.where}; there are ${idsText(complete)}`);
}

function idsText(backups: readonly StoredBackup[]): string {
  return backups.length === 0 ? "none" : backups.slice(-5).map(({ id }) => id).join(", ");
}
