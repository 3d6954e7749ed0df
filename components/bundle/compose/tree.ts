/** A Compose file as plain data, before anyone has looked at what it means. */
export type Tree = unknown;
export type Block = Readonly<Record<string, Tree>>;

/** `!reset`: what an earlier file says here is taken away. */
export class Reset {}
/** `!override`: what an earlier file says here is replaced as a whole. */
export class Override {
  constructor(readonly value: Tree) {}
}

export function isBlock(value: Tree): value is Block {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Reset) && !(value instanceof Override);
}

export const isList = (value: Tree): value is readonly Tree[] => Array.isArray(value);

/** A block with each value changed; null for "said, but empty" stays as it is. */
export function mapBlock(block: Block, change: (value: Tree, key: string) => Tree): Block {
  return Object.fromEntries(Object.entries(block).map(([key, value]) => [key, change(value, key)]));
}

/** `block` with one member changed, if it is there (and is no `!reset`). */
export function changeMember(block: Block, key: string, change: (value: Tree) => Tree): Block {
  if (!Object.hasOwn(block, key) || block[key] instanceof Reset) return block;
  const value = block[key];
  return { ...block, [key]: value instanceof Override ? new Override(change(value.value)) : change(value) };
}
