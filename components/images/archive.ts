import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import * as z from "zod";

const CHUNK = 1 << 20;
const BLOCK = 512;
/** Of what is read as JSON; more is no image's description. */
const LARGEST_JSON = 4 << 20;

const Manifest = z.tuple([z.looseObject({ Config: z.string() })], z.unknown());
const ImageDescription = z.looseObject({ config: z.looseObject({ Labels: z.record(z.string(), z.string()).nullish() }).optional() });

/**
 * Hash of an image archive's content, hexadecimal.
 * @throws Error naming the file that is not there and how to come by it
 */
export function archiveHash(path: string): string {
  const hash = createHash("sha256");
  const chunk = Buffer.alloc(CHUNK);
  const file = open(path);
  try {
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) hash.update(chunk.subarray(0, read));
    return hash.digest("hex");
  } finally {
    closeSync(file);
  }
}

/**
 * Labels of the first image in an archive as `docker save` writes it.
 * @throws Error naming the file that is not there, or is no such archive
 */
export function archiveLabels(path: string): Readonly<Record<string, string>> {
  const file = open(path);
  try {
    const [{ Config: name }] = Manifest.parse(json(file, "manifest.json"));
    return ImageDescription.parse(json(file, name)).config?.Labels ?? {};
  } catch (error) {
    throw new Error(`the image archive ${path} is not as "docker save" writes it, unpacked: ${error instanceof z.ZodError ? "its description has another shape" : (error as Error).message}`, { cause: error });
  } finally {
    closeSync(file);
  }
}

function json(file: number, wanted: string): unknown {
  for (let at = 0; ; ) {
    const header = bytes(file, at, BLOCK);
    if (header.length < BLOCK || header[0] === 0) throw new Error(`there is no ${JSON.stringify(wanted)} in it`);
    const size = Number.parseInt(text(header, 124, 12).trim() || "0", 8);
    if (text(header, 257, 5) !== "ustar" || !Number.isSafeInteger(size)) throw new Error("it is no tar archive");
    if (text(header, 0, 100) === wanted) return JSON.parse(content(file, at + BLOCK, size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function content(file: number, at: number, size: number): string {
  if (size > LARGEST_JSON) throw new Error(`its description has ${size} bytes, more than ${LARGEST_JSON}`);
  return bytes(file, at, size).toString();
}

function bytes(file: number, at: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, at));
}

/** A field of a tar header, which a NUL may end. */
function text(header: Buffer, at: number, length: number): string {
  return header.toString("latin1", at, at + length).split("\0", 1)[0]!;
}

function open(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`the image archive ${path} cannot be read (${code}); "./dockyard up" builds the demo's archives, "docker save -o ${path} IMAGE" makes one of any image`, { cause: error });
  }
}
