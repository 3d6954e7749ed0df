import type { Machine } from "../../provider/remote/machine";
import { type OpenBackup, readPart } from "../backup/parts";
import { mountpoint } from "../backup/registryCopy";

/** In the volume as long as it holds only a part of what is restored. */
const MARK = ".dockyard-restore";

/** Whether the volume holds a registry's data, all of it. */
export async function hasRegistryData(machine: Machine, volume: string): Promise<boolean> {
  const folder = await mountpoint(machine, volume).catch((error: { statusCode?: number }) => {
    if (error.statusCode !== 404) throw error;
  });
  if (folder === undefined) return false;
  const [data, mark] = await Promise.all([machine.exec(["test", "-d", `${folder}/docker/registry`]), machine.exec(["test", "-e", `${folder}/${MARK}`])]);
  return data.code === 0 && mark.code !== 0;
}

/** Puts the backup's copy of the registry's data into a volume. @returns the volume's folder */
export async function restoreRegistry(backup: OpenBackup, machine: Machine, volume: string): Promise<string> {
  await machine.docker.createVolume({ Name: volume });
  const folder = await mountpoint(machine, volume);
  await machine.writeFile(`${folder}/${MARK}`, "", 0o600);
  await readPart(backup, "registry", (from) => machine.pipe(["tar", "--extract", "--file", "-", "--directory", folder], { from }));
  await machine.remove(`${folder}/${MARK}`);
  return folder;
}
