import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type Docker from "dockerode";
import { identityIn, type ImageIdentity, underName } from "./archive";

export type ImageSource = { archive: string } | { local: string };

/** An image that was looked through and is the one that was asked for. */
export interface CheckedImage extends ImageIdentity {
  /** It as a docker archive, under this name alone, read as it is sent: it is never held in memory. Breaks off with an error where it was changed meanwhile. */
  readonly openAs: (name: string) => Promise<Readable>;
}

/**
 * The image of a source, known to be what the program saw.
 * @param content hash of the archive, hexadecimal; of a local image its id without "sha256:"
 * @throws Error naming the file or image that is not there, is no archive of one image, or is not the one that was asked for, with both hashes
 */
export async function checkedImage(source: ImageSource, content: string): Promise<CheckedImage> {
  return "archive" in source ? archivedImage(source.archive, content) : localImage(source.local, content);
}

async function archivedImage(path: string, content: string): Promise<CheckedImage> {
  const packed = await isGzip(path);
  const whole = new HashCheck(path, content);
  await pipeline(createReadStream(path), whole, async (chunks) => {
    for await (const _ of chunks);
  });
  const unpacked = (raw: Readable) => (packed ? unzipped(raw) : raw);
  const identity = await identityIn(unpacked(createReadStream(path))).catch((error: Error) => {
    throw new Error(`the image archive ${path} cannot be used: ${error.message}; write it with "docker save -o ${path} IMAGE"`, { cause: error });
  });
  const openAs = async (name: string) => {
    const check = new HashCheck(path, content);
    const checked = pipeline(createReadStream(path), check);
    return underName(unpacked(check), name, checked);
  };
  return { ...identity, openAs };
}

async function localImage(name: string, content: string): Promise<CheckedImage> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded when it is needed, as in remote/connections.ts
  const local = new (require("dockerode") as typeof import("dockerode"))();
  const id = await given(name, async () => (await local.getImage(name).inspect()).Id);
  if (id !== `sha256:${content}`) throw new Error(`the local engine's image ${name} is ${id}, where sha256:${content} was asked for: the name was given to another image since; run this again with the one that you mean`);
  const saved = () => given(name, async () => (await (local as Docker).getImage(id).get()) as unknown as Readable);
  const identity = await identityIn(await saved());
  return { ...identity, openAs: async (as) => underName(await saved(), as, Promise.resolve()) };
}

async function given<T>(name: string, work: () => Promise<T>): Promise<T> {
  return work().catch((error: Error) => {
    throw new Error(`the local engine does not give the image ${name}: ${error.message}`, { cause: error });
  });
}

/** Lets a file pass and fails at its end where it is not the one that was meant. */
class HashCheck extends Transform {
  private readonly hash = createHash("sha256");

  constructor(
    private readonly path: string,
    private readonly expected: string,
  ) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: Error | null, chunk: Buffer) => void): void {
    this.hash.update(chunk);
    done(null, chunk);
  }

  override _flush(done: (error?: Error) => void): void {
    const found = this.hash.digest("hex");
    if (found === this.expected) return done();
    done(new Error(`the image archive ${this.path} has the hash ${found}, where ${this.expected} was seen before: it was changed since; nothing of it is used. Look at it, and run this again`));
  }
}

/** Errors of both ends are errors of the result. */
function unzipped(raw: Readable): Readable {
  const unzip = createGunzip();
  pipeline(raw, unzip).catch(() => undefined); // told by the stream itself
  return unzip;
}

async function isGzip(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0).finally(() => file.close());
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      code === "ENOENT"
        ? `the image archive ${path} is not there; build it (./dockyard up does, or "docker save -o ${path} IMAGE")`
        : `the image archive ${path} cannot be read (${code})`,
      { cause: error },
    );
  }
}
