import type { Comparison } from "../../backup/compare";
import { type BackupRecord, hours } from "../../backup/record";
import type { Manifest } from "../../backup/manifest";
import { table } from "../report";
import type { DrillResult } from "./drill";

/** What a backup consists of, as a table. */
export function manifestText({ parts }: Manifest): string {
  return table(["PART", "SIZE", "SHA-256"], parts.map(({ name, bytes, sha256 }) => [name, sizeText(bytes), `${sha256.slice(0, 16)}…`]));
}

/** "512 B", "3.4 MB": powers of 1000, as disks are sold. */
export function sizeText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return power === 0 ? `${bytes} B` : `${(bytes / 1000 ** power).toFixed(1)} ${units[power]}`;
}

/** What a drill found, a line for each kind of thing. */
export function drillText({ compared, registry, resources }: DrillResult): string {
  const rows = compared.map((kind) => [kind.kind, String(kind.expected), String(kind.found), verdict(kind)]);
  if (registry) rows.push(["registry blobs", String(registry.blobs), String(registry.blobs - registry.damaged.length), registryVerdict(registry)]);
  rows.push(["state's resources", String(resources.expected), String(resources.found), resources.expected === resources.found ? "same" : "differ"]);
  return table(["KIND", "IN THE BACKUP", "RESTORED", "RESULT"], rows);
}

function verdict({ missing, extra }: Comparison): string {
  if (missing.length === 0 && extra.length === 0) return "same";
  return [missing.length > 0 && `missing: ${missing.join(", ")}`, extra.length > 0 && `not in the backup: ${extra.join(", ")}`].filter(Boolean).join("; ");
}

function registryVerdict({ damaged, missing }: NonNullable<DrillResult["registry"]>): string {
  if (damaged.length + missing.length === 0) return "every blob has the content that its name says";
  return [damaged.length > 0 && `damaged: ${damaged.join(", ")}`, missing.length > 0 && `referred to, but missing: ${missing.join(", ")}`].filter(Boolean).join("; ");
}

/** The lines of `status` on backups. @param maxAge milliseconds, where the configuration says so */
export function recordText({ backup, drill }: BackupRecord, now: Date, maxAge?: number): string {
  const age = (at: string) => now.getTime() - Date.parse(at);
  const late = backup && maxAge !== undefined && age(backup.at) > maxAge ? `, older than ${hours(maxAge)} (backup.maxAge)` : "";
  return [
    `Backup  ${backup ? `${hours(age(backup.at))} old${late}: ${backup.where}/${backup.id}, ${sizeText(backup.bytes)}` : "none was made from here"}`,
    `Drill   ${drill ? `${hours(age(drill.at))} ago, ${drill.good ? "good" : "FAILED"}: ${drill.says} (backup ${drill.backup})` : "none was done from here"}`,
  ].join("\n");
}
