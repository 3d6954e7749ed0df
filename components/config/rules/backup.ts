import type { Problem } from "../problems";
import type { Sketch } from "../sketch";

/** Backups have one place: with two, nobody knows which one is the last. */
export function backupProblems({ backup }: Sketch): Problem[] {
  if (backup?.directory === undefined || backup.s3 === undefined) return [];
  return [{ path: ["backup", "directory"], says: 'found beside "s3"; write one of the two' }];
}
