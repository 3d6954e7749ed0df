import type * as z from "zod";
import { parseDocument } from "yaml";
import { ApplicationError } from "../problems";
import { Settings, settingsSchema } from "./schema";

/**
 * Reads a settings file (YAML 1.2; an empty one is an empty block).
 * @param path names the file in messages
 * @throws ApplicationError with every problem: where it is, what was found and what to write
 */
export function parseSettings(yaml: string, path: string): Settings {
  const document = parseDocument(yaml, { prettyErrors: true });
  const faults = [...document.errors, ...document.warnings];
  // Only the first line of a fault: the others quote the file, and with it perhaps a secret.
  if (faults.length > 0) throw new ApplicationError(`settings ${path}`, faults.map((fault) => fault.message.split("\n")[0]!.replace(/:$/, "")));
  const written: unknown = document.toJS() ?? {};
  const problems = forbiddenNames(written, []);
  const result = settingsSchema.safeParse(written, { reportInput: true });
  if (!result.success) problems.push(...result.error.issues.map(explain));
  if (problems.length > 0 || !result.success) throw new ApplicationError(`settings ${path}`, problems);
  return result.data;
}

/** "services.web.ports[0].target: found 70000; write a whole number from 1 to 65535" */
function explain(issue: z.core.$ZodIssue): string {
  const where = pathText(issue.path);
  if (issue.code === "unrecognized_keys") return `${where}: ${issue.message}`;
  if (issue.code === "invalid_key") return `${where}: ${issue.issues[0]!.message}`;
  // A value in an environment may be a secret, so only its kind is said.
  const found = issue.path.includes("environment") ? kindOf(issue.input) : shown(issue.input);
  return `${where}: found ${found}; ${issue.message}`;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.map(pathPart).join("").replace(/^\./, "") || "the file";
}

function pathPart(part: PropertyKey): string {
  if (typeof part === "number") return `[${part}]`;
  return /^[\w-]+$/.test(String(part)) ? `.${String(part)}` : `[${JSON.stringify(part)}]`;
}

function shown(value: unknown): string {
  if (value === undefined || value === null || typeof value === "object") return kindOf(value);
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a block" : `a ${typeof value === "string" ? "text" : typeof value}`;
}

/** The schema's records pass over this one name without a word, so it is refused here. */
function forbiddenNames(value: unknown, path: readonly PropertyKey[]): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    return key === "__proto__" ? [`${pathText(here)}: remove it; this name cannot be set`] : forbiddenNames(item, here);
  });
}
