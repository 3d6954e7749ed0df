import { isDeepStrictEqual } from "node:util";

type Fields = Readonly<Record<string, unknown>>;

/** Fields whose lists mean the same in any order. */
const UNORDERED: ReadonlySet<string> = new Set([
  "env", "groups", "capabilityAdd", "capabilityDrop", "ulimits", "mounts", "secrets", "configs", "networks", "aliases", "ports", "constraints",
]);

/** Whether the list of that name means the same in any order. */
export const isUnordered = (field: string): boolean => UNORDERED.has(field);

/**
 * What identifies an item of a list without order, so that it is recognised wherever it stands: a variable's name in
 * `env`, the target of a mount.
 */
export function identity(item: unknown): string | undefined {
  if (typeof item === "string") return `text ${item.split("=", 1)[0]!.replace(/\s/g, "")}`;
  if (!isFields(item)) return undefined;
  const parts = "target" in item && !("type" in item) && !("id" in item)
    ? ["port", item["target"], item["protocol"] ?? "tcp", item["mode"] ?? "ingress"]
    : ["item", item["name"], item["id"], item["target"]];
  return parts.join(" ");
}

export const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * `found` in the wording of `written`: every part that is `found` as `canon` (the canonical form of `written`) says is
 * kept verbatim, even where it stands in another order or spells a default out; what differs is taken from `found`.
 */
export function reconcile(written: unknown, canon: unknown, found: unknown, field = ""): unknown {
  if (isDeepStrictEqual(canon, found)) return written;
  if (isFields(written) && isFields(found)) return reconcileFields(written, isFields(canon) ? canon : {}, found);
  if (isUnordered(field) && Array.isArray(written) && Array.isArray(canon) && Array.isArray(found)) return reconcileList(written, canon, found);
  return found;
}

function reconcileFields(written: Fields, canon: Fields, found: Fields): unknown {
  const names = [...new Set([...Object.keys(written), ...Object.keys(found)])];
  const kept = names.map((name) => [name, reconcile(written[name], canon[name], found[name], name)] as const);
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined));
}

function reconcileList(written: readonly unknown[], canon: readonly unknown[], found: readonly unknown[]): unknown {
  const [canonById, foundById] = [byIdentity(canon), byIdentity(found)];
  // Without an identity for every item there is no telling which is which.
  if (!canonById || !foundById || !byIdentity(written)) return found;
  const stayed = written.flatMap((item) => {
    const id = identity(item)!;
    return foundById.has(id) ? [reconcile(item, canonById.get(id), foundById.get(id))] : [];
  });
  const known = new Set(written.map(identity));
  return [...stayed, ...found.filter((item) => !known.has(identity(item)))];
}

function byIdentity(items: readonly unknown[]): Map<string, unknown> | undefined {
  const map = new Map<string, unknown>();
  for (const item of items) {
    const id = identity(item);
    if (id === undefined || map.has(id)) return undefined;
    map.set(id, item);
  }
  return map;
}
