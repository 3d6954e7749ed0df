import type { StoredBackup } from "./store";

/**
 * Which backups may go after one more was made: complete ones beyond the newest `keep`, and what interrupted runs left before
 * the newest complete one. Those that are younger may be just being made by somebody else.
 * @param stored the oldest first
 * @param keep how many complete ones stay, at least 1
 */
export function outdated(stored: readonly StoredBackup[], keep: number): string[] {
  const complete = stored.filter((backup) => backup.complete);
  const newest = complete.at(-1);
  const surplus = new Set(complete.slice(0, -keep));
  const half = (backup: StoredBackup) => !backup.complete && newest !== undefined && backup.id < newest.id;
  return stored.filter((backup) => surplus.has(backup) || half(backup)).map(({ id }) => id);
}
