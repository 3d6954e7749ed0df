import color from "picocolors";
import { hostImage } from "../lab/image";
import { demoImages } from "../lab/images";
import { engine } from "../toolchain/engine";
import { moto } from "../toolchain/moto";
import { awsPlugin, plugins } from "../toolchain/plugins";
import { pulumi } from "../toolchain/pulumi";
import type { Obstacle, SetupStep } from "../toolchain/step";
import { UserError } from "./error";
import { createProgress, type Progress } from "./progress";

/** Steps that need one another, in order. Different chains have nothing to do with each other and run side by side. */
export type Chain = readonly SetupStep[];

/** Everything that has to be on this machine before `pulumi up`; the node packages are there already (the launcher's script). */
export const CHAINS: readonly Chain[] = [
  [pulumi, plugins],
  [engine, hostImage, demoImages],
];

/** The same for a stack whose hosts are in AWS: no other needs that plugin, which is large. */
export const AWS_CHAINS: readonly Chain[] = [[pulumi, plugins, awsPlugin], ...CHAINS.slice(1)];

/** What the suite "aws" needs beyond that of the other suites. */
export const AWS_TEST_CHAINS: readonly Chain[] = [...AWS_CHAINS, [moto]];

/** What stands in the way of one step. */
export interface Blocked {
  readonly title: string;
  readonly obstacles: readonly Obstacle[];
}

/** The steps of each chain that are still to be done; a step that cannot tell counts as not done. */
export async function unsatisfied(chains: readonly Chain[]): Promise<Chain[]> {
  const left: Chain[] = [];
  for (const chain of chains) {
    const done = await Promise.all(chain.map((step) => step.satisfied().catch(() => false)));
    const open = chain.filter((_, index) => !done[index]);
    if (open.length > 0) left.push(open);
  }
  return left;
}

/** Asks all steps, before the first one runs, what stands in their way. */
export async function collectObstacles(chains: readonly Chain[]): Promise<Blocked[]> {
  const asked = await Promise.all(chains.flat().map(async (step) => ({ title: step.title, obstacles: await step.obstacles() })));
  return asked.filter(({ obstacles }) => obstacles.length > 0);
}

/** The report on what stands in the way: which step, why, and the command that would fix it. */
export function describeBlocked(blocked: readonly Blocked[]): string {
  const lines = blocked.flatMap(({ title, obstacles }) =>
    obstacles.flatMap(({ reason, fix }) => [`  ${color.red("✘")} ${title}: ${reason}`, `    fix: ${color.bold(fix)}`]),
  );
  return ["This machine cannot be set up as it is; nothing was changed.", ...lines].join("\n");
}

/**
 * Brings this machine to where `pulumi up` runs. What is there already is skipped without a word.
 * @returns whether anything had to be done.
 * @throws UserError with every obstacle at once, before anything was changed.
 * @throws Error of the first step that failed, after the other chain has come to rest.
 */
export async function setUp(chains: readonly Chain[] = CHAINS, progress?: Progress): Promise<boolean> {
  const left = await unsatisfied(chains);
  if (left.length === 0) return false;
  const blocked = await collectObstacles(left);
  if (blocked.length > 0) throw new UserError(describeBlocked(blocked));
  const display = progress ?? createProgress();
  try {
    const outcomes = await Promise.allSettled(left.map((chain) => runChain(chain, display)));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  } finally {
    display.close();
  }
  return true;
}

async function runChain(chain: Chain, display: Progress): Promise<void> {
  for (const step of chain) {
    display.begin(step.title, step.estimate);
    try {
      await step.run((line) => display.report(step.title, line));
      if (!(await step.satisfied())) throw new Error("it ran without an error, but what it provides is not there");
    } catch (error) {
      display.end(step.title, true);
      throw new Error(`Set-up of "${step.title}" failed: ${(error as Error).message}`, { cause: error });
    }
    display.end(step.title);
  }
}
