import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import color from "picocolors";
import { findPulumi } from "../../toolchain/pulumi";
import { runAttached } from "../child";
import { formatDuration } from "../duration";
import { ROOT } from "../environment";
import { AWS_TEST_CHAINS, CHAINS, setUp } from "../setup";
import { addTallies, NEEDS_SETUP, renderTally, SUITES, tallyCheck, tallyJest, type Suite, type Tally } from "../suites";
import { print } from "../terminal";

/** Runs the suites, each with its own output, and ends with one line that adds them up. @returns 0 when all passed. */
export async function test(chosen: readonly Suite[]): Promise<number> {
  const suites = SUITES.filter((suite) => chosen.length === 0 || chosen.includes(suite));
  if (suites.some((suite) => NEEDS_SETUP.has(suite))) await setUp(suites.includes("aws") ? AWS_TEST_CHAINS : CHAINS);
  const env = await testEnvironment();
  const tallies: Tally[] = [];
  const lines: string[] = [];
  for (const suite of suites) {
    const started = Date.now();
    print(`\n${color.bold(`── ${suite}`)}`);
    const tally = await runSuite(suite, env);
    tallies.push(tally);
    lines.push(`${suite.padEnd(10)} ${renderTally(tally)}${tally.skipped > 0 ? `, ${tally.skipped} did not run` : ""}  ${formatDuration(Date.now() - started)}`);
  }
  const sum = addTallies(tallies);
  print(`\n${lines.join("\n")}\n${renderTally(sum)}`);
  return sum.failed === 0 ? 0 : 1;
}

/** Tests find the same Pulumi as the launcher does. */
async function testEnvironment(): Promise<NodeJS.ProcessEnv> {
  const installation = await findPulumi();
  if (installation === undefined) return process.env;
  return {
    ...process.env,
    PATH: [installation.bin, process.env.PATH].filter(Boolean).join(delimiter),
    ...(installation.home === undefined ? {} : { PULUMI_HOME: installation.home }),
  };
}

async function runSuite(suite: Suite, env: NodeJS.ProcessEnv): Promise<Tally> {
  if (suite === "check") return tallyCheck(await node(["node_modules/typescript/bin/tsc", "--noEmit"], env));
  if (suite === "lint") return tallyCheck(await node(["node_modules/eslint/bin/eslint.js", "."], env));
  return runJest(suite, env);
}

async function runJest(suite: Suite, env: NodeJS.ProcessEnv): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), "dockyard-test-"));
  const results = join(folder, "results.json");
  try {
    // These use real hosts and engines: one file after the other, so that they do not fight for two cores.
    const serial = NEEDS_SETUP.has(suite) ? ["--runInBand"] : [];
    const args = ["--selectProjects", suite, "--json", `--outputFile=${results}`, "--passWithNoTests=false", ...serial];
    const code = await node(["node_modules/jest/bin/jest.js", ...args], env);
    return tallyJest(existsSync(results) ? readFileSync(results, "utf8") : undefined, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function node(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return runAttached(process.execPath, args, { cwd: ROOT, env });
}
