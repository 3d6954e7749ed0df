import * as z from "zod";

/** Names of the suites, in the order in which they run: what is quick and tells most comes first. */
export const SUITES = ["check", "lint", "unit", "component", "provider", "aws", "e2e"] as const;
export type Suite = (typeof SUITES)[number];

/** Suites that need the toolchain, the engine and the images. */
export const NEEDS_SETUP: ReadonlySet<Suite> = new Set<Suite>(["provider", "aws", "e2e"]);

/** How many tests of a suite passed and failed. A type check or a lint run counts as one. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Tests that were there and did not run. */
  readonly skipped: number;
}

const resultSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numRuntimeErrorTestSuites: z.int(),
});

/**
 * Counts one suite from jest's JSON. A file that could not even be loaded counts as one failed test, and so does
 * a failing exit code that no failed test explains (no tests found, jest itself crashed).
 * @param json content of jest's output file, `undefined` when it wrote none.
 */
export function tallyJest(json: string | undefined, exitCode: number): Tally {
  const parsed = json === undefined ? undefined : resultSchema.safeParse(readJson(json));
  if (parsed?.success !== true) return { passed: 0, failed: 1, skipped: 0 };
  const result = parsed.data;
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return {
    passed: result.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Counts a check that either passes or fails as a whole. */
export function tallyCheck(exitCode: number): Tally {
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** All suites together. */
export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce((sum, each) => ({ passed: sum.passed + each.passed, failed: sum.failed + each.failed, skipped: sum.skipped + each.skipped }), {
    passed: 0,
    failed: 0,
    skipped: 0,
  });
}

/** The last line of a test run, for people and for machines. */
export function renderTally(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failed} failed`;
}
