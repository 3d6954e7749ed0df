import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Extract, Headers } from "tar-stream";
import * as z from "zod";

/** What an image is, whatever anybody calls it. */
export interface ImageIdentity {
  /** Hash of its configuration, `sha256:…`, which names all its layers: its id in an engine, unless that keeps images in containerd's store. */
  readonly id: string;
  /** Hashes of its unpacked layers, `sha256:…`, the lowest first. */
  readonly layers: readonly string[];
}

const MANIFEST = "manifest.json";
/** Other descriptions of the same image, with names of their own. An engine reads them only where there is no manifest.json. */
const OTHER_DESCRIPTIONS: ReadonlySet<string> = new Set(["repositories", "index.json", "oci-layout"]);
/** Bytes of the largest description that is read; registries take manifests of up to 4 MiB. */
const LARGEST_DESCRIPTION = 4 * 1024 * 1024;
/** Bytes of all descriptions together, as one archive may hold very many. */
const LARGEST_TOTAL = 16 * LARGEST_DESCRIPTION;

const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const Manifest = z.array(z.looseObject({ Config: z.string(), Layers: z.array(z.string()) }));
const Configuration = z.looseObject({ rootfs: z.looseObject({ diff_ids: z.array(Digest) }) });

/**
 * Looks through a docker archive for the one image in it. The layers are not read: the engine that loads them holds them against the hashes
 * in the configuration.
 * @param tar the archive, unpacked if it was compressed; read to its end
 * @throws Error that says what is wrong with it, without its name
 */
export async function identityIn(tar: Readable): Promise<ImageIdentity> {
  const files = await descriptions(tar);
  const manifest = files.get(MANIFEST);
  if (manifest === undefined) throw new Error("it holds no manifest.json, as `docker save` writes it");
  const images = parsed(Manifest, MANIFEST, manifest);
  const [image] = images;
  if (image === undefined || images.length > 1) throw new Error(`it must hold exactly one image; it holds ${images.length}`);
  const config = files.get(inArchive(image.Config));
  if (config === undefined) throw new Error(`its image's configuration, ${JSON.stringify(image.Config)}, is not in it`);
  const { diff_ids: layers } = parsed(Configuration, image.Config, config).rootfs;
  if (image.Layers.length !== layers.length) throw new Error(`it has ${image.Layers.length} layers, where its image's configuration names ${layers.length}`);
  return { id: `sha256:${createHash("sha256").update(config).digest("hex")}`, layers };
}

/**
 * The same archive with its image under one name, whatever it calls it itself: loading it takes no name from another image on the engine.
 * @param tar the archive, unpacked if it was compressed
 * @param whole settles when all of the archive was there and as it should be; only then the result ends
 */
export function underName(tar: Readable, name: string, whole: Promise<void>): Readable {
  const { extract, pack } = tarStream();
  const [from, to] = [extract(), pack()];
  eachEntry(from, async (header, body) => {
    const path = inArchive(header.name);
    if (OTHER_DESCRIPTIONS.has(path)) return void (await drained(body));
    if (path === MANIFEST) {
      const images = parsed(Manifest, MANIFEST, await collected(header, body));
      to.entry({ name: MANIFEST, mode: 0o644 }, JSON.stringify(images.map((image) => ({ ...image, RepoTags: [name] }))));
      return;
    }
    const { type, size, linkname, mode, mtime } = header;
    if (type !== "file" && type !== "directory" && type !== "symlink" && type !== "link") throw new Error(`it holds ${JSON.stringify(header.name)}, which is neither a file nor a folder nor a link`);
    const copied = { name: path, type, size, linkname, mode, mtime };
    if (type !== "file") return void to.entry(copied);
    await pipeline(body, to.entry(copied));
  });
  const passed = pipeline(tar, from);
  Promise.all([passed, whole]).then(() => to.finalize(), (error: Error) => to.destroy(error));
  // Whoever reads it may give up: then nobody needs the archive any more.
  to.once("close", () => tar.destroy());
  return to as unknown as Readable;
}

/** By path, every small file that may describe an image. */
async function descriptions(tar: Readable): Promise<ReadonlyMap<string, Buffer>> {
  const [files, seen] = [new Map<string, Buffer>(), new Set<string>()];
  let total = 0;
  const from = tarStream().extract();
  eachEntry(from, async (header, body) => {
    const path = inArchive(header.name);
    // An engine unpacks the archive, so of two with one path the last one counts there; none has to be like that.
    if (header.type !== "directory" && seen.has(path)) throw new Error(`it holds ${JSON.stringify(path)} twice`);
    seen.add(path);
    if (header.type !== "file" || (path !== MANIFEST && (header.size ?? 0) > LARGEST_DESCRIPTION)) return drained(body);
    const content = await collected(header, body);
    if (path !== MANIFEST && content[0] !== 0x7b) return; // a description begins with "{", a layer never
    total += content.length;
    if (total > LARGEST_TOTAL) throw new Error(`it holds more than ${LARGEST_TOTAL} bytes of descriptions`);
    files.set(path, content);
  });
  await pipeline(tar, from);
  return files;
}

function eachEntry(from: Extract, visit: (header: Headers, body: Readable) => Promise<void>): void {
  from.on("entry", (header, body, next) => {
    visit(header, body as unknown as Readable).then(() => next(), (error: Error) => next(error));
  });
}

async function collected({ name, size = 0 }: Headers, body: Readable): Promise<Buffer> {
  if (size > LARGEST_DESCRIPTION) throw new Error(`its ${JSON.stringify(name)} has ${size} bytes; at most ${LARGEST_DESCRIPTION} are read`);
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function drained(body: Readable): Promise<void> {
  for await (const _ of body);
}

/** A path as the archive's folder has it once it is unpacked. @throws Error for one that leads out of it */
function inArchive(name: string): string {
  const path = posix.normalize(name).replace(/\/$/, "");
  if (path.startsWith("/") || path === ".." || path.startsWith("../") || path.includes("\0")) throw new Error(`it holds ${JSON.stringify(name)}, a path out of it`);
  return path;
}

function parsed<T>(shape: z.ZodType<T>, file: string, content: Buffer): T {
  try {
    return shape.parse(JSON.parse(content.toString("utf8")));
  } catch {
    throw new Error(`its ${JSON.stringify(file)} is not as \`docker save\` writes it`);
  }
}

/** Loaded when it is needed: most runs send nothing. */
function tarStream(): typeof import("tar-stream") {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- as in remote/connections.ts
  return require("tar-stream") as typeof import("tar-stream");
}
