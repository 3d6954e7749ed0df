import type { SwarmNode } from "../../provider/swarm/node/membership";
import { majority } from "../../provider/swarm/node/quorum";
import { rank } from "./evidence";
import type { ManagerView } from "./views";

/** One step back to a Swarm with a quorum. Each looks first and may be repeated. */
export type RecoveryStep =
  /** The survivor becomes the only manager of the same Swarm, with everything that is in its state. */
  | { readonly do: "force new cluster"; readonly on: string }
  /** A manager of the lost quorum forgets its copy, so that it can join again. */
  | { readonly do: "leave"; readonly name: string }
  /** Entries of managers that are gone are taken out of the list of nodes. */
  | { readonly do: "remove"; readonly names: readonly string[] };

/** Why nothing is done, and what helps. */
export interface Refusal {
  readonly do: "refuse";
  readonly reason: string;
  readonly fix?: string;
}

export type RecoveryPlan =
  | { readonly do: "nothing"; readonly reason: string }
  | Refusal
  | { readonly do: "recover"; readonly survivor: string; readonly because: string; readonly steps: readonly RecoveryStep[] };

type Of<S extends ManagerView["says"]> = ManagerView & { says: S };

/**
 * How a Swarm without a quorum comes by one again. Nothing is done while the old quorum may still be there, or come back: a
 * second Swarm beside the first would be worse than none.
 * @param lost names of managers that, by the word of the user, never come back as they were
 */
export function planRecovery(views: readonly ManagerView[], lost: readonly string[]): RecoveryPlan {
  const wrong = wronglyLost(views, lost);
  if (wrong) return wrong;
  const quorum = only(views, "quorum");
  return quorum.length > 0 ? finish(views, quorum) : begin(views, lost);
}

/** Names that are given up by mistake. */
export function wronglyLost(views: readonly ManagerView[], lost: readonly string[]): Refusal | undefined {
  const strangers = lost.filter((name) => !views.some((view) => view.name === name));
  if (strangers.length > 0) return refuse(`--lost ${strangers.join(", ")}: the managers of this stack are ${names(views)}`);
  const alive = views.filter(({ name, says }) => lost.includes(name) && says !== "nothing");
  return alive.length > 0 ? refuse(`--lost ${names(alive)}: it answers, so it is not lost`, "take it off the command, or switch that machine off first") : undefined;
}

/** A quorum is there: either all is well, or an earlier recovery was interrupted after it had made a new one. */
function finish(views: readonly ManagerView[], quorum: readonly Of<"quorum">[]): RecoveryPlan {
  const [first] = quorum;
  const members = first!.nodes.filter(({ ManagerStatus }) => ManagerStatus);
  const reachable = members.filter(({ ManagerStatus }) => ManagerStatus!.Reachability === "reachable").length;
  if (reachable < majority(members.length)) {
    return refuse(`${first!.name} leads ${members.length} managers and reaches ${reachable} of them: it has just lost its quorum, and may be about to find it again`, "run this again in a minute");
  }
  const inRaft = (nodeId: string | undefined) => members.some(({ ID }) => ID === nodeId);
  const others = quorum.filter(({ nodeId, clusterId }) => clusterId !== first!.clusterId || !inRaft(nodeId));
  if (others.length > 0) {
    return refuse(`${names([first!, ...others])} each see a quorum of another Swarm; which of them is to stay is yours to say`, "docker swarm leave --force   on the managers of the other one");
  }
  const stranded = views.filter((view) => (view.says === "no quorum" || view.says === "broken") && !inRaft(view.nodeId));
  const gone = [...new Set([...formerManagers(first!.nodes), ...stranded.map(({ name }) => name)])];
  const steps = clearing(stranded, gone);
  if (steps.length > 0) return { do: "recover", survivor: first!.name, because: "it has had a quorum since an earlier recovery, and the steps below are still to be done", steps };
  return { do: "nothing", reason: `${first!.name} sees a quorum (${reachable} of ${members.length} managers are reachable), so there is nothing to recover` };
}

function begin(views: readonly ManagerView[], lost: readonly string[]): RecoveryPlan {
  const needed = majority(views.length);
  const pending = only(views, "pending");
  if (pending.length > 0) return refuse(`${names(pending)} is just joining`, "run this again in a minute");
  const survivors = only(views, "no quorum");
  const locked = only(views, "locked");
  if (locked.length > 0 && (survivors.length === 0 || survivors.length + locked.length >= needed)) {
    return refuse(`${names(locked)} is locked; with it the quorum may be back`, "docker swarm unlock   on that host");
  }
  if (survivors.length === 0) return refuse("no manager that answers has the Swarm's state", "./dockyard restore, from a backup (docs/recovery.md)");
  if (survivors.length >= needed) {
    return refuse(`${names(survivors)} are ${survivors.length} of ${views.length} managers, a majority: they need no recovery, but have to reach each other at port 2377`, "check the network between them");
  }
  const silent = only(views, "nothing").filter(({ name }) => !lost.includes(name));
  if (silent.length >= needed) {
    return refuse(
      `${names(silent)} cannot be asked (${silent.map(({ reason }) => reason).join("; ")}) and may be a quorum of ${needed} among themselves; a second Swarm beside it would be worse than none`,
      `bring them back; if they are gone for good, and never start again as they were: ./dockyard recover ${silent.map(({ name }) => `--lost ${name}`).join(" ")}`,
    );
  }
  const { by, order } = rank(survivors);
  const [best, ...rest] = order;
  const because = rest.length === 0 ? "it is the only manager with the Swarm's state" : `its state is the most recent by ${by}`;
  const leaving = views.filter((view) => rest.includes(view as Of<"no quorum">) || view.says === "locked" || view.says === "broken");
  const gone = views.filter(({ name }) => name !== best!.name).map(({ name }) => name);
  return { do: "recover", survivor: best!.name, because, steps: [{ do: "force new cluster", on: best!.name }, ...clearing(leaving, gone)] };
}

function clearing(leaving: readonly ManagerView[], gone: readonly string[]): RecoveryStep[] {
  const leave = leaving.map(({ name }): RecoveryStep => ({ do: "leave", name }));
  return gone.length === 0 ? leave : [...leave, { do: "remove", names: gone }];
}

/**
 * What a new cluster leaves of the managers before it: nodes that are to be managers, are no members of raft, and do not answer.
 * One that does is on its way to become a manager.
 */
function formerManagers(nodes: readonly SwarmNode[]): string[] {
  const former = nodes.filter(({ Spec, Status, ManagerStatus }) => Spec.Role === "manager" && !ManagerStatus && Status.State !== "ready");
  return former.map(({ Description, ID }) => Description.Hostname || ID);
}

function only<S extends ManagerView["says"]>(views: readonly ManagerView[], says: S): Of<S>[] {
  return views.filter((view): view is Of<S> => view.says === says);
}

/** "m1, m2" */
export function names(views: readonly { readonly name: string }[]): string {
  return views.map(({ name }) => name).join(", ");
}

export function refuse(reason: string, fix?: string): Refusal {
  return { do: "refuse", reason, ...(fix && { fix }) };
}
