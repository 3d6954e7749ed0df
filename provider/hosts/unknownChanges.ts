import type { Change } from "../resource";

/**
 * Sets right what a comparison without the unknown inputs says: such an input differs, but it is not gone; and one that
 * was not there before is new.
 */
export function withUnknown(changes: readonly Change[], unknown: readonly string[]): Change[] {
  const listed = changes.map((change) => (unknown.some((path) => within(path, change.path)) ? { ...change, kind: "update" as const } : change));
  const missing = unknown.filter((path) => !listed.some((change) => within(path, change.path)));
  return [...listed, ...missing.map((path) => ({ path, kind: "add" as const }))];
}

function within(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}.`) || path.startsWith(`${parent}[`);
}
