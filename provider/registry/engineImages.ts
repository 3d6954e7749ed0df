import type { Readable } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import type Docker from "dockerode";
import type { RegistryAuth } from "../resource";
import type { ImageIdentity } from "./archive";

/** One line of the JSON stream that the engine answers to load and push. */
interface Progress {
  stream?: string;
  error?: string;
  /** What was pushed, by the engine's own reckoning. */
  aux?: { Tag?: string; Digest?: string };
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The id of the image that this engine has under a name, or by that id; undefined where it has none. */
export async function imageId(docker: Docker, name: string): Promise<string | undefined> {
  try {
    return (await docker.getImage(name).inspect()).Id;
  } catch (error) {
    if (isMissing(error as Error)) return undefined;
    throw error;
  }
}

/**
 * Loads a docker archive that calls its one image by this name.
 * @returns the image's id
 * @throws Error where the engine has another image by that name afterwards
 */
export async function loadArchive(docker: Docker, archive: Readable, name: string, image: ImageIdentity): Promise<string> {
  const lines = await follow(docker, (await docker.loadImage(archive as NodeJS.ReadableStream)) as NodeJS.ReadableStream);
  const loaded = lines.flatMap(({ stream }) => /^Loaded image(?: ID)?: (\S+)/.exec(stream ?? "")?.[1] ?? []);
  if (!isDeepStrictEqual(loaded, [name])) throw new Error(`the engine was given ${name} to load and says that it loaded ${loaded.join(", ") || "nothing"}`);
  const { Id, RootFS } = await docker.getImage(name).inspect();
  const same = Id === image.id || (isDeepStrictEqual(RootFS?.Layers, image.layers) && (await namesByManifest(docker)));
  if (!same) throw new Error(`${name} was loaded as ${image.id}, but the engine has ${Id} under that name: somebody on that host gave it away meanwhile; nothing uses it`);
  return Id;
}

/** Whether the engine keeps images in containerd's store, where an image's id is the hash of its manifest rather than of its configuration. */
async function namesByManifest(docker: Docker): Promise<boolean> {
  const { DriverStatus } = (await docker.info()) as { DriverStatus?: [string, string][] | null };
  return (DriverStatus ?? []).some(([key, value]) => key === "driver-type" && value.startsWith("io.containerd.snapshotter"));
}

/**
 * Has the engine push a tag.
 * @returns the digest of what was pushed, which the engine reckons itself
 */
export async function pushImage(docker: Docker, tag: string, login: RegistryAuth | undefined): Promise<string> {
  const lines = await follow(docker, (await docker.getImage(tag).push({ authconfig: login ?? {} })) as NodeJS.ReadableStream);
  const digests = new Set(lines.flatMap(({ aux }) => (aux?.Tag !== undefined && tag.endsWith(`:${aux.Tag}`) ? (aux.Digest ?? []) : [])));
  const [digest] = digests;
  if (digest === undefined || digests.size > 1 || !DIGEST.test(digest)) throw new Error(`the engine pushed ${tag} without saying as which digest`);
  return digest;
}

/**
 * The digest that the registry has under a tag or digest; undefined where it has none. A tag is whatever somebody pushed last.
 * @throws Error when the registry does not answer this engine, or answers no digest
 */
export async function digestInRegistry(docker: Docker, reference: string, login: RegistryAuth | undefined): Promise<string | undefined> {
  try {
    const { Descriptor } = (await docker.getImage(reference).distribution({ authconfig: login })) as { Descriptor?: { digest?: unknown } };
    if (typeof Descriptor?.digest !== "string" || !DIGEST.test(Descriptor.digest)) throw new Error("it answers without a digest");
    return Descriptor.digest;
  } catch (error) {
    if (isMissing(error as Error)) return undefined;
    throw new Error(`the registry of ${reference} does not answer a manager's engine: ${(error as Error).message}`, { cause: error });
  }
}

/** Gives an image a name of ours, by its id. */
export async function tagImage(docker: Docker, id: string, tag: string): Promise<void> {
  const split = tag.lastIndexOf(":");
  await docker.getImage(id).tag({ repo: tag.slice(0, split), tag: tag.slice(split + 1) });
}

/** Takes a name from an image, which goes with its last name unless it is in use. Nothing happens where there is none. */
export async function untag(docker: Docker, name: string): Promise<void> {
  try {
    await docker.getImage(name).remove();
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode !== 404 && statusCode !== 409) throw error;
  }
}

/** Whether the engine says that there is no such image, here or in its registry. */
export function isMissing(error: Error & { statusCode?: number }): boolean {
  if (error.statusCode === 401 || error.statusCode === 403) return false; // a refused login, whatever the client calls it
  return error.statusCode === 404 || /manifest unknown|no such image|name unknown|repository name not known|not found/i.test(error.message);
}

/** Reads the answer to its end; the engine reports failures inside it. */
function follow(docker: Docker, stream: NodeJS.ReadableStream): Promise<Progress[]> {
  return new Promise((resolve, reject) =>
    docker.modem.followProgress(stream, (error: Error | null, lines: Progress[]) => {
      const failed = error ?? lines?.find((line) => line.error)?.error;
      if (failed) reject(failed instanceof Error ? failed : new Error(failed));
      else resolve(lines);
    }),
  );
}
