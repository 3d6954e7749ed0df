import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";

const time = z.iso.datetime({ offset: true });

/** What is remembered of a stack's backups, beside its state. */
const BackupRecord = z.strictObject({
  /** The last backup that was made whole. */
  backup: z.strictObject({ id: z.string(), at: time, where: z.string(), bytes: z.int(), seconds: z.number() }).optional(),
  /** The last restore drill, whatever came of it. */
  drill: z.strictObject({ backup: z.string(), at: time, good: z.boolean(), says: z.string(), seconds: z.number() }).optional(),
  /** When a drill was good last, and the time of the backup that it was good for. */
  goodDrill: z.strictObject({ at: time, backupAt: time }).optional(),
});
export type BackupRecord = z.infer<typeof BackupRecord>;

/** Milliseconds since the last good backup and the last good drill; undefined where there was none. */
export interface BackupAge {
  readonly backup?: number;
  readonly drill?: number;
}

/** File of a stack's record in the launcher's state folder. */
export function recordFile(directory: string, stack: string): string {
  return join(directory, `backups.${stack}.json`);
}

/** @returns an empty record where there is none, or none that can be read */
export function readRecord(directory: string, stack: string): BackupRecord {
  const file = recordFile(directory, stack);
  if (!existsSync(file)) return {};
  try {
    return BackupRecord.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return {};
  }
}

/** Notes what is new, leaving the rest of the record. */
export function remember(directory: string, stack: string, news: BackupRecord): void {
  const file = recordFile(directory, stack);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ ...readRecord(directory, stack), ...news }, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

/** How old the last good backup and the last good drill of a record are. Pure. */
export function ageOf({ backup, goodDrill }: BackupRecord, now: Date): BackupAge {
  const since = (at: string) => Math.max(0, now.getTime() - Date.parse(at));
  return { ...(backup && { backup: since(backup.at) }), ...(goodDrill && { drill: since(goodDrill.at) }) };
}

/**
 * How old the last good backup and the last good drill of a stack are, by its record.
 * @param paths the launcher's state folder and the stack's name; in a program that it runs, the folder is in DOCKYARD_RUN
 */
export function backupAge({ directory, stack }: { readonly directory: string; readonly stack: string }, now = new Date()): BackupAge {
  return ageOf(readRecord(directory, stack), now);
}

/**
 * Why a change that may lose the Swarm's state should wait for a backup, or undefined when there is one that is young enough. Pure.
 * @param maxAge milliseconds, from `backup.maxAge`
 */
export function tooOld({ backup }: BackupAge, maxAge: number): string | undefined {
  if (backup === undefined) return `no backup was ever made from here; one younger than ${hours(maxAge)} is asked for (backup.maxAge)`;
  return backup > maxAge ? `the last backup is ${hours(backup)} old; one younger than ${hours(maxAge)} is asked for (backup.maxAge)` : undefined;
}

/** "26 h", "3 d": as exact as anybody wants to know. */
export function hours(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 72 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`;
}
