import { createReadStream, statSync } from "node:fs";
import { type FileHandle, open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { UserError } from "../error";

/** Manifests are small, layers are not looked at. Registries take manifests of up to 4 MiB (distribution, maxManifestBodySize). */
const LARGEST_MANIFEST = 4 * 1024 * 1024;
const BLOCK = 512;

/** By path within the archive: what says which images it holds, and every blob that may be a manifest. */
export type ImageFiles = ReadonlyMap<string, Buffer>;

const isWanted = (name: string, size: number): boolean =>
  size <= LARGEST_MANIFEST && (name === "index.json" || name === "manifest.json" || /^blobs\/sha256\/[0-9a-f]{64}$/.test(name));

/**
 * The small files of an image archive: a tar, with or without gzip, or the folder of an OCI layout.
 * @throws UserError when it is not there or no archive
 */
export async function readImageFiles(path: string): Promise<ImageFiles> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UserError(`image archive ${path}: there is no such file`, `docker save -o ${path} IMAGE   (or correct the path)`);
  return found.isDirectory() ? readFolder(path) : readTar(path);
}

async function readFolder(path: string): Promise<ImageFiles> {
  const blobs = await readdir(join(path, "blobs/sha256")).catch(() => []);
  const names = ["index.json", "manifest.json", ...blobs.map((name) => `blobs/sha256/${name}`)];
  const files = new Map<string, Buffer>();
  for (const name of names) {
    const found = await stat(join(path, name)).catch(() => undefined);
    if (found?.isFile() && isWanted(name, found.size)) files.set(name, await readFile(join(path, name)));
  }
  return files;
}

/** Bytes one after the other; what is skipped in a plain file is not read. */
interface Source {
  /** Fewer than asked for at the end only. */
  take(length: number): Promise<Buffer>;
  skip(length: number): Promise<void>;
}

async function readTar(path: string): Promise<ImageFiles> {
  const file = await open(path);
  try {
    const { buffer: start } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (start.readUInt32LE(0) === 0xfd2fb528) throw new UserError(`image archive ${path}: is packed with zstd; unpack it first`, `zstd -d ${path}`);
    const gzip = start[0] === 0x1f && start[1] === 0x8b;
    return await readMembers(gzip ? streamSource(createReadStream(path).pipe(createGunzip())) : fileSource(file));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`image archive ${path}: ${(error as Error).message}; a tar archive of docker save or of an OCI layout is expected`);
  } finally {
    await file.close();
  }
}

function fileSource(file: FileHandle): Source {
  let position = 0;
  return {
    async take(length) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
      position += bytesRead;
      return buffer.subarray(0, bytesRead);
    },
    async skip(length) {
      position += length;
    },
  };
}

function streamSource(stream: AsyncIterable<Buffer>): Source {
  const chunks = stream[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const take = async (length: number): Promise<Buffer> => {
    const parts: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      if (rest.length === 0) {
        const next = await chunks.next();
        if (next.done) break;
        rest = next.value;
      }
      const part = rest.subarray(0, missing);
      parts.push(part);
      rest = rest.subarray(part.length);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  };
  const skip = async (length: number): Promise<void> => {
    for (let left = length; left > 0; left -= BLOCK * 128) await take(Math.min(left, BLOCK * 128));
  };
  return { take, skip };
}

/** The members of a tar (POSIX ustar, with GNU's large sizes); longer names than ustar has room for are none that matter here. */
async function readMembers(source: Source): Promise<ImageFiles> {
  const files = new Map<string, Buffer>();
  for (;;) {
    const header = await source.take(BLOCK);
    if (header.length < BLOCK || header.every((byte) => byte === 0)) break;
    if (header.toString("latin1", 257, 262) !== "ustar") throw new Error("is no tar archive");
    const size = sizeOf(header);
    const name = textAt(header, 0, 100).replace(/^(\.?\/)+/, "");
    const isFile = header[156] === 0 || header[156] === 0x30;
    const padded = Math.ceil(size / BLOCK) * BLOCK;
    if (!isFile || !isWanted(name, size)) {
      await source.skip(padded);
      continue;
    }
    const content = await source.take(padded);
    if (content.length < size) throw new Error("ends in the middle of a file");
    files.set(name, content.subarray(0, size));
  }
  return files;
}

function textAt(header: Buffer, from: number, length: number): string {
  const end = header.indexOf(0, from);
  return header.toString("utf8", from, end < 0 || end > from + length ? from + length : end);
}

function sizeOf(header: Buffer): number {
  // GNU tar writes sizes from 8 GiB on as a number of 12 bytes with the highest bit set.
  if ((header[124]! & 0x80) !== 0) return header.readUIntBE(130, 6);
  const size = Number.parseInt(textAt(header, 124, 12).trim() || "0", 8);
  if (!Number.isSafeInteger(size)) throw new Error("is no tar archive");
  return size;
}
