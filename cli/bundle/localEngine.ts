import Docker from "dockerode";
import { fullImageName, parseImageName, repositoryOf } from "./imageName";
import type { AskDigest } from "./pins";

/** A registry that does not answer is no reason to wait for long: there are archives. */
const ANSWER_TIMEOUT_MS = 15_000;

/** Loosely: no part that leads elsewhere in a path. */
const IMAGE_NAME = /^[a-zA-Z0-9][\w-]*(?:[.:/@][\w-]+)*$/;

/** Nobody is asked. */
export const askNobody: AskDigest = async () => ({ missing: "no archive holds it, and no engine was asked (--no-engine)" });

/**
 * Asks the engine that the docker client would use: for the digests it has recorded, then to look in the image's registry.
 * Connects with the first question; when the engine cannot be reached, later ones are not tried.
 */
export function askLocalEngine(): AskDigest {
  let unreachable: string | undefined;
  return async (image) => {
    if (unreachable !== undefined) return { missing: unreachable };
    // The name goes into the path of a request, and is somebody else's.
    if (!IMAGE_NAME.test(image)) return { missing: "it is no name of an image" };
    const found = new Docker({ timeout: ANSWER_TIMEOUT_MS }).getImage(image);
    try {
      const { RepoDigests } = await found.inspect();
      const recorded = preferredDigest(image, RepoDigests ?? []);
      if (recorded !== undefined) return { reference: recorded, from: "engine" };
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode === undefined) {
        unreachable = `no archive holds it, and no Docker engine answers here (${(error as Error).message})`;
        return { missing: unreachable };
      }
    }
    try {
      const { Descriptor } = (await found.distribution()) as { Descriptor: { digest: string } };
      return { reference: `${image}@${Descriptor.digest}`, from: "registry" };
    } catch (error) {
      return { missing: `no archive holds it, the local engine knows no digest of it, and ${reasonOf(image, error as Error)}` };
    }
  };
}

/** The digest of the image's own repository; else the first, as `docker-compose bundle` takes: it is the same image elsewhere. */
export function preferredDigest(image: string, repoDigests: readonly string[]): string | undefined {
  const wanted = repositoryOf(parseImageName(image));
  return repoDigests.find((each) => repositoryOf(parseImageName(each)) === wanted) ?? repoDigests[0];
}

function reasonOf(image: string, { message }: Error): string {
  const line = message.replace(/^\(HTTP code \d+\) [^-]*- /, "").split("\n")[0]!.trim();
  return `its registry gives none (${fullImageName(image).split("/")[0]}: ${line})`;
}
