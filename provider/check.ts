import type { CheckFailure, ResourceKind } from "./resource";
import { pathText, unknownPaths, withoutUnknowns } from "./wire";

/**
 * Whether inputs are such as the kind takes. While some are unknown (a preview before the first `up`), the schema's
 * complaints at or around those are left out, and the kind's own rules wait until everything is known.
 */
export function checkInputs(kind: ResourceKind, news: Record<string, unknown>): CheckFailure[] {
  const unknown = unknownPaths(news);
  const parsed = kind.inputs.safeParse(news);
  if (!parsed.success) {
    return parsed.error.issues
      .filter((issue) => !unknown.some((path) => related(path, issue.path)))
      .map((issue) => ({ property: pathText(issue.path), reason: issue.message }));
  }
  return unknown.length > 0 ? [] : (kind.check?.(withoutUnknowns(parsed.data) as object) ?? []);
}

/** One path is the other, or leads to it. */
function related(a: readonly PropertyKey[], b: readonly PropertyKey[]): boolean {
  const shared = Math.min(a.length, b.length);
  return a.slice(0, shared).every((part, index) => part === b[index]);
}
