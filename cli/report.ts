import Table from "cli-table3";
import color from "picocolors";
import { isGood, isRefused, portWorks, type Answer } from "./answers";
import { formatDuration } from "./duration";
import type { Outputs } from "./outputs";

/** A part of the work and how long it took, in milliseconds. */
export interface Phase {
  readonly name: string;
  readonly took: number;
}

/** The short account of a stack: hosts, services, URLs and whether they answer; tables without frames, to be read and to be copied. */
export function renderStack(outputs: Outputs, ports: readonly (readonly Answer[])[]): string {
  const parts = [
    table(["HOST", "ADDRESS", "ROLE"], outputs.hosts.map((host) => [host.name, host.address, host.role])),
    table(
      ["APPLICATION", "SERVICE", "REPLICAS"],
      outputs.applications.flatMap(({ name, services }) => services.map((service) => [name, service.name, replicas(service)])),
    ),
    table(["URL", "ANSWER"], ports.flatMap((answers) => answers.map((answer) => [answer.url, describeAnswer(answer, portWorks(answers))]))),
    outputs.registry === undefined ? "" : `Registry  ${outputs.registry.address}`,
    outputs.engineHoles.length === 0 ? "" : `Engines with known holes\n${outputs.engineHoles.join("\n")}`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** Left open, the count is whatever an operator scales it to. */
function replicas({ mode, replicas }: { mode?: string; replicas?: number }): string {
  if (mode === "global") return "every host";
  return mode === "job" ? "runs once" : String(replicas ?? "as scaled");
}

/** One line with the time of each phase and their sum. */
export function renderPhases(phases: readonly Phase[]): string {
  const sum = phases.reduce((total, phase) => total + phase.took, 0);
  return [...phases.map(({ name, took }) => `${name} ${formatDuration(took)}`), `total ${formatDuration(sum)}`].join(" · ");
}

function describeAnswer(answer: Answer, works: boolean): string {
  if (works && isRefused(answer)) return color.dim("no task on this host");
  if (answer.status === undefined) return color.red(answer.reason ?? "no answer");
  const text = `${answer.status} in ${answer.took} ms`;
  return isGood(answer) ? color.green(text) : color.red(text);
}

/** Without frames; "" when there are no rows. */
export function table(head: string[], rows: string[][]): string {
  if (rows.length === 0) return "";
  const none = { top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" };
  const made = new Table({
    chars: { ...none, left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "  " },
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    head: head.map((title) => color.dim(title)),
  });
  made.push(...rows);
  return made.toString().split("\n").map((line) => line.trimEnd()).join("\n");
}
