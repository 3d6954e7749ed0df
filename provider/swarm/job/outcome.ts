import type { LiveTask } from "../service/engineApi";
import { describeTask, failedForGood, isFailed, type Nodes } from "../service/tasks";

export type Outcome =
  | { readonly state: "done" }
  | { readonly state: "waiting"; readonly reason: string }
  | { readonly state: "failed"; readonly reason: string; readonly tasks: readonly LiveTask[] };

const ENDED: readonly string[] = ["complete", "failed", "rejected", "shutdown", "orphaned", "remove"];

/**
 * How a job stands, from its tasks: done as soon as one of them ended well, failed when none is under way and the restart
 * policy gives no further attempt, or when another attempt would meet the same error. Pure.
 * @param attempts tasks that the restart policy allows, the first one included
 */
export function outcome(tasks: readonly LiveTask[], nodes: Nodes, attempts: number): Outcome {
  if (tasks.some(({ Status }) => Status.State === "complete")) return { state: "done" };
  const failed = tasks.filter(isFailed);
  const newest = [...failed].sort((a, b) => (a.CreatedAt < b.CreatedAt ? 1 : -1))[0];
  const hopeless = newest && failedForGood(newest);
  const underWay = tasks.find(({ Status }) => !ENDED.includes(Status.State));
  if (newest && (hopeless || (!underWay && failed.length >= attempts))) {
    const times = failed.length > 1 ? `after ${failed.length} attempts: ` : "";
    return { state: "failed", reason: `${times}${describeTask(newest, nodes)}`, tasks: failed };
  }
  if (underWay) return { state: "waiting", reason: describeTask(underWay, nodes) };
  return { state: "waiting", reason: newest ? `${describeTask(newest, nodes)}; it is tried again` : "it has no task yet" };
}
