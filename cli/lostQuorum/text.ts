import { evidenceText } from "./evidence";
import type { RecoveryPlan, RecoveryStep } from "./plan";
import type { ManagerView } from "./views";
import { table } from "../report";

/** What every manager said, as a table. */
export function viewsText(views: readonly ManagerView[]): string {
  return table(["MANAGER", "ADDRESS", "SAYS"], views.map((view) => [view.name, view.address, said(view)]));
}

function said(view: ManagerView): string {
  switch (view.says) {
    case "nothing":
      return `nothing: ${view.reason}`;
    case "quorum":
      return "it sees a quorum";
    case "no quorum":
      return `it sees no quorum; its ${evidenceText(view.raft)}`;
    case "locked":
      return "its Swarm is locked";
    case "pending":
      return "it is joining";
    case "broken":
      return `its part of the Swarm does not start: ${view.reason}`;
    case "worker":
      return "it is a worker";
    case "no manager":
      return "it is in no Swarm";
  }
}

/** The plan, a numbered line for each step. */
export function planText({ survivor, because, steps }: Extract<RecoveryPlan, { do: "recover" }>): string {
  const lines = steps.map((step, index) => `  ${index + 1}. ${stepText(step)}`);
  return [`The Swarm goes on from ${survivor}: ${because}.`, ...lines, `  ${lines.length + 1}. you: ./dockyard up, which lets the other managers join again`].join("\n");
}

function stepText(step: RecoveryStep): string {
  switch (step.do) {
    case "force new cluster":
      return `${step.on} becomes the only manager, with all services, secrets, configs and networks of its state; its tasks go on running`;
    case "leave":
      return `${step.name} leaves what is left of the lost quorum; its tasks start elsewhere`;
    case "remove":
      return `the entries of ${step.names.join(", ")} are taken out of the list of nodes`;
  }
}
