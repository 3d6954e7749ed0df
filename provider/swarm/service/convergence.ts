import type { LiveService, LiveTask } from "./engineApi";
import { USUAL_ROLLOUT } from "./spec";
import { describeTask, failedForGood, isFailed, type Nodes } from "./tasks";

/** What one look at the Swarm says about a service. */
export type Verdict =
  /**
   * Everything that is asked for runs on the newest version. `key` changes when one of the tasks is replaced; `watched`
   * is for how many milliseconds the engine itself has seen the new tasks stay up.
   */
  | { readonly state: "up"; readonly key: string; readonly watched: number }
  | { readonly state: "waiting"; readonly reason: string }
  /** Waiting longer does not help. */
  | { readonly state: "failed"; readonly reason: string; readonly tasks: readonly LiveTask[] };

/**
 * Judges a rollout.
 * @param service as the engine has it now, or undefined when it is gone
 * @param tasks those of the service's newest version, ended ones included (the engine's own `_up-to-date` filter; the
 *   API does not tell a task's version)
 */
export function judge(service: LiveService | undefined, tasks: readonly LiveTask[], nodes: Nodes): Verdict {
  if (!service) return { state: "failed", reason: "the service was removed while it was rolled out", tasks: [] };
  const refusal = judgeUpdate(service, tasks);
  if (refusal) return refusal;

  const slots = [...groupBySlot(tasks).values()];
  const ended = slots.filter((slot) => hasEnded(slot));
  const lost = isUpdating(service) ? undefined : lostReplicas(slots);
  if (lost) return { state: "failed", ...lost };

  const count = countTasks(service, tasks, ended.length, nodes);
  const done = count.there === count.wanted && count.onTheWay === 0 && !isUpdating(service);
  if (!done) return { state: "waiting", reason: waitingFor(service, tasks, nodes, count) };
  const members = [...count.running, ...ended.map((slot) => slot[0]!)];
  return { state: "up", key: members.map((task) => task.ID).sort().join(" "), watched: watchedByEngine(service) };
}

/** Updates that the engine gave up. */
function judgeUpdate(service: LiveService, tasks: readonly LiveTask[]): Verdict | undefined {
  const { State, Message } = service.UpdateStatus ?? {};
  const why = Message && Message !== "rollback completed" ? `: ${Message}` : "";
  const failing = tasks.filter(isFailed);
  switch (State) {
    case "paused":
      return { state: "failed", reason: `the update was paused${why}`, tasks: failing };
    case "rollback_paused":
      return { state: "failed", reason: `the update failed, and rolling it back was paused too${why}`, tasks: failing };
    case "rollback_completed":
      return { state: "failed", reason: `the update failed and was rolled back${why}`, tasks: failing };
    default:
      return undefined;
  }
}

/** An update counts as completed when its new tasks stayed up for the monitor time. */
function watchedByEngine(service: LiveService): number {
  return service.UpdateStatus?.State === "completed" ? (service.Spec.UpdateConfig?.Monitor || USUAL_ROLLOUT.Monitor) / 1e6 : 0;
}

const isUpdating = (service: LiveService) => service.UpdateStatus?.State === "updating" || service.UpdateStatus?.State === "rollback_started";

interface Count {
  readonly running: readonly LiveTask[];
  /** Running, or ended as they should. */
  readonly there: number;
  readonly wanted: number;
  /** Wanted by the engine, but not running yet. */
  readonly onTheWay: number;
}

function countTasks(service: LiveService, tasks: readonly LiveTask[], ended: number, nodes: Nodes): Count {
  const isDown = (task: LiveTask) => task.NodeID !== undefined && nodes.get(task.NodeID)?.Status.State === "down";
  const live = tasks.filter((task) => task.DesiredState === "running" || task.DesiredState === "ready");
  // A node that is down keeps the state it last reported; what ran there does not count.
  const running = live.filter((task) => task.Status.State === "running" && task.DesiredState === "running" && !isDown(task));
  const there = running.length + ended;
  const replicated = service.Spec.Mode?.Replicated;
  if (replicated) return { running, there, wanted: replicated.Replicas ?? 1, onTheWay: live.length - running.length };

  // A global service has a task for each node that fits, as the engine judges it; those on nodes that are down stay behind.
  const here = live.filter((task) => !isDown(task)).length;
  return { running, there, wanted: here + ended || eligible(service, nodes), onTheWay: here - running.length };
}

/** Nodes that a global service without any task yet is to reach: all active ones, and with constraints possibly none. */
function eligible(service: LiveService, nodes: Nodes): number {
  if (service.Spec.TaskTemplate.Placement?.Constraints?.length) return 0;
  return [...nodes.values()].filter((node) => node.Spec.Availability === "active" && node.Status.State === "ready").length;
}

/** Tasks by replica (global: by node), newest first. */
function groupBySlot(tasks: readonly LiveTask[]): Map<string, LiveTask[]> {
  const slots = new Map<string, LiveTask[]>();
  for (const task of [...tasks].sort((a, b) => (a.CreatedAt < b.CreatedAt ? 1 : -1))) {
    if (task.DesiredState === "remove") continue; // scaled down
    const slot = task.Slot ? `slot ${task.Slot}` : `node ${task.NodeID}`;
    slots.set(slot, [...(slots.get(slot) ?? []), task]);
  }
  return slots;
}

/** Its program ended as it should and the restart policy starts no other: it did its work. */
function hasEnded([newest]: readonly LiveTask[]): boolean {
  return newest?.Status.State === "complete" && newest.DesiredState === "shutdown";
}

/** How many attempts of one replica may fail in a way that another attempt hardly mends. */
const HOPELESS_ATTEMPTS = 3;

/** The tasks of replicas that will not run, and why waiting does not help; undefined while there is hope for all. */
function lostReplicas(slots: readonly (readonly LiveTask[])[]): { reason: string; tasks: LiveTask[] } | undefined {
  // A task that takes over is made in the same step that gives the old one up, so such a one was the last.
  const last = slots.map((slot) => slot[0]!).filter((newest) => isFailed(newest) && newest.DesiredState === "shutdown");
  if (last.length > 0) return { reason: "a task failed, and the restart policy starts no other", tasks: last };
  const hopeless = slots.filter(failsAlways).map((slot) => slot.find(isFailed)!);
  if (hopeless.length > 0) return { reason: `${HOPELESS_ATTEMPTS} attempts to start a task failed in a way that another will not mend`, tasks: hopeless };
  return undefined;
}

function failsAlways(slot: readonly LiveTask[]): boolean {
  const attempts = slot.filter(isFailed).slice(0, HOPELESS_ATTEMPTS);
  const neverRan = slot.every((task) => task.Status.State !== "running");
  return neverRan && attempts.length === HOPELESS_ATTEMPTS && attempts.every(failedForGood);
}

/** For the display: how far it is and what is in the way. */
function waitingFor(service: LiveService, tasks: readonly LiveTask[], nodes: Nodes, { there, wanted }: Count): string {
  if (service.UpdateStatus?.State === "rollback_started") {
    return [`rolling back${service.UpdateStatus.Message ? ` (${service.UpdateStatus.Message})` : ""}`, troubleOf(tasks, nodes)].filter(Boolean).join("; ");
  }
  const updating = isUpdating(service);
  const unended = updating && there === wanted;
  return [
    `${there} of ${wanted} running${updating ? " the new version" : ""}`,
    unended && "the engine has not ended the update",
    troubleOf(tasks, nodes),
    // A node that is down may hold an update back although none of its new tasks is there.
    downNodes(nodes, unended ? undefined : tasks),
  ]
    .filter(Boolean)
    .join("; ");
}

/** Names the nodes that are down; with tasks, only those where one of them ought to run. */
function downNodes(nodes: Nodes, tasks?: readonly LiveTask[]): string | undefined {
  const down = [...nodes.values()].filter(({ ID, Status }) => Status.State === "down" && (!tasks || tasks.some((task) => task.NodeID === ID && task.DesiredState === "running")));
  return down.length === 0 ? undefined : `${down.map(({ ID, Description }) => Description?.Hostname ?? ID).join(" and ")} ${down.length === 1 ? "is" : "are"} down`;
}

function troubleOf(tasks: readonly LiveTask[], nodes: Nodes): string | undefined {
  const newestFirst = [...tasks].sort((a, b) => (a.CreatedAt < b.CreatedAt ? 1 : -1));
  const stuck = newestFirst.find((task) => task.DesiredState === "running" && task.Status.State !== "running" && task.Status.Err);
  const task = stuck ?? newestFirst.find(isFailed);
  return task && describeTask(task, nodes);
}

/** How long a service has been up without a change, for the time that it has to stay so. */
export interface Steadiness {
  readonly key: string;
  /** Milliseconds, the clock of the one who waits. */
  readonly since: number;
}

/** Goes on with the same steadiness while nothing changes, else starts anew; undefined while the service is not up. */
export function steadiness(before: Steadiness | undefined, verdict: Verdict, now: number): Steadiness | undefined {
  if (verdict.state !== "up") return undefined;
  return before?.key === verdict.key ? before : { key: verdict.key, since: now };
}
