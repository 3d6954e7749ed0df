/*
 * What a bundle may cost whoever reads it: a bundle is somebody else's file, and looking at it must end, soon and in little
 * memory. Each bound is far beyond what applications have (600 services were measured) and is named in its refusal.
 */

const KIB = 1024;
const MIB = 1024 * KIB;

/** Bytes of one Compose file. 600 services with everything written out are a third of it. */
export const MAX_COMPOSE_BYTES = MIB;
/** Bytes of a .dab file, whose reader is linear. */
export const MAX_BUNDLE_BYTES = 4 * MIB;
/** Bytes of a settings file. It is the operator's own, but a mistaken path must not fill the memory either. */
export const MAX_SETTINGS_BYTES = 4 * MIB;
/** Bytes of a file of variables or labels. The kernel gives a process 2 MiB for its arguments and variables together. */
export const MAX_VARIABLES_BYTES = 512 * KIB;
/** Bytes of the file behind a config or secret. Swarm takes less than 1,024,000 (swarmkit, manager/controlapi/config.go). */
export const MAX_CONTENT_BYTES = 1_024_000;
/** Files that one application is read from, `extends` and variables included. */
export const MAX_FILES = 4_000;
/** Bytes of all of them together. */
export const MAX_APPLICATION_BYTES = 16 * MIB;

/** Blocks and lists within each other, those behind aliases included. The deepest key of the Compose Specification has 8. */
export const MAX_YAML_DEPTH = 64;
/** Keys, values and items with every alias and merge key expanded, of one file and of all merged: 600 services have 40,000. */
export const MAX_YAML_NODES = 100_000;
/** Characters of all keys and values, expanded in the same way: an alias of a long text is as good as the text. */
export const MAX_YAML_CHARACTERS = 4 * MIB;
/** Anchors in one file, and uses of them: the library searches all of the first for each of the second. */
export const MAX_YAML_ALIASES = 5_000;

/** `${A:-${B:-…}}` within each other: each level is looked through again. */
export const MAX_NESTED_VARIABLES = 16;
/** Characters that variables put into all files of an application. Variables of variables double with every line. */
export const MAX_INTERPOLATED = 4 * MIB;
/** Services that extend each other in a row. */
export const MAX_EXTENDS = 32;
/** Services of one application: the order of their start is followed service by service. */
export const MAX_SERVICES = 2_000;
/** Ports that the ranges of one application stand for: "1-65535" is nine characters. */
export const MAX_PORTS = 10_000;
/** Problems that one message lists. */
export const MAX_LISTED = 100;

/** A bundle asks for more than a bound allows. The message says what, the bound and what to do. */
export class TooMuch extends Error {}

/** Counts what costs, and refuses what is too much. */
export class Budget {
  private spent = 0;

  constructor(
    private readonly limit: number,
    /** What is counted and what to do, after the number: "ports in ranges; write fewer". */
    private readonly what: string,
  ) {}

  /** @throws TooMuch */
  spend(amount: number): void {
    this.spent += amount;
    if (this.spent > this.limit) throw new TooMuch(`more than ${this.limit.toLocaleString("en")} ${this.what}`);
  }
}
