import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StackPaths } from "./environment";

/**
 * A note beside the state that the Swarm was changed outside of it: then the next `up` has to look at what is there first,
 * or it would find nothing to do.
 */
const note = ({ directory, stack }: StackPaths): string => join(directory, `look-first.${stack}`);

/** Leaves the note. @param why a few words, for whoever finds the file */
export function askToLookFirst(paths: StackPaths, why: string): void {
  writeFileSync(note(paths), `${why}\n`, { mode: 0o600 });
}

/** Whether the note is there. */
export function mustLookFirst(paths: StackPaths): boolean {
  return existsSync(note(paths));
}

/** Takes the note away: an `up` has looked, and repaired what it found. */
export function hasLooked(paths: StackPaths): void {
  rmSync(note(paths), { force: true });
}
