import { parseDocument } from "yaml";
import { explain, pathText } from "../explain";
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

/** The schema's records pass over this one name without a word, so it is refused here. */
function forbiddenNames(value: unknown, path: readonly PropertyKey[]): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    return key === "__proto__" ? [`${pathText(here)}: remove it; this name cannot be set`] : forbiddenNames(item, here);
  });
}
