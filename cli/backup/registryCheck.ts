import { posix } from "node:path";
import { OUTPUT } from "../../provider/remote/bounds";
import type { Machine } from "../../provider/remote/machine";

/** What a restored registry's data was found to be. */
export interface RegistryCheck {
  readonly blobs: number;
  /** Blobs whose content is not what their name says. */
  readonly damaged: readonly string[];
  /** Digests that a repository refers to and that are not there. */
  readonly missing: readonly string[];
}

/** Prints "DIGEST  ./FOLDERS/DIGEST/data" for each blob and "link DIGEST" for each reference. A constant; the folder is an argument. */
const LOOK = `cd "$1/docker/registry/v2" 2>/dev/null || exit 0
[ -d blobs/sha256 ] && (cd blobs/sha256 && find . -name data -type f -exec sha256sum {} +)
[ -d repositories ] && find repositories -name link -type f -exec sh -c 'for each; do echo "link $(cat "$each")"; done' sh {} +
exit 0
`;

/** Reads a registry's data whole: content has its hash for a name, so it can say for itself whether it is right. */
export async function checkRegistry(machine: Machine, folder: string): Promise<RegistryCheck> {
  return judgeRegistry(await machine.run(["sh", "-c", LOOK, "sh", folder], { atMost: OUTPUT.registry }));
}

/** @param printed what {@link LOOK} prints */
export function judgeRegistry(printed: string): RegistryCheck {
  const blobs = [...printed.matchAll(/^\\?([0-9a-f]{64}) {2}(\S+)$/gm)].map(([, hash, path]) => ({ hash: hash!, name: posix.basename(posix.dirname(path!)) }));
  const there = new Set(blobs.map(({ name }) => name));
  const asked = [...printed.matchAll(/^link sha256:([0-9a-f]{64})$/gm)].map(([, digest]) => digest!);
  return {
    blobs: blobs.length,
    damaged: blobs.filter(({ hash, name }) => hash !== name).map(({ name }) => name),
    missing: [...new Set(asked.filter((digest) => !there.has(digest)))],
  };
}
