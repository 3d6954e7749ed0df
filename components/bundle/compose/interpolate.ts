import { Budget, MAX_INTERPOLATED, MAX_NESTED_VARIABLES } from "../bounds";
import { pathText } from "../explain";
import { isBlock, isList, Override, Tree } from "./tree";

/**
 * Answers what a variable holds; undefined when it is not set.
 * @param provided the file says what holds without it. Default false.
 */
export type Lookup = (variable: string, provided?: boolean) => string | undefined;

/** What stands where a variable should, or what a file says about one that is required. */
export class InterpolationError extends Error {}

const NAME = /^[_a-zA-Z][_a-zA-Z0-9]*/;
const NAME_HERE = /[_a-zA-Z][_a-zA-Z0-9]*/y;
const OPERATORS = [":-", ":?", ":+", "-", "?", "+"] as const;

/**
 * Puts variables into a text: `$V`, `${V}`, `${V:-default}`, `${V-default}`, `${V:?why}`, `${V?why}`, `${V:+other}`,
 * `${V+other}`, where the words may hold variables again, and `$$` for a plain `$`. With a colon an empty value counts
 * as none. (Compose Specification, "Interpolation".)
 * @param budget for what variables make of all the texts that belong together
 * @throws InterpolationError; the text itself is not quoted, as it may hold a secret
 * @throws TooMuch
 */
export function interpolate(text: string, lookup: Lookup, budget: Budget = interpolationBudget()): string {
  return within(text, { lookup, budget, depth: 0 });
}

/** See MAX_INTERPOLATED. */
export const interpolationBudget = (): Budget => new Budget(MAX_INTERPOLATED, "characters come from variables (${…}); use fewer, or shorter ones");

interface Reading {
  readonly lookup: Lookup;
  readonly budget: Budget;
  /** Of words of variables within each other. */
  readonly depth: number;
}

function within(text: string, reading: Reading): string {
  if (reading.depth > MAX_NESTED_VARIABLES) throw new InterpolationError(`more than ${MAX_NESTED_VARIABLES} variables are within each other; write them flatter`);
  let result = "";
  for (let at = 0; at < text.length;) {
    const dollar = text.indexOf("$", at);
    const plain = dollar < 0 ? text.slice(at) : text.slice(at, dollar);
    if (at > 0 || dollar >= 0) reading.budget.spend(plain.length);
    result += plain;
    if (dollar < 0) return result;
    const { value, end } = substitution(text, dollar, reading);
    reading.budget.spend(value.length);
    result += value;
    at = end;
  }
  return result;
}

/** What the `$` at `at` stands for, and where it ends. */
function substitution(text: string, at: number, reading: Reading): { value: string; end: number } {
  if (text[at + 1] === "$") return { value: "$", end: at + 2 };
  if (text[at + 1] === "{") {
    const close = closingBrace(text, at + 1);
    if (close === undefined) throw misplaced(at, "a ${ that nothing closes");
    return { value: braced(text.slice(at + 2, close), at, reading), end: close + 1 };
  }
  NAME_HERE.lastIndex = at + 1;
  const name = NAME_HERE.exec(text)?.[0];
  if (name === undefined) throw misplaced(at, "a $ without a variable");
  return { value: reading.lookup(name) ?? "", end: at + 1 + name.length };
}

function braced(inside: string, at: number, reading: Reading): string {
  const { lookup } = reading;
  const deeper = { ...reading, depth: reading.depth + 1 };
  const name = NAME.exec(inside)?.[0];
  if (name === undefined) throw misplaced(at, "a ${ without the name of a variable");
  const rest = inside.slice(name.length);
  if (rest === "") return lookup(name) ?? "";
  const operator = OPERATORS.find((candidate) => rest.startsWith(candidate));
  if (operator === undefined) throw misplaced(at, `something after \${${name} that is no operator`);
  const word = rest.slice(operator.length);
  const value = lookup(name, true);
  const there = value !== undefined && !(operator.startsWith(":") && value === "");
  if (operator.endsWith("+")) return there ? within(word, deeper) : "";
  if (there) return value;
  if (operator.endsWith("-")) return within(word, deeper);
  const why = within(word, deeper);
  throw new InterpolationError(`the variable ${name} is required${why === "" ? "" : ` (${why})`}; set it under "variables" in the settings`);
}

/** Where the brace at `open` is closed again; braces inside count, so that defaults may hold JSON. */
function closingBrace(text: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "{") depth++;
    if (text[at] === "}" && --depth === 0) return at;
  }
  return undefined;
}

function misplaced(at: number, what: string): InterpolationError {
  return new InterpolationError(`character ${at + 1} begins ${what}; write \${NAME}, or $$ for a plain $`);
}

/** Interpolates every value of a file (not its keys). Problems go to `report`, one line with the path each. */
export function interpolateTree(tree: Tree, lookup: Lookup, report: (problem: string) => void, budget: Budget = interpolationBudget(), path: readonly PropertyKey[] = []): Tree {
  const below = (value: Tree, key: PropertyKey): Tree => interpolateTree(value, lookup, report, budget, [...path, key]);
  if (tree instanceof Override) return new Override(interpolateTree(tree.value, lookup, report, budget, path));
  if (isList(tree)) return tree.map(below);
  if (isBlock(tree)) return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, key.startsWith("x-") && path.length === 0 ? value : below(value, key)]));
  if (typeof tree !== "string") return tree;
  try {
    return interpolate(tree, lookup, budget);
  } catch (error) {
    if (!(error instanceof InterpolationError)) throw error;
    report(`${pathText(path)}: ${error.message}`);
    return "";
  }
}
