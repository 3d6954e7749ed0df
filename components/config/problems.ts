/** Where in the configuration: keys of mappings and positions in lists, the first one being the key in Pulumi's own file. */
export type Path = readonly (string | number)[];

/** One thing that is wrong: where, what was found, and what to write instead. */
export interface Problem {
  readonly path: Path;
  /** `found "10.0.0.11", which "m1" has already; give each host its own address`: one line, no secret in it. */
  readonly says: string;
}

/** The stack's configuration is refused. The message is for the person who wrote it, so it is shown without a stack trace. */
export class ConfigurationError extends Error {
  constructor(readonly problems: readonly Problem[]) {
    const lines = problems.map((problem) => `  ${pathText(problem.path)}: ${problem.says}`);
    super(
      `the stack's configuration is refused, ${problems.length === 1 ? "for one reason" : `for ${problems.length} reasons`}:\n${lines.join("\n")}`,
    );
    this.name = "ConfigurationError";
    this.stack = undefined;
  }
}

/** `dockyard:hosts.hosts[2].labels["a b"]`, the form in which `pulumi config` and its file name it. */
export function pathText(path: Path): string {
  const [key, ...rest] = path;
  const tail = rest.map((part) =>
    typeof part === "number" ? `[${part}]` : /^[A-Za-z_][\w-]*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`,
  );
  return `dockyard:${key ?? "*"}${tail.join("")}`;
}

/** A value of the configuration in a message: what it is, cut short, and never what lists and mappings hold. */
export function valueText(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

/** `"a", "b" or "c"` */
export function listText(words: readonly string[], last = "or"): string {
  const quoted = words.map((word) => JSON.stringify(word));
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} ${last} ${quoted.at(-1)}`;
}
