import type { Keys } from "../../backup/manifest";
import type { Machine } from "../../provider/remote/machine";
import type { SwarmInfo } from "../../provider/remote/manager";
import { unlock } from "../../provider/swarm/cluster/autolock";
import { waitUntil } from "../../provider/swarm/node/api";

/**
 * Waits until the engine of a manager has taken up its Swarm again, quorum or not, and unlocks it where managers are locked: after
 * every start of its engine such a manager waits for its key.
 * @param what for the message when it does not come: "m1 to be back"
 * @throws Error when it does not within `timeout` milliseconds, or the key does not open it
 */
export async function backUnlocked(machine: Pick<Machine, "docker" | "address">, what: string, { unlockKey }: Pick<Keys, "unlockKey">, timeout: number): Promise<void> {
  const look = async () => ((await machine.docker.info()) as { Swarm: SwarmInfo }).Swarm;
  const up = (swarm: SwarmInfo | undefined) => swarm?.LocalNodeState === "locked" || swarm?.ControlAvailable === true;
  const swarm = await waitUntil(what, () => look().catch(() => undefined), up, { timeout, signal: new AbortController().signal });
  if (swarm?.LocalNodeState === "locked") await unlock(machine as Machine, unlockKey === undefined ? [] : [unlockKey]);
}
