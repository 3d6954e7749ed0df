import { readFileSync, statSync } from "node:fs";
import { Bundlefile } from "./dab/bundlefile";
import { quoteText } from "./dab/goText";
import { BundleError, readBundle } from "./dab/read";
import { ApplicationError } from "./problems";
import { parseSettings } from "./settings/parse";
import type { Settings } from "./settings/schema";

/**
 * Finds and reads the bundle of `stack` as the reference client does. With `loadPlan`, all of this folder that touches the disk.
 * @param path default `STACK.dab` in the current folder
 * @param notice gets "Loading bundle from PATH" before the file is parsed
 * @throws BundleError with the reference client's message; the one about the content ends in a newline, as theirs does
 */
export function loadBundle(path: string | undefined, stack: string, notice: (line: string) => void = () => {}): Bundlefile {
  checkStackName(stack);
  const found = path === undefined || path === "" ? `${stack}.dab` : path;
  if (!exists(found)) throw new BundleError(`Bundle ${found} not found. Specify the path with --file`);
  notice(`Loading bundle from ${found}`);
  const bytes = readBytes(found);
  try {
    return readBundle(bytes);
  } catch (error) {
    throw new BundleError(`Error reading ${found}: ${(error as Error).message}\n`, { cause: error });
  }
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

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EISDIR") throw new BundleError(`Error reading ${path}: read ${path}: is a directory\n`, { cause: error });
    if (code === "EACCES") throw new BundleError(`open ${path}: permission denied`, { cause: error });
    throw new BundleError(`open ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Reads a settings file. @throws ApplicationError, also when there is no such file */
export function loadSettings(path: string): Settings {
  return parseSettings(readSettings(path), path);
}

function readSettings(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file; write one, or correct the path" : (error as Error).message;
    throw new ApplicationError(`settings ${path}`, [reason]);
  }
}
