import type { Budget } from "../bounds";
import { interpolate, interpolationBudget, Lookup } from "./interpolate";

/** A line of a file of variables; undefined for a name alone, which takes its value from the environment. */
export type EnvEntry = readonly [name: string, value: string | undefined];

/** The file is not in the form that Compose reads; the message names the line, not what is on it. */
export class EnvFileError extends Error {}

/**
 * Reads a file of variables as Compose does: comments, `export`, quotes ('as it stands', "with \n and ${V}", over several
 * lines), inline comments after a blank, variables in values without single quotes (also those of earlier lines).
 * @throws EnvFileError, InterpolationError, TooMuch
 */
export function readEnvFile(text: string, lookup: Lookup, budget: Budget = interpolationBudget()): EnvEntry[] {
  const entries: EnvEntry[] = [];
  const before = new Map<string, string>();
  const known: Lookup = (name, provided) => before.get(name) ?? lookup(name, provided);
  const source = normal(text);
  for (let at = 0; at < source.length;) {
    const { entry, end } = statement(source, at, (value) => interpolate(value, known, budget));
    if (entry !== undefined) entries.push(entry);
    if (entry?.[1] !== undefined) before.set(entry[0], entry[1]);
    at = end;
  }
  return entries;
}

/**
 * Reads it as `docker stack deploy` and `format: raw` do: each line as it stands, quotes included. Only lines that begin
 * with # and empty ones are left out.
 */
export function readRawEnvFile(text: string): EnvEntry[] {
  return normal(text)
    .split("\n")
    .map((line) => line.trimStart())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line): EnvEntry => {
      const equals = line.indexOf("=");
      return equals < 0 ? [line.trim(), undefined] : [line.slice(0, equals), line.slice(equals + 1)];
    });
}

const normal = (text: string): string => text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");

function statement(source: string, start: number, filled: (value: string) => string): { entry?: EnvEntry; end: number } {
  const lineEnd = endOfLine(source, start);
  const line = source.slice(start, lineEnd);
  if (/^\s*(#|$)/.test(line)) return { end: lineEnd + 1 };
  const head = /^\s*(?:export\s+)?([^\s=:#]+)[ \t]*([=:])?[ \t]*/.exec(line);
  const number = (): number => source.slice(0, start).split("\n").length;
  if (head === null) throw new EnvFileError(`line ${number()} has no name; write NAME=value`);
  const [whole, name, separator] = head;
  if (separator === undefined) {
    if (whole.trimEnd().length < line.trimEnd().length) throw new EnvFileError(`line ${number()} has a blank in the name; write NAME=value`);
    return { entry: [name!, undefined], end: lineEnd + 1 };
  }
  const valueStart = start + whole.length;
  const quote = source[valueStart];
  if (quote !== "'" && quote !== '"') {
    const written = withoutComment(source.slice(valueStart, lineEnd));
    return { entry: [name!, filled(written)], end: lineEnd + 1 };
  }
  const close = closingQuote(source, valueStart);
  if (close === undefined) throw new EnvFileError(`line ${number()} opens a ${quote} that nothing closes`);
  const inside = source.slice(valueStart + 1, close);
  const value = quote === "'" ? inside.replaceAll("\\'", "'") : filled(unescaped(inside));
  return { entry: [name!, value], end: endOfLine(source, close) + 1 };
}

/** Without what follows a # that stands first or behind a blank. */
function withoutComment(value: string): string {
  const comment = /(?<!\S)#/.exec(value);
  return (comment === null ? value : value.slice(0, comment.index)).trimEnd();
}

function endOfLine(source: string, from: number): number {
  const end = source.indexOf("\n", from);
  return end < 0 ? source.length : end;
}

function closingQuote(source: string, open: number): number | undefined {
  for (let at = open + 1; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === source[open]) return at;
  }
  return undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\", '"': '"', $: "$$" };

/** `\$` becomes `$$`, which interpolation turns into a plain `$`. */
function unescaped(text: string): string {
  return text.replace(/\\([nrt\\"$])/g, (_, character: string) => ESCAPES[character]!);
}
