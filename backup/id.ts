const ID = /^(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})Z$/;

/** The name of a backup that is made at that time, to the second: "2026-11-25T22-10-00Z". Names sort as times do. */
export function backupId(time: Date): string {
  return `${time.toISOString().slice(0, 19).replaceAll(":", "-")}Z`;
}

/** When a backup of that name was made; undefined for what is no such name. */
export function backupTime(id: string): Date | undefined {
  const [, day, hours, minutes, seconds] = ID.exec(id) ?? [];
  const time = new Date(`${day}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

export function isBackupId(id: string): boolean {
  return backupTime(id) !== undefined;
}
