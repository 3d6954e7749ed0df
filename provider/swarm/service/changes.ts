import { isDeepStrictEqual } from "node:util";
import type { Change } from "../../resource";
import { identity, isFields, isUnordered } from "./reconcile";

/** One side of a comparison: what it means (canonical), and how it was written (for the places in lists). */
export interface Side {
  readonly canon: unknown;
  readonly written: unknown;
}

/**
 * The differences in meaning between two descriptions, as property paths: fields are followed down ("labels.team"),
 * lists of objects item by item where both have the same items in the same places ("ports[0].published"), and as one
 * ("env") otherwise.
 */
export function changesBetween(old: Side, wanted: Side, path = ""): Change[] {
  if (isDeepStrictEqual(old.canon, wanted.canon)) return [];
  if (old.canon === undefined) return [{ path, kind: "add" }];
  if (wanted.canon === undefined) return [{ path, kind: "delete" }];
  if (isFields(old.canon) && isFields(wanted.canon)) return changedFields(old, wanted, path);
  const items = alignedItems(old, wanted, path);
  return items ? items.flatMap(([before, after], place) => changesBetween(before, after, `${path}[${place}]`)) : [{ path, kind: "update" }];
}

function changedFields(old: Side, wanted: Side, path: string): Change[] {
  const names = new Set([...Object.keys(old.canon as object), ...Object.keys(wanted.canon as object)]);
  return [...names].flatMap((name) => changesBetween(field(old, name), field(wanted, name), below(path, name)));
}

function field(side: Side, name: string): Side {
  return { canon: (side.canon as Record<string, unknown>)[name], written: isFields(side.written) ? side.written[name] : undefined };
}

/** Pulumi's spelling of a path: names with a dot or bracket are quoted. */
function below(path: string, name: string): string {
  if (/[.[\]"]/.test(name)) return `${path}["${name.replaceAll('"', '\\"')}"]`;
  return path === "" ? name : `${path}.${name}`;
}

/** The items of two lists of objects side by side, in the order they are written in, if they are the same ones in the same places. */
function alignedItems(old: Side, wanted: Side, path: string): [Side, Side][] | undefined {
  const name = path.split(".").at(-1)!;
  if (!isUnordered(name) || !Array.isArray(old.written) || !Array.isArray(wanted.written)) return undefined;
  const [before, after] = [old.written.map(identity), wanted.written.map(identity)];
  const same = isDeepStrictEqual(before, after) && new Set(before).size === before.length;
  if (!same || !old.written.every(isFields) || !wanted.written.every(isFields)) return undefined;
  const side = (of: Side, place: number): Side => ({
    canon: (of.canon as unknown[]).find((item) => identity(item) === before[place]),
    written: (of.written as unknown[])[place],
  });
  return before.map((_, place) => [side(old, place), side(wanted, place)]);
}
