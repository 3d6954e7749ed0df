import type Docker from "dockerode";
import type { LiveTask } from "./engineApi";
import { logLines } from "./logFrames";
import { byText } from "./order";
import { listNodes, listTasks } from "./swarmView";
import { describeTask, isFailed, type Nodes } from "./tasks";

/** Tasks that a failure's message tells about, and log lines of each. */
const TASKS_SHOWN = 3;
const LINES_SHOWN = 20;
/** Milliseconds for a task's log; the node that has it may be dead. */
const LOG_TIMEOUT = 3000;

/**
 * What the tasks of a service that does not converge say for themselves: node, state, error, exit code and the last
 * lines of their logs. Never throws: a diagnosis must not hide the failure that it is about.
 * @param failing the tasks to tell about; none: the newest of the service that failed or wait
 */
export async function diagnose(docker: Docker, service: string, failing: readonly LiveTask[]): Promise<string> {
  try {
    const [nodes, all] = await Promise.all([listNodes(docker), failing.length > 0 ? failing : listTasks(docker, [service])]);
    const reports = await Promise.all(worst(all).map((task) => reportOn(docker, task, nodes)));
    return [...new Set(reports)].join("\n");
  } catch (error) {
    return `(its tasks could not be asked: ${(error as Error).message})`;
  }
}

/** The newest of each replica among the tasks that failed; where none did, those that wait with an error. */
function worst(tasks: readonly LiveTask[]): LiveTask[] {
  const failed = tasks.filter(isFailed);
  const waiting = tasks.filter((task) => task.DesiredState === "running" && task.Status.State !== "running");
  const newestFirst = [...(failed.length > 0 ? failed : waiting)].sort((a, b) => (a.CreatedAt < b.CreatedAt ? 1 : -1));
  const slots = new Set<unknown>();
  return newestFirst.filter((task) => slots.size < slots.add(task.Slot ?? task.NodeID).size).slice(0, TASKS_SHOWN);
}

async function reportOn(docker: Docker, task: LiveTask, nodes: Nodes): Promise<string> {
  const lines = hasLog(task, nodes) ? await logOf(docker, task.ID) : [];
  return [`  ${describeTask(task, nodes)}`, ...lines.map((line) => `    | ${line}`)].join("\n");
}

/** Only a container that was made, on a node that answers, has a log to give. */
function hasLog(task: LiveTask, nodes: Nodes): boolean {
  const node = task.NodeID === undefined ? undefined : nodes.get(task.NodeID);
  return node?.Status.State === "ready" && Boolean(task.Status.ContainerStatus?.ContainerID);
}

async function logOf(docker: Docker, task: string): Promise<string[]> {
  try {
    const options = { stdout: true, stderr: true, timestamps: true, tail: LINES_SHOWN, abortSignal: AbortSignal.timeout(LOG_TIMEOUT) };
    const api = docker.getTask(task) as unknown as { logs(options: object): Promise<unknown> }; // missing in the client's types
    const log = await api.logs(options);
    return inOrderOfTime(logLines(log)).slice(-LINES_SHOWN);
  } catch (error) {
    return [`(no log: ${(error as Error).name === "AbortError" ? "its node did not give it in time" : (error as Error).message})`];
  }
}

/** The two streams of a log come one after the other; their timestamps (of equal length) put them in order and go. */
const inOrderOfTime = (lines: readonly string[]) => [...lines].sort(byText).map((line) => line.replace(/^\S+ /, ""));
