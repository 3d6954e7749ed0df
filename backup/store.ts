import type { Readable } from "node:stream";
import { DirectoryStore } from "./directoryStore";
import type { Place } from "./place";

/** A backup as its place lists it. */
export interface StoredBackup {
  readonly id: string;
  /** Whether its manifest is there, which is written last. */
  readonly complete: boolean;
}

/** Keeps the backups of one stack, each a folder of files. */
export interface BackupStore {
  /** For messages: "/backups/dev", "s3://bucket/prefix/dev". */
  readonly where: string;
  /** The oldest first. */
  list(): Promise<readonly StoredBackup[]>;
  /** Writes a file in one step, or not at all. */
  write(id: string, file: string, content: Readable): Promise<void>;
  /** @throws Error when there is no such file */
  read(id: string, file: string): Promise<Readable>;
  /** Nothing happens where there is none. */
  remove(id: string): Promise<void>;
}

/** The store at a place. What talks to S3 is loaded only where it is needed. */
export function openStore(place: Place, stack: string): BackupStore {
  if (place.kind === "directory") return new DirectoryStore(place.path, stack);
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- what starts the launcher finds TypeScript for require alone
  const { S3Store } = require("./s3Store") as typeof import("./s3Store");
  return S3Store.open(place, stack);
}
