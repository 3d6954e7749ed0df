import { isDeepStrictEqual } from "node:util";
import type { Change } from "./resource";
import { isRecord, pathText, UNKNOWN } from "./wire";

/**
 * The differences between two sets of inputs, leaf by leaf for objects; a list that differs is one change. An unknown
 * new value counts as a change.
 */
export function changesBetween(old: Record<string, unknown>, wanted: Record<string, unknown>, path: readonly string[] = []): Change[] {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(wanted)])].sort();
  return keys.flatMap((key) => {
    const [before, after] = [old[key], wanted[key]];
    const here = [...path, key];
    if (isDeepStrictEqual(before, after)) return [];
    if (isRecord(before) && isRecord(after)) return changesBetween(before, after, here);
    const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
    return [{ path: pathText(here), kind } satisfies Change];
  });
}

/** The same changes, those at or below one of the given properties marked as ones that need a new resource. */
export function replacing(changes: readonly Change[], properties: readonly string[]): Change[] {
  return changes.map((change) => (properties.includes(firstPart(change.path)) ? { ...change, replace: true } : change));
}

/** The changes at inputs that are still unknown. */
export function unknownChanges(wanted: Record<string, unknown>): Change[] {
  return Object.keys(wanted)
    .filter((key) => wanted[key] === UNKNOWN)
    .map((key) => ({ path: key, kind: "update" }));
}

function firstPart(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? path;
}
