import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { formatDuration } from "../cli/duration";
import { ROOT } from "../cli/environment";
import { requireSetup } from "../test/e2e/support/machine";
import type { Section } from "./measure";
import { benchBringUp, benchDestroy, benchIdle } from "./platformBench";
import { renderTable, updateDocument, type Circumstances } from "./report";
import { benchDayTwo } from "./dayTwoBench";
import { benchServices } from "./servicesBench";
import { BenchStack } from "./stack";

const DOCUMENT = join(ROOT, "docs", "benchmarks.md");
/** From this load of a machine on, its times say little. */
const BUSY = 1.5;

interface Options {
  readonly only?: "platform" | "services" | "day-two";
  readonly services: readonly number[];
  readonly write: boolean;
}

const program = new Command("npm run bench --")
  .description("Measures the platform on lab hosts of its own, prints a table and writes it to docs/benchmarks.md.")
  .addOption(new Option("--only <part>", "the platform's own times and memory, many small services, or changes of hosts").choices(["platform", "services", "day-two"]))
  .option("--services <n,...>", "how many small services; several numbers, several rounds", counts, [60])
  .option("--no-write", "leave docs/benchmarks.md as it is")
  .action(main);

async function main(options: Options): Promise<void> {
  await requireSetup();
  const circumstances = look();
  if (circumstances.load > BUSY) say(`the load of this machine is ${circumstances.load.toFixed(1)}: others are at work, and the times will say little`);
  const stack = new BenchStack();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stack.clear().finally(() => process.exit(130)));
  await stack.clear();
  const sections: Section[] = [];
  try {
    await measure(stack, options, sections);
  } finally {
    // What was measured before a failure stands.
    process.stdout.write(`${renderTable(sections)}\n`);
    if (options.write) write(sections, circumstances);
    await stack.clear();
  }
}

async function measure(stack: BenchStack, { only, services }: Options, sections: Section[]): Promise<void> {
  const wanted = (part: NonNullable<Options["only"]>) => only === undefined || only === part;
  if (wanted("platform") || wanted("services")) sections.push(await benchBringUp(stack, say));
  if (wanted("platform")) sections.push(...(await benchIdle(stack, say)));
  if (wanted("services")) for (const count of services) sections.push(await benchServices(stack, count, say));
  if (wanted("platform")) sections.push(await benchDestroy(stack, say));
  if (!wanted("day-two")) return;
  await stack.clear();
  sections.push(await benchDayTwo(stack, say));
}

function look(): Circumstances {
  return { date: new Date(), cores: cpus().length, memory: totalmem(), kernel: release(), load: loadavg()[0]! };
}

function write(sections: readonly Section[], circumstances: Circumstances): void {
  const before = existsSync(DOCUMENT) ? readFileSync(DOCUMENT, "utf8") : "# Benchmarks\n";
  writeFileSync(DOCUMENT, updateDocument(before, sections, circumstances));
  say(`written to ${DOCUMENT}`);
}

function counts(text: string): number[] {
  const numbers = text.split(",").map(Number);
  if (!numbers.every((number) => Number.isInteger(number) && number >= 1 && number <= 999)) throw new InvalidArgumentError("numbers from 1 to 999 are expected");
  return numbers;
}

const started = Date.now();

function say(line: string): void {
  process.stderr.write(`bench ${formatDuration(Date.now() - started).padStart(6)}  ${line}\n`);
}

program.parseAsync().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
