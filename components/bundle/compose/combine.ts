import { Block, isBlock, isList, Override, Reset, Tree } from "./tree";

/*
 * Several files as one (Compose Specification, "Merge"): blocks merge name by name, lists grow, single values are
 * replaced. Both sides are in their long form.
 */

/** What a later file replaces as a whole. */
const WHOLE = ["services.*.command", "services.*.entrypoint", "services.*.healthcheck.test"];

/** Lists whose items have an identity: of two with the same one, the later counts. */
const IDENTITY: Readonly<Record<string, (item: Block) => Tree>> = {
  "services.*.ports": ({ host_ip, target, published, protocol = "tcp" }) => [host_ip, target, published, protocol],
  "services.*.volumes": ({ target }) => target,
  "services.*.tmpfs": ({ target }) => target,
  "services.*.secrets": ({ source, target = source }) => target,
  "services.*.configs": ({ source, target = source }) => target,
  "services.*.env_file": ({ path }) => path,
};

/** Blocks whose names are the user's own. */
const NAMED = ["services", "networks", "volumes", "secrets", "configs"];

/** `above` laid over `below`. */
export function combined(below: Tree, above: Tree, place = ""): Tree {
  if (above instanceof Override) return unmarked(above.value);
  if (below === undefined) return unmarked(above);
  if (above === null && typeof below === "object" && !WHOLE.includes(place)) return below;
  if (isBlock(below) && isBlock(above)) return combinedBlocks(below, above, place);
  if (isList(below) && isList(above) && !WHOLE.includes(place)) return combinedLists(below, above, place);
  return unmarked(above);
}

function combinedBlocks(below: Block, above: Block, place: string): Block {
  // Another driver does not understand the options of the first.
  if (place === "services.*.logging" && above["driver"] !== undefined && above["driver"] !== below["driver"]) return unmarked(above) as Block;
  const result = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    if (value instanceof Reset) result.delete(key);
    else result.set(key, combined(result.get(key), value, inside(place, key)));
  }
  return Object.fromEntries(result);
}

function combinedLists(below: readonly Tree[], above: readonly Tree[], place: string): Tree[] {
  const identity = (item: Tree): string => JSON.stringify(isBlock(item) && IDENTITY[place] !== undefined ? IDENTITY[place](item) : item);
  const byIdentity = new Map([...below, ...above.map(unmarked)].map((item) => [identity(item), item]));
  return [...byIdentity.values()];
}

const inside = (place: string, key: string): string => (place === "" ? key : `${place}.${NAMED.includes(place) ? "*" : key}`);

/** Without the marks for merging, for values that nothing lies below. */
export function unmarked(tree: Tree): Tree {
  if (tree instanceof Override) return unmarked(tree.value);
  if (isList(tree)) return tree.filter((item) => !(item instanceof Reset)).map(unmarked);
  if (!isBlock(tree)) return tree;
  return Object.fromEntries(Object.entries(tree).flatMap(([key, value]) => (value instanceof Reset ? [] : [[key, unmarked(value)]])));
}
