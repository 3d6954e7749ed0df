import type * as z from "zod";

/** What a schema has against a value: "services.web.ports[0].target: found 70000; write a whole number from 1 to 65535" */
export function explain(issue: z.core.$ZodIssue): string {
  const where = pathText(issue.path);
  if (issue.code === "unrecognized_keys") return `${where}: ${issue.message}`;
  if (issue.code === "invalid_key") return `${where}: ${issue.issues[0]!.message}`;
  // A value in an environment may be a secret, so only its kind is said.
  const found = issue.path.some((part) => part === "environment" || part === "content") ? kindOf(issue.input) : shown(issue.input);
  return `${where}: found ${found}; ${issue.message}`;
}

/** "services.web.ports[0]"; "the file" for the whole of it. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.map(pathPart).join("").replace(/^\./, "") || "the file";
}

function pathPart(part: PropertyKey): string {
  if (typeof part === "number") return `[${part}]`;
  return /^[\w-]+$/.test(String(part)) ? `.${String(part)}` : `[${JSON.stringify(part)}]`;
}

/** A value as messages quote it: cut when long, only its kind when it is no single value. */
export function shown(value: unknown): string {
  if (value === undefined || value === null || typeof value === "object") return kindOf(value);
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** "a text", "a list": for values that may be secret. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a block" : `a ${typeof value === "string" ? "text" : typeof value}`;
}
