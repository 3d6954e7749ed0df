/*
 * A host may answer without end, whether it is broken or somebody else's. Every answer has a bound, far above what an honest host says;
 * the few that need more say so by name.
 */

const KIB = 1024;
const MIB = 1024 * KIB;

/** Bytes of output of one command, standard output and error together. */
export const OUTPUT = {
  /** For all that is not named here. */
  usual: MIB,
  /** A file in base64. A hosts file that blocks half of the web is some megabytes. */
  file: 16 * MIB,
  /** apt, which tells of every package, and the engine's journal, whose lines are as long as they like. */
  talk: 16 * MIB,
  /** One or two lines for each blob and reference of a registry. */
  registry: 128 * MIB,
} as const;

/** How much of a streamed command's standard error is kept, its end, in bytes. */
export const LAST_WORDS_KEPT = 64 * KIB;

/** Bytes of one answer of the engine's API, by its path. The first row that fits counts. */
const ENGINE: readonly [RegExp, number][] = [
  // A few lines are asked for; a line is as long as a task likes.
  [/\/logs$/, MIB],
  // Lists of all that a Swarm has, and the progress of an image on its way.
  [/^(\/v[\d.]+)?\/(tasks|services|configs|secrets|networks|nodes|containers\/json|images\/json|images\/.+\/push|images\/load)$/, 64 * MIB],
];
const ENGINE_USUAL = 8 * MIB;

/** How many bytes the engine may answer to a request for this path (a query behind it counts for nothing). Pure. */
export function engineBound(path: string): number {
  const bare = path.split("?", 1)[0]!;
  return ENGINE.find(([pattern]) => pattern.test(bare))?.[1] ?? ENGINE_USUAL;
}

/** A host said more than it may. Nothing of its answer is used. */
export class TooMuch extends Error {
  override readonly name = "TooMuch";
  /** @param who the host's address @param what the command or request that was answered @param bound in bytes */
  constructor(who: string, what: string, bound: number) {
    super(`${who}: the answer to ${what} is longer than ${sizeText(bound)}, the bound for it, and was cut off; look at what answers there: no honest host says so much`);
  }
}

function sizeText(bytes: number): string {
  return bytes >= MIB ? `${bytes / MIB} MiB` : `${bytes / KIB} KiB`;
}

/** The end of a text that comes in pieces: never holds more than twice what it keeps. */
export class Tail {
  private text = Buffer.alloc(0);

  /** @param kept bytes */
  constructor(private readonly kept: number) {}

  add(data: Buffer): void {
    this.text = Buffer.concat([this.text, data.subarray(-this.kept)]).subarray(-this.kept);
  }

  toString(): string {
    return this.text.toString();
  }
}
