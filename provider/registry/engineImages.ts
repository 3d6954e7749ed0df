import type { Readable } from "node:stream";
import type Docker from "dockerode";
import type { RegistryAuth } from "../resource";

/** One line of the JSON stream that the engine answers to load and push. */
interface Progress {
  stream?: string;
  error?: string;
}

/** The image's id on this engine, or undefined where it has none of that name. */
export async function imageId(docker: Docker, name: string): Promise<string | undefined> {
  try {
    return (await docker.getImage(name).inspect()).Id;
  } catch (error) {
    if (isMissing(error as Error)) return undefined;
    throw error;
  }
}

/** Loads a docker archive; answers the name it came with, or its id where it came without one. */
export async function loadArchive(docker: Docker, archive: Readable): Promise<string> {
  const lines = await follow(docker, (await docker.loadImage(archive as NodeJS.ReadableStream)) as NodeJS.ReadableStream);
  const loaded = lines.flatMap(({ stream }) => /^Loaded image(?: ID)?: (\S+)/.exec(stream ?? "")?.[1] ?? []);
  if (loaded.length !== 1) throw new Error(`an image archive must hold exactly one image; the engine found ${loaded.length === 0 ? "none" : loaded.join(", ")}`);
  return loaded[0]!;
}

/** Has the engine push a tag. */
export async function pushImage(docker: Docker, tag: string, login: RegistryAuth | undefined): Promise<void> {
  await follow(docker, (await docker.getImage(tag).push({ authconfig: login ?? {} })) as NodeJS.ReadableStream);
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
