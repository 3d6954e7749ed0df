import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import type { Readable } from "node:stream";

export type ImageSource = { archive: string } | { local: string };

/**
 * The image as a docker archive, read as it is sent: it is never held in memory.
 * @throws Error naming the file or image that is not there
 */
export async function openArchive(source: ImageSource): Promise<Readable> {
  if ("archive" in source) {
    await access(source.archive).catch(() => {
      throw new Error(`the image archive ${source.archive} is not there; build it (./dockyard up does, or "docker save -o ${source.archive} IMAGE")`);
    });
    return createReadStream(source.archive);
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded when it is needed, as in remote/connections.ts
  const local = new (require("dockerode") as typeof import("dockerode"))();
  try {
    return (await local.getImage(source.local).get()) as unknown as Readable;
  } catch (error) {
    throw new Error(`the local engine does not give the image ${source.local}: ${(error as Error).message}`, { cause: error });
  }
}
