import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { type Operation, Refused, type ResourceKind } from "../../resource";
import { forAMoment, settleMoved } from "../node/surge";
import { movingSpec, raisedSpec } from "../node/surgePlan";
import { CLUSTER_VIEW, lookAtCluster } from "../plan/interruptions";
import { parseDuration } from "../service/duration";
import { planRebalance, spreadingText } from "./plan";

const Inputs = z.strictObject({
  cluster: z.string().describe("The Swarm."),
  count: z.int().min(1).describe("One more spreads the tasks once."),
  pause: z.string().describe("Between two services, a duration."),
});
type Inputs = z.infer<typeof Inputs>;
const Outputs = z.strictObject({});

const ID = "rebalance";

/** Tasks do not move back by themselves when a node returns (moby#24103); this is the step that does it, when it is asked for. */
export const rebalanceKind: ResourceKind<Inputs, z.infer<typeof Outputs>> = {
  type: "dockyard:swarm:Rebalance",
  description: "Spreads the tasks of services over the nodes again, once for each count: one service after the other, the new tasks first.",
  inputs: Inputs,
  outputs: Outputs,

  foretell: async (op, _changes, old, { count }) => {
    if (count <= old.inputs.count) return;
    const view = await lookAtCluster(op);
    const plan = view ? planRebalance(view) : [];
    if (plan.length > 0) op.warn(`with the tasks as they are now, these go to other nodes: ${plan.map(spreadingText).join("; ")}`);
  },
  create: async (op, inputs) => {
    await rebalance(op, inputs);
    return { id: ID, outputs: {} };
  },
  read: async (_op, _id, stored) => stored,
  update: async (op, _id, old, wanted) => {
    // A count that goes back is what a revert does: nothing has to be undone.
    if (wanted.count > old.inputs.count) await rebalance(op, wanted);
    return { outputs: {} };
  },
  delete: async () => undefined,
};

/** Killed anywhere, the next run finds the rest uneven and goes on. */
async function rebalance(op: Operation, { cluster, pause }: Inputs): Promise<void> {
  op.forget(CLUSTER_VIEW); // the look of the preview is old
  const view = await lookAtCluster(op);
  if (!view) throw new Refused("no manager answers, so nothing was spread; bring one back and run this again");
  const { docker } = await op.manager();
  await settleMoved(docker, view.services);
  const plan = planRebalance(view);
  for (const [index, step] of plan.entries()) {
    op.signal.throwIfAborted();
    if (index > 0) await sleep(parseDuration(pause) / 1e6, undefined, { signal: op.signal });
    op.status(`spreading ${index + 1} of ${plan.length}: ${spreadingText(step)}`);
    const failed = await forAMoment(op, docker, cluster, step.service, (spec) => (step.surplus > 0 ? raisedSpec(spec, step.surplus) : movingSpec(spec, 1)));
    if (failed) throw new Error(`service ${step.service.Spec.Name} did not come up when it was spread, and those after it were left as they are: ${failed.message}`);
  }
}
