/** The order in which texts are written into a spec: by code unit, as the reference client sorts. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A sorted copy, by the text that `key` makes of an item. */
export function sortedBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...items].sort((a, b) => byText(key(a), key(b)));
}

/** Sorted, each once; undefined when there is none. */
export function sortedSet(items: readonly string[] | undefined): string[] | undefined {
  return items?.length ? [...new Set(items)].sort(byText) : undefined;
}

/**
 * The value without whatever says nothing: undefined, and lists and records that are empty (all the way down).
 * Undefined when nothing is left. The engine treats an empty list like none.
 */
export function withoutEmpty<T>(value: T): T | undefined {
  if (Array.isArray(value)) return value.length === 0 ? undefined : (value.map((item) => withoutEmpty(item) ?? item) as T);
  if (value === null || typeof value !== "object") return value ?? undefined;
  const kept = Object.entries(value).flatMap(([key, inner]) => {
    const left = withoutEmpty(inner);
    return left === undefined ? [] : [[key, left] as const];
  });
  return kept.length === 0 ? undefined : (Object.fromEntries(kept) as T);
}

/** The value unless it is what the engine does anyway. */
export function unless<T>(usual: T, value: T | undefined): T | undefined {
  return value === usual ? undefined : value;
}
