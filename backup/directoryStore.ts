import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isBackupId } from "./id";
import { MANIFEST_FILE } from "./manifest";
import type { BackupStore, StoredBackup } from "./store";

/** Backups below a folder of this machine, for their owner's eyes only. */
export class DirectoryStore implements BackupStore {
  readonly where: string;

  constructor(directory: string, stack: string) {
    this.where = join(resolve(directory), stack);
  }

  async list(): Promise<StoredBackup[]> {
    if (!existsSync(this.where)) return [];
    const ids = (await readdir(this.where)).filter(isBackupId).sort();
    return ids.map((id) => ({ id, complete: existsSync(join(this.where, id, MANIFEST_FILE)) }));
  }

  async write(id: string, file: string, content: Readable): Promise<void> {
    const folder = join(this.where, id);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = join(folder, `${file}.new`);
    // On the disk before it has its name: a power cut must not leave a manifest of parts that are not there.
    await pipeline(content, createWriteStream(draft, { mode: 0o600, flush: true }));
    await rename(draft, join(folder, file));
    await flushFolder(folder);
  }

  async read(id: string, file: string): Promise<Readable> {
    const path = join(this.where, id, file);
    const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
      throw new Error(`${path} cannot be read (${error.code})`);
    });
    return createReadStream(path, { fd: handle });
  }

  async remove(id: string): Promise<void> {
    // Without its manifest it counts as incomplete: a kill leaves nothing that looks whole.
    await rm(join(this.where, id, MANIFEST_FILE), { force: true });
    await rm(join(this.where, id), { recursive: true, force: true });
  }
}

async function flushFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
