import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { type Change, PartlyCreated, type Operation, type ResourceKind, type Stored } from "../../resource";
import { managerOf, OtherCluster } from "../clusterManager";
import { foreignThing, isOurs } from "../ownership";
import { isAsWanted } from "../service/adopt";
import { checkService } from "../service/check";
import { diagnose } from "../service/diagnosis";
import { milliseconds } from "../service/duration";
import { diffService } from "../service/effects";
import { ServiceInputs } from "../service/inputs";
import { removeService } from "../service/removal";
import { createService } from "../service/send";
import { listNodes, listTasks, serviceNamed } from "../service/swarmView";
import { outcome } from "./outcome";

type JobOutputs = Record<string, never>;
const NOTHING: JobOutputs = {};

/** Milliseconds between two looks at the task; Swarm has no events for tasks. */
const INTERVAL = 250;

/**
 * One task that runs to its end, once for each change of its inputs: a migration. It is an ordinary service that does not
 * restart what ended well, and is removed when it is done. Swarm's own jobs are not used: after a change of the leader every
 * former leader starts them again (moby#53632).
 */
export const jobKind: ResourceKind<ServiceInputs, JobOutputs> = {
  type: "dockyard:swarm:Job",
  description: "One task that runs to its end, once for each change of its inputs. Create and update wait for it; one that fails is an error with its log.",
  inputs: ServiceInputs,
  outputs: z.strictObject({}),

  check: (inputs) => [...checkService(inputs), ...(inputs.mode === "global" ? [{ property: "mode", reason: "a job runs once, not once on each node; leave mode out" }] : [])],

  // What a service would take in place starts a job anew, but for the time that it may take.
  diff: (old, wanted, unknown) => diffService(old, wanted, unknown).map((change) => ({ ...change, replace: undefined })),

  explain: (changes) => (onlyPatienceChanged(changes) ? undefined : "runs once more"),

  create: async (op, inputs) => {
    const id = jobId(inputs);
    try {
      await runToItsEnd(op, inputs);
    } catch (error) {
      throw new PartlyCreated(id, NOTHING, error as Error);
    }
    return { id, outputs: NOTHING };
  },

  // What it did, it did: there is nothing left that could have drifted.
  read: (_op, _id, stored: Stored<ServiceInputs, JobOutputs>) => Promise.resolve(stored.inputs.name === undefined ? undefined : stored),

  update: async (op, _id, old, wanted) => {
    if (!onlyPatienceChanged(diffService(old, wanted, []))) await runToItsEnd(op, wanted);
    return { outputs: NOTHING };
  },

  delete: async (op, _id, { inputs }) => {
    try {
      const { docker } = await managerOf(op, inputs.cluster);
      const left = await serviceNamed(docker, inputs.name);
      if (left && isOurs(left.Spec.Labels, inputs.labels)) await removeService(op, left.ID, inputs);
    } catch (error) {
      if (!(error instanceof OtherCluster)) throw error;
    }
  },
};

/** A failed run is repeated by an update without any change. */
function onlyPatienceChanged(changes: readonly Change[]): boolean {
  return changes.length > 0 && changes.every(({ path }) => path.startsWith("convergence"));
}

/** Runs the job, or waits for the run of it that an interrupted `up` left behind; nothing of it stays in the Swarm. */
async function runToItsEnd(op: Operation, inputs: ServiceInputs): Promise<void> {
  const { docker } = await managerOf(op, inputs.cluster);
  const once: ServiceInputs = { ...inputs, replicas: 1, restartPolicy: { ...inputs.restartPolicy, condition: attemptsOf(inputs) > 1 ? "on-failure" : "none" } };
  const id = (await leftBehind(op, once)) ?? (await createService(docker, once, op.registryAuth(inputs.image)));
  try {
    await ended(op, once, id);
  } finally {
    // A cancelled one is left to the next run, which goes on waiting for it.
    if (!op.signal.aborted) await removeService(op, id, once);
  }
}

/** The id of this very job if it is there already; another version of it is removed. */
async function leftBehind(op: Operation, inputs: ServiceInputs): Promise<string | undefined> {
  const { docker } = await op.manager();
  const live = await serviceNamed(docker, inputs.name);
  if (!live) return undefined;
  if (!isOurs(live.Spec.Labels, inputs.labels)) throw foreignThing("service", inputs.name, live.Spec.Labels, "is no run of this job");
  if (isAsWanted(live.Spec, inputs)) return live.ID;
  await removeService(op, live.ID, inputs);
  return undefined;
}

async function ended(op: Operation, inputs: ServiceInputs, id: string): Promise<void> {
  const own = inputs.convergence?.timeout;
  const timeout = own === undefined ? op.timeouts.convergence : milliseconds(own);
  const deadline = Date.now() + timeout;
  for (;;) {
    op.signal.throwIfAborted();
    const { docker } = await op.manager();
    const [tasks, nodes] = await Promise.all([listTasks(docker, [id]), listNodes(docker)]);
    const now = outcome(tasks, nodes, attemptsOf(inputs));
    if (now.state === "done") return;
    const late = Date.now() > deadline;
    if (now.state === "failed" || late) {
      const why = late && now.state !== "failed" ? `it did not end within ${timeout / 1000} s: ${now.reason}` : now.reason;
      const report = await diagnose(docker, id, now.state === "failed" ? now.tasks : []);
      throw new Error(`job "${inputs.name}" failed: ${why}${report && `\n${report}`}`);
    }
    op.status(`running: ${now.reason}`);
    await sleep(INTERVAL, undefined, { signal: op.signal }).catch(() => undefined);
  }
}

/** How often a job is tried: once, unless its restart policy asks for more. */
function attemptsOf({ restartPolicy }: ServiceInputs): number {
  return restartPolicy?.condition === "on-failure" ? 1 + (restartPolicy.maxAttempts ?? 0) : 1;
}

/** A job leaves nothing in the Swarm that could give it an id. */
function jobId({ cluster, name }: ServiceInputs): string {
  return createHash("sha256").update(JSON.stringify([cluster, name])).digest("hex").slice(0, 24);
}
