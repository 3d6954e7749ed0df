import { parseDocument } from "yaml";
import { UserError } from "./error";

/** The encryption salt in a stack's configuration file; `undefined` when there is none, or no readable file. */
export function earlierSalt(content: string): string | undefined {
  const document = parseDocument(content);
  const salt = document.errors.length === 0 ? document.toJS()?.encryptionsalt : undefined;
  return typeof salt === "string" ? salt : undefined;
}

/**
 * The configuration file that Pulumi works with: what the user wrote, comments included, and the encryption salt of an earlier run.
 * The salt belongs to the passphrase of one checkout, so it must not get into the file that is under version control.
 * @param tracked content of the user's file; its own salt, if any, wins.
 * @param salt of the earlier derived file; without one Pulumi adds a new one by itself.
 * @param path of the user's file, for errors.
 * @throws UserError when the file is no YAML mapping.
 */
export function deriveStackConfig(tracked: string, salt: string | undefined, path: string): string {
  const document = parseDocument(tracked);
  const problem = document.errors[0];
  if (problem !== undefined) throw new UserError(`${path} is not valid YAML: ${problem.message.split("\n")[0]}`, `edit ${path}`);
  const value: unknown = document.toJS();
  if (value !== null && value !== undefined && (typeof value !== "object" || Array.isArray(value))) {
    throw new UserError(`${path}: a mapping with the key "config" is expected`, `edit ${path}`);
  }
  if (salt === undefined || earlierSalt(tracked) !== undefined) return tracked;
  document.set("encryptionsalt", salt);
  return document.toString({ lineWidth: 0 });
}

/** What `dockyard:hosts` names as its source; `undefined` where nothing can be read. */
export function hostSourceOf(content: string): string | undefined {
  const document = parseDocument(content);
  const source: unknown = document.errors.length === 0 ? document.toJS()?.config?.["dockyard:hosts"]?.source : undefined;
  return typeof source === "string" ? source : undefined;
}
