import { statSync } from "node:fs";
import { dirname } from "node:path";
import { MAX_BUNDLE_BYTES, MAX_SERVICES, MAX_SETTINGS_BYTES } from "./bounds";
import { Bundlefile } from "./dab/bundlefile";
import { quoteText } from "./dab/goText";
import { BundleError, readBundle } from "./dab/read";
import { BundleFolders, operatorsFile } from "./folders";
import { ApplicationError } from "./problems";
import { parseSettings } from "./settings/parse";
import type { Settings } from "./settings/schema";

/**
 * Finds and reads the bundle of `stack` as the reference client does. With `loadPlan`, all of this folder that touches the disk.
 * @param path default `STACK.dab` in the current folder
 * @param allowed folders that it may be in if it is a link
 * @param notice gets "Loading bundle from PATH" before the file is parsed
 * @throws BundleError with the reference client's message; the one about the content ends in a newline, as theirs does
 */
export function loadBundle(path: string | undefined, stack: string, notice: (line: string) => void = () => {}, allowed: readonly string[] = []): Bundlefile {
  checkStackName(stack);
  const found = path === undefined || path === "" ? `${stack}.dab` : path;
  if (!exists(found)) throw new BundleError(`Bundle ${found} not found. Specify the path with --file`);
  notice(`Loading bundle from ${found}`);
  const bytes = readBytes(found, allowed);
  try {
    return notTooMany(readBundle(bytes));
  } catch (error) {
    throw new BundleError(`Error reading ${found}: ${(error as Error).message}\n`, { cause: error });
  }
}

function notTooMany(bundle: Bundlefile): Bundlefile {
  if ((bundle.services?.size ?? 0) > MAX_SERVICES) throw new BundleError(`it has more than ${MAX_SERVICES.toLocaleString("en")} services; split it`);
  return bundle;
}

/** The reference client's only rule for a stack name; `serviceNameProblem` has the engine's. @throws BundleError */
export function checkStackName(stack: string): void {
  if (/^[\p{White_Space}"']*$/u.test(stack)) throw new BundleError(`invalid stack name: ${quoteText(stack)}`);
}

/** Whatever keeps the file from being looked at counts as its absence, as with the reference client. */
function exists(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch {
    return false;
  }
}

function readBytes(path: string, allowed: readonly string[]): Buffer {
  try {
    const bytes = new BundleFolders({ own: dirname(path), allowed }).bytes(path, MAX_BUNDLE_BYTES);
    if (bytes === undefined) throw new BundleError(`open ${path}: no such file or directory`);
    return bytes;
  } catch (error) {
    if (!(error instanceof ApplicationError)) throw error;
    const [problem] = error.problems;
    const code = (error.cause as NodeJS.ErrnoException | undefined)?.code;
    if (problem!.startsWith("EISDIR")) throw new BundleError(`Error reading ${path}: read ${path}: is a directory\n`, { cause: error });
    if (code === "EACCES") throw new BundleError(`open ${path}: permission denied`, { cause: error });
    throw new BundleError(`open ${path}: ${problem}`, { cause: error });
  }
}

/** Reads a settings file. @throws ApplicationError, also when there is no such file */
export function loadSettings(path: string): Settings {
  return parseSettings(readSettings(path), path);
}

function readSettings(path: string): string {
  const text = operatorsFile(path, MAX_SETTINGS_BYTES)?.toString("utf8");
  if (text === undefined) throw new ApplicationError(`settings ${path}`, ["there is no such file; write one, or correct the path"]);
  return text;
}
