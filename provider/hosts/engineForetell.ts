import type { Change, Operation, Stored } from "../resource";
import { MACHINE_LABEL } from "../swarm/node/membership";
import { interruptionText, lookAtCluster } from "../swarm/plan/interruptions";
import { effectiveDaemon } from "./daemonDefaults";
import type { Daemon } from "./daemonJson";
import type { EngineInputs } from "./engineInputs";
import { backupMissing } from "./freshBackup";
import { matchesPin } from "./packagePin";
import { actionFor } from "./reloadable";

/** Asked for once in a run: one warning of the backup for all engines. */
const BACKUP_TOLD = "backup told of";

/** Warns of a backup that is too old for another version, and of services that the restart of this engine interrupts. */
export async function foretellRestart(op: Operation, _changes: readonly Change[], old: Stored<EngineInputs, { readonly version: string; readonly defaults?: Daemon }>, wanted: EngineInputs): Promise<void> {
  const pin = wanted.package?.version;
  const upgrade = pin !== undefined && old.outputs.version !== "" && !matchesPin(old.outputs.version, pin) && pin !== old.inputs.package?.version;
  if (upgrade) {
    await op.shared(BACKUP_TOLD, async () => {
      const problem = backupMissing(op);
      if (problem !== undefined) op.warn(`another version of the engines will be refused: ${problem}`);
    });
  }
  const { defaults } = old.outputs;
  if (!upgrade && actionFor(effectiveDaemon(old.inputs.daemon, defaults), effectiveDaemon(wanted.daemon, defaults)).action !== "restart") return;
  const cluster = await lookAtCluster(op);
  const node = cluster?.nodes.find(({ Spec }) => Spec.Labels?.[MACHINE_LABEL] === wanted.host);
  const text = cluster && node && interruptionText(cluster, node);
  if (text) op.warn(`while the engine of ${node.Description.Hostname} restarts: ${text}`);
}
