import type { Operation } from "../../resource";
import { placeOf, wholeChange } from "../plan/foresee";
import type { Phase } from "../plan/membershipPlan";
import { membership } from "./membership";

/** Does what takes a manager into raft or out of it when its step of the plan has its turn: raft changes one member at a time. */
export async function inPlanOrder<T>(op: Operation, name: string, phase: Phase, work: () => Promise<T>): Promise<T> {
  // Without a manager that answers there is no plan; the step itself says then what is to be done.
  const plan = await wholeChange(op).catch(() => ({ steps: [] }));
  return op.inTurn(membership, { name, ...placeOf(plan, name, phase), othersGoOn: true }, () => op.exclusively(membership, work));
}
