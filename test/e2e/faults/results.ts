import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../cli/environment";
import { KILLS, RECORD, SEED } from "./seeded";

const DOCUMENT = join(ROOT, "docs", "reliability.md");

/** What is killed: all of them at once, or one of the processes of a run alone. */
export const VICTIMS = ["everything", "the provider", "the program", "the CLI"] as const;

/** One kill and what came of it. */
export interface Outcome {
  readonly scenario: string;
  /** "nothing" when the run had just ended. */
  readonly victim: string;
  /** The step in which it was, counted from 1. */
  readonly step: number;
  /** What the CLI showed last before it; nothing when the run had ended with fewer steps, and nothing was killed. */
  readonly during?: string;
  /** What was wrong after the next run; nothing when it had converged. */
  readonly wrong?: string;
}

/** Kills that this run, or one before it with the same record, has made. */
export function recorded(): Outcome[] {
  if (RECORD === undefined || !existsSync(RECORD)) return [];
  const lines = readFileSync(RECORD, "utf8").split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Outcome);
}

/** Notes a kill at once, so that a run of hours that is ended goes on where it was. */
export function record(outcome: Outcome): void {
  if (RECORD !== undefined) appendFileSync(RECORD, `${JSON.stringify(outcome)}\n`);
}

/** Prints the table of a run of kills: each kill of some, or each scenario when every step was killed, which is the one for the document. */
export function report(outcomes: readonly Outcome[]): void {
  const kills = outcomes.filter(({ during }) => during !== undefined);
  const good = kills.filter(({ wrong }) => wrong === undefined).length;
  const head = `seed ${SEED}: ${good} of ${kills.length} kills survived.`;
  const converged = "the next `up` converged";
  if (KILLS === "all") reportTable("kills", head, ["scenario", "steps killed", ...VICTIMS, converged], scenarioRows(outcomes));
  else process.stdout.write(`\n${table(head, ["scenario", "killed", "at step", "during", converged], outcomes.map(killRow))}\n`);
}

const killRow = ({ scenario, victim, step, during, wrong }: Outcome) => [scenario, victim, String(step), during ?? "the run had ended", wrong === undefined ? "yes" : "NO"];

/** One row a scenario; a kill that was not survived is named. All steps were killed when a run ended before the next one. */
export function scenarioRows(outcomes: readonly Outcome[]): string[][] {
  return [...new Set(outcomes.map(({ scenario }) => scenario))].map((name) => {
    const all = outcomes.filter(({ scenario }) => scenario === name);
    const kills = all.filter(({ during }) => during !== undefined);
    const steps = new Set(kills.map(({ step }) => step)).size;
    const killed = (victim: string) => String(kills.filter((outcome) => outcome.victim === victim).length);
    const bad = all.filter(({ wrong }) => wrong !== undefined).map(({ step, victim }) => `step ${step} (${victim})`);
    return [name, kills.length < all.length ? `all ${steps}` : `the first ${steps}`, ...VICTIMS.map(killed), bad.length === 0 ? "every time" : `not after ${bad.join(", ")}`];
  });
}

/**
 * Prints a table; with DOCKYARD_FAULT_WRITE set it also goes into docs/reliability.md.
 * @param section of the document, between its marks
 */
export function reportTable(section: string, head: string, columns: readonly string[], rows: readonly (readonly string[])[]): void {
  const text = table(head, columns, rows);
  process.stdout.write(`\n${text}\n`);
  if (!process.env.DOCKYARD_FAULT_WRITE || !existsSync(DOCUMENT)) return;
  const before = readFileSync(DOCUMENT, "utf8");
  const [begin, end] = [`<!-- measured: ${section} -->`, `<!-- end: ${section} -->`];
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < 0) throw new Error(`${DOCUMENT} has no place for the results of ${section}`);
  writeFileSync(DOCUMENT, `${before.slice(0, from + begin.length)}\n${text}\n${before.slice(to)}`);
}

function table(head: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, "\\|")).join(" | ")} |`;
  const when = `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return [`${when}, ${head}`, "", line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
}
