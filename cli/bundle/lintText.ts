import color from "picocolors";
import { byBytes } from "../../components/bundle/byteOrder";
import type { Application } from "../../components/bundle/model";
import type { Notice } from "../../components/bundle/notice";

/** What a lint found, service by service and warnings first, and one closing line with counts. */
export function renderFindings(title: string, application: Application, notices: readonly Notice[], problems: readonly string[]): string {
  const groups = groupsOf(application, notices);
  const parts = [
    title,
    ...[...groups].map(([group, members]) => `${color.bold(group)}\n${members.map((notice) => noticeText(notice, group)).join("\n")}`),
    problems.map((problem) => `${color.red("refused")}  ${problem}`).join("\n"),
    closingLine(notices, problems),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** By service and network, in the order of their names; what concerns no single one comes last. */
function groupsOf(application: Application, notices: readonly Notice[]): Map<string, Notice[]> {
  const subjects = [
    ...application.networks.map(({ key }) => `networks.${key}`),
    ...application.services.map(({ key }) => `services.${key}`),
  ];
  // The longest name first: keys may hold dots.
  const longestFirst = [...subjects].sort((a, b) => b.length - a.length);
  const groupOf = ({ path }: Notice) => longestFirst.find((subject) => path === subject || path.startsWith(`${subject}.`) || path.startsWith(`${subject}[`)) ?? "application";
  const groups = new Map([...subjects.sort(byBytes), "application"].map((subject): [string, Notice[]] => [subject, []]));
  for (const notice of notices) groups.get(groupOf(notice))!.push(notice);
  return new Map([...groups].filter(([, members]) => members.length > 0).map(([group, members]) => [group, members.sort(bySeverity)]));
}

const bySeverity = (a: Notice, b: Notice): number => Number(b.severity === "warning") - Number(a.severity === "warning");

function noticeText({ severity, path, message }: Notice, group: string): string {
  const rest = path.startsWith(group) ? path.slice(group.length).replace(/^\./, "") : path;
  return `  ${severity === "warning" ? color.yellow("warning") : "info   "}  ${rest === "" ? "" : `${rest}: `}${message}`;
}

function closingLine(notices: readonly Notice[], problems: readonly string[]): string {
  const warnings = notices.filter(({ severity }) => severity === "warning").length;
  const counts = [count(warnings, "warning"), count(notices.length - warnings, "note"), count(problems.length, "refusal")].join(", ");
  return problems.length > 0 ? color.red(counts) : warnings > 0 ? color.yellow(counts) : color.green(counts);
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;
