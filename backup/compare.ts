import type { Inventory } from "./manifest";

/** How one kind of thing came back. */
export interface Comparison {
  readonly kind: keyof Inventory;
  readonly expected: number;
  readonly found: number;
  /** Names that are in the backup and did not come back as they were. */
  readonly missing: readonly string[];
  /** Names that nothing in the backup explains. */
  readonly extra: readonly string[];
}

const KINDS = ["nodes", "services", "secrets", "configs", "networks"] as const satisfies readonly (keyof Inventory)[];

/**
 * Compares by id and name, and services by their image as well: the same name alone could be something new. Nodes by their id
 * alone: the one that was restored has the name of its new host.
 */
export function compare(backup: Inventory, restored: Inventory): Comparison[] {
  return KINDS.map((kind) => {
    const [expected, found] = [identities(kind, backup[kind]), identities(kind, restored[kind])];
    const without = (all: ReadonlyMap<string, string>, these: ReadonlyMap<string, string>) => [...all].filter(([key]) => !these.has(key)).map(([, name]) => name);
    return { kind, expected: expected.size, found: found.size, missing: without(expected, found), extra: without(found, expected) };
  });
}

function identities(kind: keyof Inventory, things: readonly { readonly id: string; readonly name: string; readonly image?: string }[]): Map<string, string> {
  return new Map(things.map(({ id, name, image = "" }) => [kind === "nodes" ? id : [id, name, image].join("\n"), name]));
}

/** Whether everything came back, and nothing else. */
export function same(comparisons: readonly Comparison[]): boolean {
  return comparisons.every(({ missing, extra }) => missing.length === 0 && extra.length === 0);
}
