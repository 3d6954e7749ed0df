import { isDeepStrictEqual } from "node:util";
import { isOurs, foreignThing } from "../ownership";
import type { LiveService, ServiceSpec } from "./engineApi";
import { fromSpec } from "./observed";
import type { ServiceInputs } from "./inputs";
import { toSpec } from "./spec";

/** Whether the live service means the same as the inputs; replicas and forced restarts of an operator are no difference. */
export function isAsWanted(live: ServiceSpec, wanted: ServiceInputs): boolean {
  return isDeepStrictEqual(fromSpec(live), fromSpec(toSpec(wanted, live)));
}

/**
 * Lets a service that exists under the wanted name be taken over: one of the same stack, or one that is exactly what is asked for.
 * @throws Error for a foreign one, and for one in the other mode, which no update can change
 */
export function assertAdoptable(live: LiveService, wanted: ServiceInputs): void {
  const { Labels, Mode } = live.Spec;
  if (!isOurs(Labels, wanted.labels) && !isAsWanted(live.Spec, wanted)) throw foreignThing("service", wanted.name, Labels, "is not what is asked for");
  if (Boolean(Mode?.Global) !== (wanted.mode === "global")) {
    throw foreignThing("service", wanted.name, Labels, `runs in mode ${Mode?.Global ? "global" : "replicated"}, which cannot change in place`);
  }
}

/** What has to be sent to bring a live service to what is wanted; undefined when it is there and on its way. */
export function updateNeeded(live: LiveService, wanted: ServiceInputs): ServiceSpec | undefined {
  const spec = toSpec(wanted, live.Spec);
  if (!isAsWanted(live.Spec, wanted)) return spec;
  // Sent again as it is, the engine would no longer watch an update that it gave up: its tasks are on the new version.
  return hasGivenUp(live) ? restarted(spec) : undefined;
}

function hasGivenUp(live: LiveService): boolean {
  return live.UpdateStatus?.State === "paused" || live.UpdateStatus?.State === "rollback_paused";
}

/** The same spec once more, with every task replaced: for replicas that the engine has given up. */
export function restarted(spec: ServiceSpec): ServiceSpec {
  return { ...spec, TaskTemplate: { ...spec.TaskTemplate, ForceUpdate: (spec.TaskTemplate.ForceUpdate ?? 0) + 1 } };
}
