import { backupTime } from "../../backup/id";
import { remember } from "../../backup/record";
import { openStore } from "../../backup/store";
import { hostImage } from "../../lab/image";
import { engine } from "../../toolchain/engine";
import { pulumi as pulumiStep } from "../../toolchain/pulumi";
import { chooseBackup, placeOf } from "../backup/chooseStore";
import { drill, type DrillResult, isGood } from "../backup/drill";
import { openBackup } from "../backup/parts";
import { backupPassphrase } from "../backup/passphrase";
import { scratchSubnet } from "../backup/scratchSubnet";
import { drillText } from "../backup/text";
import { formatDuration } from "../duration";
import type { StackPaths } from "../environment";
import { openPulumi } from "../pulumi";
import { setUp } from "../setup";
import { sourceConfiguration } from "../sourceConfiguration";
import { print, say } from "../terminal";

/** Options of `restore-drill`, see its help. */
export interface DrillOptions {
  readonly from?: string;
  readonly passphraseFile?: string;
  readonly subnet?: number;
}

/** Restores a backup where it can do no harm, and says whether everything came back. @returns 0 when it did, 5 when not. */
export async function restoreDrill(paths: StackPaths, options: DrillOptions, id?: string): Promise<number> {
  const started = new Date();
  await setUp([[pulumiStep], [engine, hostImage]]);
  const configuration = sourceConfiguration(paths);
  const store = openStore(placeOf(options.from, configuration.backup.place, "--from"), paths.stack);
  const passphrase = await backupPassphrase(await openPulumi(paths), options.passphraseFile);
  const chosen = await chooseBackup(store, id);
  const opened = await openBackup(store, chosen, passphrase);
  const subnet = options.subnet ?? (await scratchSubnet(opened.manifest.inventory.nodes.map(({ address }) => address)));
  const note = (good: boolean, says: string) => {
    const at = started.toISOString();
    const seconds = Math.round((Date.now() - started.getTime()) / 1000);
    const goodDrill = good ? { goodDrill: { at, backupAt: backupTime(chosen)!.toISOString() } } : {};
    remember(paths.directory, paths.stack, { drill: { backup: chosen, at, good, says, seconds }, ...goodDrill });
  };
  let result: DrillResult;
  try {
    result = await drill(opened, paths.stack, subnet, say);
  } catch (error) {
    note(false, (error as Error).message.split("\n")[0]!);
    throw error;
  }
  const good = isGood(result);
  note(good, good ? "everything came back" : "not everything came back");
  print(`${drillText(result)}\n\n${good ? "Everything came back" : "NOT everything came back"}: backup ${chosen} of ${store.where}, ${formatDuration(Date.now() - started.getTime())}`);
  return good ? 0 : 5;
}
