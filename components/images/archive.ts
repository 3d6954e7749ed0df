import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

const CHUNK = 1 << 20;

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

function open(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`the image archive ${path} cannot be read (${code}); "./dockyard up" builds the demo's archives, "docker save -o ${path} IMAGE" makes one of any image`, { cause: error });
  }
}
