import type { LiveNode, LiveTask } from "./engineApi";

/** The Swarm's nodes by id. */
export type Nodes = ReadonlyMap<string, LiveNode>;

/** Whether the task ended badly: its container failed, or its node refused it. */
export function isFailed(task: LiveTask): boolean {
  return task.Status.State === "failed" || task.Status.State === "rejected" || task.Status.State === "orphaned";
}

/** Errors that the same task meets again at every attempt, whatever happens around it. */
const FOR_GOOD = [
  /No such image/i,
  /pull access denied/i,
  /manifest (unknown|for .* not found)/i,
  /invalid mount config/i,
  /bind source path does not exist/i,
  /invalid reference format/i,
  /executable file not found/i,
  /exec format error/i,
  /OCI runtime create failed/i,
  /no such file or directory: unknown/i,
  /unable to find user/i,
];

/** Whether another attempt has next to no chance: a missing image or program, a mount that cannot be. */
export function failedForGood(task: LiveTask): boolean {
  const error = task.Status.Err ?? "";
  return FOR_GOOD.some((pattern) => pattern.test(error));
}

/** One line for people: "task on m2 failed: task: non-zero exit (1)". */
export function describeTask(task: LiveTask, nodes: Nodes): string {
  const node = task.NodeID === undefined ? undefined : nodes.get(task.NodeID);
  const where = task.NodeID ? ` on ${node?.Description?.Hostname ?? task.NodeID}` : "";
  if (node?.Status.State === "down" && !isFailed(task)) return `task${where}: the node is down`;
  const exit = task.Status.ContainerStatus?.ExitCode;
  const error = task.Status.Err || task.Status.Message;
  const code = exit && !error?.includes(`(${exit})`) ? ` (exit code ${exit})` : "";
  return `task${where} ${task.Status.State}${error ? `: ${error}` : ""}${code}`;
}
