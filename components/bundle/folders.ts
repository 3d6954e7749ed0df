import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, readlinkSync, readSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { BundleFolderPaths } from "./modelFiles";
import { ApplicationError } from "./problems";

/**
 * The folders that a bundle's files may lie in: its own, and those that the operator's settings name. A bundle is somebody
 * else's file, so a path in it is followed only as far as that, with links resolved.
 */
export class BundleFolders {
  private readonly own: string;
  private readonly allowed: readonly string[];

  /** @param paths as a plan writes them down */
  constructor(readonly paths: BundleFolderPaths) {
    this.own = paths.own;
    this.allowed = paths.allowed;
  }

  /** Why a path is not followed, and the setting that would allow it; undefined when it may be. Whether a file is there does not matter. */
  refusal(path: string): string | undefined {
    if (path.includes("\0")) return `${this.written(path)} holds a NUL, which no path has; correct it`;
    return this.refusalOf(realPath(path), path);
  }

  /** Whether a file is not the bundle's own, but of a folder that the settings allow. */
  isForeign(path: string): boolean {
    return !isWithin(realPath(path), ownPath(this.own));
  }

  /** @param real where `path` leads */
  private refusalOf(real: string, path: string): string | undefined {
    const written = this.written(path);
    const kernel = KERNEL_FOLDERS.find((folder) => isWithin(real, folder));
    if (kernel !== undefined) return `${written} leads to ${kernel}, which holds no files; name one`;
    if (this.allowed.some((folder) => isWithin(real, realPath(folder)))) return undefined;
    const advice = `move the file into it, or write folders: [${JSON.stringify(dirname(path))}] in the settings`;
    const own = ownPath(this.own);
    if (!isWithin(real, own)) return `${written} leads out of the bundle's folder ${this.own}; ${advice}`;
    const hidden = relative(own, real).split(sep).slice(0, -1).find((name) => name.startsWith("."));
    return hidden === undefined ? undefined : `${written} is in the folder ${hidden}, and those that begin with a dot are none of the bundle's; ${advice}`;
  }

  private written(path: string): string {
    return JSON.stringify(isAbsolute(path) ? path : relative(this.own, path) || ".");
  }

  /**
   * The bytes of a file; undefined when there is none. What is opened is looked at again: a link may be swapped between.
   * @param limit most bytes that it may have
   * @throws ApplicationError when the path leads elsewhere, to no regular file, or to more than `limit`
   */
  bytes(path: string, limit: number): Buffer | undefined {
    const refusal = this.refusal(path);
    if (refusal !== undefined) throw new ApplicationError(`file ${path}`, [refusal]);
    return regularFile(path, limit, (real) => this.refusalOf(real, path));
  }
}

/** A file that the operator names, wherever it is: the rest is as with `BundleFolders.bytes`. */
export const operatorsFile = (path: string, limit: number): Buffer | undefined => regularFile(path, limit, () => undefined);

/** @param refusal why a path with all links resolved is not read */
function regularFile(path: string, limit: number, refusal: (real: string) => string | undefined): Buffer | undefined {
  const fail = (problem: string, cause?: unknown): never => {
    throw new ApplicationError(`file ${path}`, [problem], { cause });
  };
  try {
    const real = realpathSync.native(path);
    const swapped = refusal(real);
    if (swapped !== undefined) fail(swapped);
    const found = lstatSync(real);
    if (found.isDirectory()) fail("EISDIR, it is a folder; name a file in it");
    // Merely opening a device may do something, and a pipe would wait.
    if (!found.isFile()) fail("is no regular file; name one");
    return opened(real, (file) => {
      if (!fstatSync(file).isFile() || !isStillAt(file, real)) fail("became another one while it was opened; run again");
      return firstBytes(file, limit) ?? fail(`has more than ${limit.toLocaleString("en")} bytes, which is the most that is read; make it smaller`);
    });
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ENOTDIR"].includes(code)) return undefined;
    if (error instanceof ApplicationError || code === "") throw error;
    return fail(`cannot be read (${code})`, error);
  }
}

/** What is in there are no files, whatever the settings allow: the process's own variables, devices. */
const KERNEL_FOLDERS = ["/proc", "/sys", "/dev"];

/**
 * A bundle's folder as it is written from the current one: a link on the way there would make another folder the bundle's
 * own, and whoever writes bundles may write links.
 */
function ownPath(folder: string): string {
  const way = relative(process.cwd(), resolve(folder));
  return isWithin(resolve(folder), process.cwd()) ? join(realPath("."), way) : realPath(folder);
}

/** A path with all links resolved; what is not there stays as it is written. */
function realPath(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync.native(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(realPath(parent), basename(absolute));
  }
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function opened<T>(path: string, use: (file: number) => T): T {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}

const OPEN_FILES = "/proc/self/fd";

/** Linux knows the path of what is open. Elsewhere the path is resolved once more, and has to lead to the very same file. */
function isStillAt(file: number, path: string): boolean {
  if (existsSync(OPEN_FILES)) return readlinkSync(`${OPEN_FILES}/${file}`) === path;
  const [here, there] = [fstatSync(file), lstatSync(realpathSync.native(path))];
  return realpathSync.native(path) === path && here.dev === there.dev && here.ino === there.ino;
}

/** Undefined when there are more than `limit`. What a file says of its own size is not believed. */
function firstBytes(file: number, limit: number): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let length = 0; length <= limit;) {
    const chunk = Buffer.alloc(64 * 1024);
    const more = readSync(file, chunk, 0, chunk.length, null);
    if (more === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, more));
    length += more;
  }
  return undefined;
}
