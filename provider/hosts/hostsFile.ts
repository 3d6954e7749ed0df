/** Names that resolve on a host by its /etc/hosts: DNS name to address. */
export type Names = Readonly<Record<string, string>>;

/**
 * Puts the names into a marked block of an /etc/hosts file and leaves every other line as it is. No names: no block.
 * @param block what the block is called; each owner has its own
 */
export function withNames(text: string, block: string, names: Names): string {
  const { before, after } = split(text, block);
  const lines = Object.keys(names)
    .sort()
    .map((name) => `${names[name]} ${name}`);
  const marked = lines.length === 0 ? [] : [begin(block), ...lines, end(block)];
  const all = [...before, ...marked, ...after];
  return all.length === 0 ? "" : `${all.join("\n")}\n`;
}

/** The names in the block, as they stand there now. */
export function namesIn(text: string, block: string): Record<string, string> {
  const names: Record<string, string> = {};
  for (const line of split(text, block).inside) {
    const [address, ...hosts] = line.replace(/#.*/, "").trim().split(/\s+/);
    for (const host of hosts) names[host] = address!;
  }
  return names;
}

function begin(block: string): string {
  return `# BEGIN dockyard ${block}`;
}

function end(block: string): string {
  return `# END dockyard ${block}`;
}

/** A begin without an end (a hand edit) holds nothing, so that no line of the host is ever lost with it. */
function split(text: string, block: string): { before: string[]; inside: string[]; after: string[] } {
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  const from = lines.indexOf(begin(block));
  if (from === -1) return { before: lines.filter((line) => line !== end(block)), inside: [], after: [] };
  const to = lines.indexOf(end(block), from);
  if (to === -1) return { before: lines.slice(0, from), inside: [], after: lines.slice(from + 1).filter((line) => line !== begin(block)) };
  const rest = split(lines.slice(to + 1).join("\n"), block);
  return { before: lines.slice(0, from).filter((line) => line !== end(block)), inside: [...lines.slice(from + 1, to), ...rest.inside], after: [...rest.before, ...rest.after] };
}
