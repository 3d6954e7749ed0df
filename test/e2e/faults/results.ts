import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../cli/environment";

const DOCUMENT = join(ROOT, "docs", "reliability.md");

/** One kill and what came of it. */
export interface Outcome {
  readonly scenario: string;
  readonly victim: string;
  /** The step in which it was, of how many there were. */
  readonly step: number;
  readonly of: number;
  /** What the CLI showed last before it. */
  readonly during: string;
  readonly survived: boolean;
}

/** Prints the table of a run of kills, see {@link reportTable}. */
export function report(outcomes: readonly Outcome[], seed: number): void {
  const rows = outcomes.map(({ scenario, victim, step, of, during, survived }) => [scenario, victim, `${step} of ${of}`, during, survived ? "yes" : "NO"]);
  const good = outcomes.filter(({ survived }) => survived).length;
  reportTable("kills", `seed ${seed}: ${good} of ${outcomes.length} kills survived.`, ["scenario", "killed", "at step", "during", "the next `up` converged"], rows);
}

/**
 * Prints a table; with DOCKYARD_FAULT_WRITE set it also goes into docs/reliability.md.
 * @param section of the document, between its marks
 */
export function reportTable(section: string, head: string, columns: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, "\\|")).join(" | ")} |`;
  const when = `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const text = [`${when}, ${head}`, "", line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
  process.stdout.write(`\n${text}\n`);
  if (!process.env.DOCKYARD_FAULT_WRITE || !existsSync(DOCUMENT)) return;
  const before = readFileSync(DOCUMENT, "utf8");
  const [begin, end] = [`<!-- measured: ${section} -->`, `<!-- end: ${section} -->`];
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < 0) throw new Error(`${DOCUMENT} has no place for the results of ${section}`);
  writeFileSync(DOCUMENT, `${before.slice(0, from + begin.length)}\n${text}\n${before.slice(to)}`);
}
