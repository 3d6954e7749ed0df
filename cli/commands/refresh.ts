import type { StackPaths } from "../environment";
import { PARALLEL } from "../pulumi";
import { openReady } from "./up";

/** Options of `refresh`, see its help. */
export interface RefreshOptions {
  readonly previewOnly: boolean;
  readonly expectNoChanges: boolean;
}

/** Looks at everything there is and shows what drifted; the next `up` repairs it. @returns the exit code. */
export async function refresh(paths: StackPaths, options: RefreshOptions): Promise<number> {
  const { pulumi } = await openReady(paths);
  return pulumi.show(
    "refresh",
    "--parallel",
    String(PARALLEL),
    "--suppress-outputs",
    // Two looks would cost twice: with --yes the refresh itself shows what it found.
    ...(options.previewOnly ? ["--preview-only"] : ["--yes", "--skip-preview"]),
    ...(options.expectNoChanges ? ["--expect-no-changes"] : []),
  );
}
