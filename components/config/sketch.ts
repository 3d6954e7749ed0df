import type * as z from "zod";
import { valueAt } from "./structure";

/**
 * The configuration as far as its shape is right, so that rules across values can be told together with what is wrong with
 * the values themselves. A value that is refused is there as `undefined`: unknown, which is not the same as left out.
 */
export interface Sketch {
  readonly hosts?: { readonly source?: "lab" | "bare" | "aws"; readonly subnet?: string; readonly hosts?: readonly (HostSketch | undefined)[] };
  readonly engine?: { readonly daemon?: Readonly<Record<string, unknown>> };
  readonly swarm?: {
    readonly addressPool?: readonly (string | undefined)[];
    readonly networkPool?: string;
    readonly subnetSize?: number;
    readonly dataPathPort?: number;
    readonly loadBalancing?: string;
  };
  readonly registry?: { readonly node?: string; readonly storage?: string; readonly port?: number; readonly users?: readonly (string | { readonly name?: string; readonly role?: string } | undefined)[] };
  readonly networks?: readonly ({ readonly name?: string; readonly subnet?: string } | undefined)[];
  readonly backup?: { readonly directory?: string; readonly s3?: object };
  readonly applications?: readonly ({ readonly name?: string } | undefined)[];
}

export interface HostSketch {
  readonly name?: string;
  readonly role?: "manager" | "worker";
  readonly zone?: string;
  readonly labels?: Readonly<Record<string, unknown>>;
  readonly availability?: string;
  readonly address?: string;
  readonly privateAddress?: string;
  readonly port?: number;
}

/** What is left of `raw` when everything that an issue points at is unknown. */
export function sketchOf(raw: unknown, issues: readonly z.core.$ZodIssue[]): Sketch {
  const sketch = structuredClone(raw ?? {});
  for (const issue of issues) {
    const path = issue.path as (string | number)[];
    if (issue.code === "unrecognized_keys" || issue.path.length === 0) continue;
    // Without knowing the source, nothing below `hosts` has been looked at.
    if (issue.code === "invalid_union" && path[0] === "hosts" && path.length <= 2) forget(sketch, ["hosts"]);
    else forget(sketch, path);
  }
  return sketch as Sketch;
}

/** Whether a value was written and refused, or should have been written. */
export function refused(mapping: object, key: string): boolean {
  return key in mapping && (mapping as Record<string, unknown>)[key] === undefined;
}

function forget(tree: unknown, path: readonly (string | number)[]): void {
  const parent = valueAt(tree, path.slice(0, -1));
  if (typeof parent === "object" && parent !== null) (parent as Record<string | number, unknown>)[path.at(-1)!] = undefined;
}
