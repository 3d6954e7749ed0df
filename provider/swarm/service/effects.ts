import type { Change, Stored } from "../../resource";
import type { ServiceInputs } from "./inputs";
import { canonical } from "./observed";
import { changesBetween } from "./changes";

/**
 * What the engine does when a field changes:
 * - "restarts nothing": the tasks stay as they are
 * - "scales": tasks are added or removed, those that stay are not touched
 * - "moves tasks": only tasks on nodes that do not fit any more are replaced
 * - "replaces tasks": every task is replaced, as the service's updateConfig says
 * - "replaces service": the service is removed and made anew
 */
export type Effect = "restarts nothing" | "scales" | "moves tasks" | "replaces tasks" | "replaces service";

/** From the mildest to the hardest. */
const ORDER: readonly Effect[] = ["restarts nothing", "scales", "moves tasks", "replaces tasks", "replaces service"];

/** The effect of each field (swarmkit orchestrator/task.go IsTaskDirty; seen on engine 26.1). A path below a field may differ from it. */
export const EFFECTS: Readonly<Record<keyof ServiceInputs, Effect>> & Readonly<Record<string, Effect>> = {
  cluster: "replaces service",
  name: "replaces service",
  mode: "replaces service",
  labels: "restarts nothing",
  updateConfig: "restarts nothing",
  rollbackConfig: "restarts nothing",
  convergence: "restarts nothing",
  replicas: "scales",
  initialReplicas: "restarts nothing",
  image: "replaces tasks",
  containerLabels: "replaces tasks",
  command: "replaces tasks",
  args: "replaces tasks",
  env: "replaces tasks",
  dir: "replaces tasks",
  user: "replaces tasks",
  groups: "replaces tasks",
  hostname: "replaces tasks",
  tty: "replaces tasks",
  openStdin: "replaces tasks",
  readOnly: "replaces tasks",
  init: "replaces tasks",
  stopSignal: "replaces tasks",
  stopGracePeriod: "replaces tasks",
  healthcheck: "replaces tasks",
  hosts: "replaces tasks",
  dns: "replaces tasks",
  capabilityAdd: "replaces tasks",
  capabilityDrop: "replaces tasks",
  sysctls: "replaces tasks",
  ulimits: "replaces tasks",
  logDriver: "replaces tasks",
  mounts: "replaces tasks",
  secrets: "replaces tasks",
  configs: "replaces tasks",
  networks: "replaces tasks",
  endpointMode: "replaces tasks",
  ports: "replaces tasks",
  placement: "moves tasks",
  "placement.spread": "restarts nothing",
  resources: "replaces tasks",
  restartPolicy: "replaces tasks",
};

/** The effect of a change at a property path, "placement.constraints[0]". */
export function effectOf(path: string): Effect {
  const [field, below] = path.split(/[.[]/);
  return EFFECTS[`${field}.${below}`] ?? EFFECTS[field!] ?? "replaces tasks";
}

/** The hardest effect among the changes; "restarts nothing" where there is none. */
export function hardest(changes: readonly Change[]): Effect {
  return ORDER[Math.max(0, ...changes.map((change) => ORDER.indexOf(effectOf(change.path))))]!;
}

/** What an update will do to the tasks, as a preview tells it: "replaces 2 tasks, the old one of each stops first". */
export function explainEffect(changes: readonly Change[], wanted: ServiceInputs): string {
  const count = wanted.mode === "global" ? "the task on every node" : wanted.replicas === undefined ? "all tasks" : `${wanted.replicas} ${wanted.replicas === 1 ? "task" : "tasks"}`;
  switch (hardest(changes)) {
    case "restarts nothing":
      return "updated in place, no task restarts";
    case "scales":
      return `scales to ${wanted.replicas}, the tasks that stay are not touched`;
    case "moves tasks":
      return "replaces only the tasks whose node does not fit any more";
    case "replaces tasks":
      return `replaces ${count}, ${wanted.updateConfig?.order === "start-first" ? "each new one starts before the old one stops" : "each old one stops before the new one starts"}`;
    case "replaces service":
      return `removes the service and makes it anew with ${count}`;
  }
}

/**
 * What differs between two descriptions of a service. Order where it has no meaning, spelled-out defaults and replicas
 * that are left open are no difference.
 * @param unknown paths whose values are not known yet; their fields count as changed there
 */
export function diffService(old: Stored<ServiceInputs, object>, wanted: ServiceInputs, unknown: readonly string[]): Change[] {
  const open = new Set(unknown.map((path) => path.split(/[.[]/)[0]!));
  const before = comparable(old.inputs, open);
  const after = comparable(wanted, open);
  // Left open means: whatever is there.
  if (after["replicas"] === undefined) delete before["replicas"];
  const known = changesBetween({ canon: before, written: old.inputs }, { canon: after, written: wanted });
  const notYet = unknown.map((path): Change => ({ path, kind: isThere(old.inputs, path) ? "update" : "add" }));
  return [...known, ...notYet].map((change) => (effectOf(change.path) === "replaces service" ? { ...change, replace: true } : change));
}

function comparable(inputs: ServiceInputs, open: ReadonlySet<string>): Record<string, unknown> {
  const fields = Object.fromEntries(Object.entries(inputs).filter(([field]) => !open.has(field)));
  // On both sides, so that a spec can be made where these are not known yet.
  const known = { name: "", image: "", ...fields } as ServiceInputs;
  const { cluster, convergence } = known;
  return { cluster, convergence, ...canonical(known) };
}

function isThere(inputs: object, path: string): boolean {
  const steps = path.match(/[^.[\]]+/g) ?? [];
  return steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step.replace(/^"|"$/g, "")], inputs) !== undefined;
}
