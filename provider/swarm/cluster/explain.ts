import type { Change } from "../../resource";
import type { ClusterInputs } from "./cluster";

/** What a change of the Swarm's settings does, where its path alone does not say it; for the preview. */
const EFFECTS: Readonly<Record<string, string>> = {
  "rotation.ca": "gives every node a certificate of a new root, and makes new join tokens; no task restarts",
  "rotation.joinTokens": "makes new join tokens, the old ones let nobody in any more; the nodes stay",
  "rotation.unlockKey": "makes a new unlock key",
  owner: "claims the platform for this state, by a label of the Swarm; nothing restarts",
  "owner.id": "gives the platform to another owner; nothing restarts",
  "autolock on": "locks the managers' disks: nothing restarts now, but from now on a manager whose engine or host restarts waits until `up` unlocks it (dockyard:swarm: { autolock: false } leaves it off)",
  "autolock off": "managers need no unlock key any more after a restart of their engine; nothing restarts now",
  locked: "unlocks the managers that wait for their key since their engine was restarted",
};

export function explainCluster(changes: readonly Change[], { autolock }: Pick<ClusterInputs, "autolock">): string | undefined {
  const effects = changes.flatMap(({ path }) => EFFECTS[path === "autolock" ? `autolock ${autolock ? "on" : "off"}` : path] ?? []);
  return effects.length === 0 ? undefined : effects.join("; ");
}
