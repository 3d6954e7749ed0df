import { readFileSync } from "node:fs";
import { remember } from "../../backup/record";
import { outdated } from "../../backup/retention";
import { openStore } from "../../backup/store";
import { Connections } from "../../provider/remote/connections";
import { makeBackup } from "../backup/make";
import { backupPassphrase } from "../backup/passphrase";
import { placeOf } from "../backup/chooseStore";
import { manifestText, sizeText } from "../backup/text";
import { formatDuration } from "../duration";
import { ownStatePassphrase, type StackPaths } from "../environment";
import { must, openPulumi } from "../pulumi";
import { refuseWhileBusy } from "../recovery";
import { sourceConfiguration } from "../sourceConfiguration";
import { connectionSettings, swarmOf } from "./recover";
import { print, say } from "../terminal";

/** Options of `backup`, see its help. */
export interface BackupOptions {
  readonly to?: string;
  readonly passphraseFile?: string;
  readonly allowDowntime: boolean;
  readonly registry: boolean;
}

/** Copies the Swarm's state, the registry's data and the stack's state, encrypted, to where backups are kept. @returns the exit code. */
export async function backup(paths: StackPaths, options: BackupOptions): Promise<number> {
  const started = Date.now();
  const stack = await swarmOf(paths);
  const configuration = sourceConfiguration(paths);
  const store = openStore(placeOf(options.to, configuration.backup.place, "--to"), paths.stack);
  const pulumi = await openPulumi(paths);
  refuseWhileBusy(paths);
  const passphrase = await backupPassphrase(pulumi, options.passphraseFile);
  const connections = new Connections(connectionSettings(stack));
  try {
    const manifest = await makeBackup({
      stackName: paths.stack,
      stack,
      store,
      passphrase,
      allowDowntime: options.allowDowntime,
      withRegistry: options.registry,
      state: await must(pulumi, "stack", "export"),
      configuration: readFileSync(paths.derived, "utf8"),
      statePassphrase: ownStatePassphrase(paths),
      connect: (connection) => connections.machine(connection),
      say,
    });
    const bytes = manifest.parts.reduce((sum, part) => sum + part.bytes, 0);
    const took = Date.now() - started;
    remember(paths.directory, paths.stack, { backup: { id: manifest.id, at: manifest.madeAt, where: store.where, bytes, seconds: Math.round(took / 1000) } });
    print(`${manifestText(manifest)}\n\nBackup ${store.where}/${manifest.id}, ${sizeText(bytes)} in ${formatDuration(took)}`);
    for (const id of outdated(await store.list(), configuration.backup.keep)) {
      await store.remove(id);
      say(`Removed the backup ${id}: ${configuration.backup.keep} are kept`);
    }
  } finally {
    connections.close();
  }
  return 0;
}
