import type { Manifest } from "../../backup/manifest";
import { names, type RecoveryStep, type Refusal, refuse, wronglyLost } from "../lostQuorum/plan";
import type { ManagerView } from "../lostQuorum/views";

/** One step from a backup to a Swarm. Each looks first and may be repeated. */
export type RestoreStep =
  /** The registry's data is put into its volume, before the registry starts on an empty one. */
  | { readonly do: "registry"; readonly on: string }
  /** The managers' state is put in place, and the host is the only manager of that Swarm from then on. */
  | { readonly do: "raft"; readonly on: string }
  /** Another manager forgets what it cannot start; entries of the managers of that time are taken out of the list of nodes. */
  | Extract<RecoveryStep, { do: "leave" | "remove" }>;

export type RestorePlan =
  | { readonly do: "nothing"; readonly reason: string }
  | Refusal
  | { readonly do: "restore"; readonly on: string; readonly steps: readonly RestoreStep[] };

/** What a restore is to use. */
export interface RestoreWish {
  readonly manifest: Pick<Manifest, "cluster" | "source" | "inventory">;
  /** Names of managers that, by the word of the user, never come back as they were. */
  readonly lost: readonly string[];
  /** The host whose volume lacks the registry's data that the backup has; undefined where nothing is to be put there. */
  readonly registryOn?: string;
}

/**
 * How a Swarm is restored of which no manager is left. Nothing is done while one of them has the Swarm's state, or may have it: whatever was
 * changed since the backup would be lost, or there would be two of that Swarm. Pure.
 */
export function planRestore(views: readonly ManagerView[], { manifest, lost, registryOn }: RestoreWish): RestorePlan {
  const wrong = wronglyLost(views, lost);
  if (wrong) return wrong;
  const others = manifest.inventory.nodes.filter(({ id, role }) => role === "manager" && id !== manifest.source.id);
  const quorum = views.flatMap((view) => (view.says === "quorum" ? [view] : []));
  if (quorum.length > 0) return finish(quorum[0]!, others.map(({ id }) => id), manifest, registryOn);

  const having = views.filter(({ says }) => says === "no quorum");
  if (having.length > 0) return refuse(`${names(having)} has the Swarm's state, which is newer than any backup`, "./dockyard recover");
  const locked = views.filter(({ says }) => says === "locked");
  if (locked.length > 0) return refuse(`${names(locked)} is locked and has the Swarm's state, which is newer than any backup`, "docker swarm unlock   on that host");
  const pending = views.filter(({ says }) => says === "pending");
  if (pending.length > 0) return refuse(`${names(pending)} is just joining a Swarm`, "run this again in a minute");
  const silent = views.filter(({ name, says }) => says === "nothing" && !lost.includes(name));
  if (silent.length > 0) {
    return refuse(
      `${names(silent)} cannot be asked and may have the Swarm's state`,
      `bring it back; if it is gone for good, and never starts again as it was: ./dockyard restore ${silent.map(({ name }) => `--lost ${name}`).join(" ")}`,
    );
  }
  return begin(views, others.map(({ name }) => name), { manifest, registryOn });
}

/** A quorum is there: of this very Swarm after an interrupted restore, or there is nothing to restore. */
function finish({ name, clusterId, nodes }: Extract<ManagerView, { says: "quorum" }>, others: readonly string[], { cluster }: RestoreWish["manifest"], registryOn: string | undefined): RestorePlan {
  if (clusterId !== cluster.id) return refuse(`${name} sees a quorum of another Swarm than the backup's`, "./dockyard status");
  // A manager that answers has joined again, under another id.
  const gone = nodes.filter(({ ID, Status }) => others.includes(ID) && Status.State !== "ready").map(({ Description, ID }) => Description.Hostname || ID);
  const alone = nodes.filter(({ ManagerStatus }) => ManagerStatus?.Reachability === "reachable").length === 1;
  if (alone && gone.length > 0) return { do: "restore", on: name, steps: [...registryStep(registryOn), { do: "remove", names: gone }] };
  return { do: "nothing", reason: `${name} sees a quorum of the backup's Swarm, so there is nothing to restore` };
}

/** Raft knows a manager by its address: at another one, nobody could join the restored one. */
function begin(views: readonly ManagerView[], others: readonly string[], { manifest: { source, inventory }, registryOn }: Omit<RestoreWish, "lost">): RestorePlan {
  const address = inventory.nodes.find(({ id }) => id === source.id)?.address ?? "";
  const free = views.filter(({ says }) => says === "no manager" || says === "broken");
  const chosen = free.find((view) => view.address === address)?.name;
  if (chosen === undefined) {
    return refuse(
      `the backup is the copy of ${source.name} (${address}), and no manager of the configuration with that address answers with an engine that is in no Swarm`,
      "give a machine with an engine that name and address, or name a backup that is the copy of another manager",
    );
  }
  const leave = free.filter(({ name, says }) => says === "broken" && name !== chosen).map(({ name }): RestoreStep => ({ do: "leave", name }));
  const remove: RestoreStep[] = others.length > 0 ? [{ do: "remove", names: others }] : [];
  return { do: "restore", on: chosen, steps: [...registryStep(registryOn), { do: "raft", on: chosen }, ...leave, ...remove] };
}

const registryStep = (on: string | undefined): RestoreStep[] => (on === undefined ? [] : [{ do: "registry", on }]);

/** The plan, a numbered line for each step. */
export function restoreText({ on, steps }: Extract<RestorePlan, { do: "restore" }>, id: string): string {
  const lines = steps.map((step, index) => `  ${index + 1}. ${stepText(step)}`);
  return [`The Swarm goes on from backup ${id} on ${on}:`, ...lines, `  ${lines.length + 1}. you: ./dockyard up --refresh, which lets the other hosts join again`].join("\n");
}

function stepText(step: RestoreStep): string {
  switch (step.do) {
    case "registry":
      return `the registry's data is put into its volume on ${step.on}`;
    case "raft":
      return `${step.on} becomes the only manager, with all services, secrets, configs and networks of the backup`;
    case "leave":
      return `${step.name} forgets the Swarm that it cannot start`;
    case "remove":
      return `the entries of ${step.names.join(", ")} are taken out of the list of nodes`;
  }
}
