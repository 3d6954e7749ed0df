import type { StackPaths } from "../environment";
import { policyPackArguments, type PolicyPackOptions } from "../policyPacks";
import { PARALLEL } from "../pulumi";
import { TAKE_OVER } from "../../provider/swarm/owner/owner";
import { openReady } from "./up";

/** Options of `preview`, see its help. */
export interface PreviewOptions extends PolicyPackOptions {
  readonly diff: boolean;
  readonly refresh: boolean;
  readonly expectNoChanges: boolean;
  /** Id of the owner who would lose the platform to this stack. */
  readonly takeOver?: string;
}

/** What `up` would do; changes nothing but this machine's set-up. @returns the exit code. */
export async function preview(paths: StackPaths, options: PreviewOptions): Promise<number> {
  const policies = policyPackArguments(options);
  // As with `up`: the provider inherits it.
  if (options.takeOver !== undefined) process.env[TAKE_OVER] = options.takeOver;
  const { pulumi } = await openReady(paths);
  return pulumi.show(
    "preview",
    "--parallel",
    String(PARALLEL),
    ...(options.diff ? ["--diff"] : []),
    ...(options.refresh ? ["--refresh"] : []),
    ...(options.expectNoChanges ? ["--expect-no-changes"] : []),
    ...policies,
  );
}
