import { createHash } from "node:crypto";

/** One file of a recipe: anything that is hashed together with others. */
export interface RecipeFile {
  /** Path inside the recipe, with "/" between folders. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
}

/**
 * Names a set of files and parameters: equal for equal content, whatever the order in which they were read.
 * @param parameters what else the result depends on: architecture, compiler version
 * @returns 16 hexadecimal digits
 */
export function recipeHash(files: readonly RecipeFile[], parameters: readonly string[]): string {
  const entries = files
    .map((file) => [file.path, file.executable ? "x" : "-", createHash("sha256").update(file.content).digest("hex")])
    .sort(([a = ""], [b = ""]) => (a < b ? -1 : a > b ? 1 : 0));
  return createHash("sha256").update(JSON.stringify([entries, parameters])).digest("hex").slice(0, 16);
}

/**
 * Finds the Debian mirror in apt's sources, so that the laboratory takes packages from where the machine itself does.
 * Both forms of sources.list(5) are read. The machine's own suite (its codename) marks the entry; security and
 * update suites live on the same mirror or on one that does not carry whole distributions.
 * @param sources contents of sources.list and of the files in sources.list.d
 * @param codename VERSION_CODENAME of the machine, such as "bookworm"
 * @returns the mirror's address without a final "/", `undefined` when there is none
 */
export function debianMirror(sources: readonly string[], codename: string): string | undefined {
  for (const source of sources) {
    for (const entry of [...oneLineEntries(source), ...stanzaEntries(source)]) {
      if (entry.suites.includes(codename) && entry.components.includes("main") && /^https?:/.test(entry.uri)) return entry.uri.replace(/\/+$/, "");
    }
  }
  return undefined;
}

interface SourceEntry {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
}

function oneLineEntries(source: string): SourceEntry[] {
  return source.split("\n").flatMap((line) => {
    const found = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+([^#]*)/.exec(line);
    return found ? [{ uri: found[1] ?? "", suites: [found[2] ?? ""], components: words(found[3]) }] : [];
  });
}

function stanzaEntries(source: string): SourceEntry[] {
  const withoutComments = source
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n");
  return withoutComments.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (name: string): string[] => words(new RegExp(`^${name}:(.*(?:\\n[ \\t].*)*)`, "im").exec(stanza)?.[1]);
    if (!field("Types").includes("deb") || field("Enabled")[0] === "no") return [];
    return field("URIs").map((uri) => ({ uri, suites: field("Suites"), components: field("Components") }));
  });
}

function words(text: string | undefined): string[] {
  return (text ?? "").split(/\s+/).filter((word) => word !== "");
}
