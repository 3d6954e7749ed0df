import Table from "cli-table3";
import type { Measure, Section } from "./measure";

/** Where and when measurements were taken. */
export interface Circumstances {
  readonly date: Date;
  readonly cores: number;
  readonly memory: number;
  readonly kernel: string;
  /** Load average of the minute before: from 1.5 on others were at work, and the times say little. */
  readonly load: number;
}

/** No lines at all: what belongs together stands together. */
const RULES = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ mid: "", "mid-mid": "", left: "", "left-mid": "", right: "", "right-mid": "", middle: "  " },
};

/** For a terminal. */
export function renderTable(sections: readonly Section[]): string {
  const table = new Table({ head: ["", "measured", "aim", ""], style: { head: [], border: [] }, chars: RULES });
  for (const { title, measures } of sections) {
    table.push([{ content: `\n${title}`, colSpan: 4 }]);
    for (const measure of measures) table.push(["  " + measure.what, { content: measure.value, hAlign: "right" }, measure.aim ?? "", verdict(measure)]);
  }
  return table.toString();
}

/**
 * The text of docs/benchmarks.md with these sections in place of earlier ones of the same id; new ones come last.
 * What stands outside of sections stays.
 */
export function updateDocument(text: string, sections: readonly Section[], circumstances: Circumstances): string {
  return sections.reduce((before, section) => {
    const [begin, end] = [`<!-- measured: ${section.id} -->`, `<!-- end: ${section.id} -->`];
    const block = `${begin}\n${renderSection(section, circumstances)}\n${end}`;
    const [from, to] = [before.indexOf(begin), before.indexOf(end)];
    if (from >= 0 && to > from) return before.slice(0, from) + block + before.slice(to + end.length);
    return `${before.trimEnd()}\n\n${block}\n`;
  }, text);
}

function renderSection({ title, measures }: Section, { date, cores, memory, kernel, load }: Circumstances): string {
  const gigabytes = Math.round(memory / 1e9);
  const rows = measures.map((measure) => `| ${[measure.what, measure.value, measure.aim ?? "", verdict(measure)].join(" | ")} |`);
  return [
    `## ${title}`,
    "",
    `${date.toISOString().slice(0, 16).replace("T", " ")} UTC · ${cores} cores, ${gigabytes} GB, Linux ${kernel} · load before the start ${load.toFixed(1)}`,
    "",
    "| | measured | aim | |",
    "|---|--:|---|---|",
    ...rows,
  ].join("\n");
}

function verdict({ met }: Measure): string {
  return met === undefined ? "" : met ? "yes" : "NO";
}
