/** Names that resolve on a host by its /etc/hosts: DNS name to its address, or to several, which are tried in turn. */
export type Names = Readonly<Record<string, string | readonly string[]>>;

/**
 * Puts the names into a marked block of an /etc/hosts file and leaves every other line as it is. No names: no block.
 * @param block what the block is called; each owner has its own
 */
export function withNames(text: string, block: string, names: Names): string {
  const { before, after } = split(text, block);
  const lines = Object.keys(names)
    .sort()
    .flatMap((name) => [names[name]!].flat().map((address) => `${address} ${name}`));
  const marked = lines.length === 0 ? [] : [begin(block), ...lines, end(block)];
  const all = [...before, ...marked, ...after];
  return all.length === 0 ? "" : `${all.join("\n")}\n`;
}

/** The names in the block, as they stand there now; a list where there are several addresses. */
export function namesIn(text: string, block: string): Record<string, string | string[]> {
  const names: Record<string, string | string[]> = {};
  for (const line of split(text, block).inside) {
    const [address, ...hosts] = line.replace(/#.*/, "").trim().split(/\s+/);
    for (const host of hosts) names[host] = Object.hasOwn(names, host) ? [names[host]!, address!].flat() : address!;
  }
  return names;
}

function begin(block: string): string {
  return `# BEGIN dockyard ${block}`;
}

function end(block: string): string {
  return `# END dockyard ${block}`;
}

/**
 * The lines around and in the block. A begin without an end (a hand edit) holds nothing, so that no line of the host is ever
 * lost with it; of two blocks the second one's lines count too, its place does not.
 */
function split(text: string, block: string): { before: string[]; inside: string[]; after: string[] } {
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  const parts = { before: [] as string[], inside: [] as string[], after: [] as string[] };
  let found = false;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const length = line === begin(block) ? lengthOfBlock(lines.slice(at + 1), block) : undefined;
    if (length !== undefined) {
      parts.inside.push(...lines.slice(at + 1, at + 1 + length));
      found = true;
      at += length + 1;
    } else if (line !== begin(block) && line !== end(block)) {
      (found ? parts.after : parts.before).push(line);
    }
  }
  return parts;
}

/** How many lines there are up to the block's end; undefined when it has none. */
function lengthOfBlock(rest: readonly string[], block: string): number | undefined {
  const stop = rest.findIndex((line) => line === end(block) || line === begin(block));
  return rest[stop] === end(block) ? stop : undefined;
}
