import { MAX_LISTED } from "../bounds";
import { pathText } from "../explain";
import { nearest } from "../nearest";
import type { Notice } from "../notice";
import { COMPOSE_KEYS, KeyRow } from "./keys";
import { Block, isBlock, isList, Tree } from "./tree";

/** What is left of a file to be converted, and what was found on the way. */
export interface Checked {
  /** The file with its honoured and changed keys only. */
  readonly tree: Block;
  readonly notices: readonly Notice[];
  readonly problems: readonly string[];
}

interface Branch {
  row?: KeyRow;
  readonly below: Map<string, Branch>;
}

/** Values with which a key says nothing that does not hold anyway. */
const NEUTRAL: Readonly<Record<string, readonly Tree[]>> = {
  "services.*.deploy.mode": ["replicated", "global"],
  "services.*.network_mode": ["bridge", "default"],
  "services.*.pull_policy": ["missing", "if_not_present"],
  "services.*.oom_score_adj": [0],
  "networks.*.driver": ["overlay", "default"],
  "networks.*.enable_ipv4": [true, "true"],
  "networks.*.ipam.driver": ["default"],
};

const ROOT = planted(COMPOSE_KEYS);

function planted(rows: readonly KeyRow[]): Branch {
  const root: Branch = { below: new Map() };
  for (const row of rows) {
    let branch = root;
    for (const step of row[0].replaceAll("[]", ".[]").split(".")) {
      if (!branch.below.has(step)) branch.below.set(step, { below: new Map() });
      branch = branch.below.get(step)!;
    }
    branch.row = row;
  }
  return root;
}

/**
 * Holds every key of a file against the table: what is ignored or changed is told, what is refused or unknown is a
 * problem. Extension fields (`x-…`) are taken out.
 */
export function checkedKeys(file: Block): Checked {
  const notices: Notice[] = [];
  const problems: string[] = [];
  const tree = checkedValue(file, ROOT, [], notices, problems) as Block;
  return { tree, notices, problems };
}

function checkedValue(value: Tree, branch: Branch, path: readonly PropertyKey[], notices: Notice[], problems: string[]): Tree {
  const item = branch.below.get("[]");
  if (item !== undefined && isList(value)) return value.map((element, index) => checkedValue(element, item, [...path, index], notices, problems));
  if (branch.below.size === 0) problems.push(...forbiddenNames(value, path));
  if (!isBlock(value) || branch.below.size === 0) return value;
  const any = branch.below.get("*");
  const kept = Object.entries(value).flatMap(([key, member]): [string, Tree][] => {
    const next = any ?? branch.below.get(key);
    const here = [...path, key];
    if (key === "__proto__") problems.push(...forbiddenNames(Object.fromEntries([[key, null]]), path));
    else if (problems.length > MAX_LISTED) return [];
    else if (next === undefined && !key.startsWith("x-")) problems.push(`${pathText(path)}: ${unknownKey(key, [...branch.below.keys()])}`);
    else if (next !== undefined && stays(next, member, here, notices, problems)) return [[key, checkedValue(member, next, here, notices, problems)]];
    return [];
  });
  return Object.fromEntries(kept);
}

/** Without the whole list of what is allowed: a service has a hundred keys. */
function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return `unknown key ${JSON.stringify(key)}; ${near === undefined ? "remove it, or begin it with x- if it is for another tool" : `write ${JSON.stringify(near)}`}`;
}

/** The schema's records would pass over this one name without a word. */
function forbiddenNames(value: Tree, path: readonly PropertyKey[]): string[] {
  if (isList(value)) return value.flatMap((item, index) => forbiddenNames(item, [...path, index]));
  if (!isBlock(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === "__proto__" ? [`${pathText([...path, key])}: remove it; this name cannot be set`] : forbiddenNames(member, [...path, key]),
  );
}

/** Whether a key is converted; says what is to be said about it. */
function stays({ row }: Branch, value: Tree, path: readonly PropertyKey[], notices: Notice[], problems: string[]): boolean {
  if (row === undefined || row[1] === "honoured") return true;
  const [key, effect, what = ""] = row;
  if (saysNothing(key, value)) return effect === "changed";
  if (effect === "refused") problems.push(`${pathText(path)}: remove it; ${what}`);
  else notices.push({ severity: effect === "changed" ? "info" : "warning", path: pathText(path), message: `${effect}: ${what}` });
  return effect === "changed";
}

function saysNothing(key: string, value: Tree): boolean {
  if (value === null || value === false || value === "false") return true;
  if (isList(value) ? value.length === 0 : isBlock(value) && Object.keys(value).length === 0) return true;
  return Object.hasOwn(NEUTRAL, key) && NEUTRAL[key]!.includes(value);
}
