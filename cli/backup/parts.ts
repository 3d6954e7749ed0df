import { PassThrough, Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Digest } from "../../backup/digest";
import { KEY_FILE, type Manifest, MANIFEST_FILE, parseManifest, type Part, PART_FILES, type PartName } from "../../backup/manifest";
import { type BackupKey, lockKey, seal, unlockKey, unseal } from "../../backup/seal";
import type { BackupStore } from "../../backup/store";

/** Writes one part: what `produce` writes, encrypted, counted and hashed on its way to the store. */
export async function writePart(store: BackupStore, id: string, key: BackupKey, name: PartName, produce: (to: Writable) => Promise<void>): Promise<Part> {
  const file = PART_FILES[name];
  const { bytes, sha256 } = await writeSealed(store, id, file, key, produce);
  return { name, file, bytes, sha256 };
}

/** Writes the key and then, last of all, the manifest: from then on the backup counts. @param workFactor of scrypt, see {@link lockKey} */
export async function writeManifest(store: BackupStore, manifest: Manifest, key: BackupKey, passphrase: string, workFactor?: number): Promise<void> {
  await store.write(manifest.id, KEY_FILE, Readable.from([await lockKey(key, passphrase, workFactor)]));
  await writeSealed(store, manifest.id, MANIFEST_FILE, key, text(JSON.stringify(manifest, undefined, 2)));
}

/** For a part that is at hand. */
export function text(content: string): (to: Writable) => Promise<void> {
  return (to) => pipeline(Readable.from([Buffer.from(content)]), to);
}

async function writeSealed(store: BackupStore, id: string, file: string, key: BackupKey, produce: (to: Writable) => Promise<void>) {
  const raw = new PassThrough();
  const digest = new Digest();
  const sealed = await seal(raw, key);
  const produced = produce(raw).catch((error: Error) => {
    raw.destroy(error);
    throw error;
  });
  // All have to come to rest, so that nothing is written any more; the first of the failed ones says why.
  const ends = await Promise.allSettled([produced, pipeline(sealed, digest), store.write(id, file, digest)]);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return { bytes: digest.size, sha256: digest.sha256() };
}

/** A backup that can be read. */
export interface OpenBackup {
  readonly store: BackupStore;
  readonly manifest: Manifest;
  readonly key: BackupKey;
}

/** @throws Error when the passphrase is another one, or the backup is no whole one */
export async function openBackup(store: BackupStore, id: string, passphrase: string): Promise<OpenBackup> {
  const key = await unlockKey(await whole(await store.read(id, KEY_FILE)), passphrase);
  const manifest = parseManifest((await whole(await unseal(await store.read(id, MANIFEST_FILE), key))).toString());
  if (manifest.id !== id) throw new Error(`${store.where}/${id} holds the manifest of ${manifest.id}: its files were mixed up`);
  return { store, manifest, key };
}

/**
 * Reads a part to its end, decrypted, into what `consume` does with it.
 * @throws Error when it is not the file that the manifest names, by its size or its SHA-256
 */
export async function readPart({ store, manifest, key }: OpenBackup, name: PartName, consume: (from: Readable) => Promise<void>): Promise<void> {
  const part = manifest.parts.find((each) => each.name === name);
  if (!part) throw new Error(`the backup ${manifest.id} has no part "${name}"`);
  const where = `${store.where}/${manifest.id}/${part.file}`;
  const digest = new Digest();
  const reading = pipeline(await store.read(manifest.id, part.file), digest);
  const used = (async () => consume(await unseal(digest, key)))();
  // Who stops reading leaves the rest of the file behind: nobody is to wait for it.
  used.catch(() => digest.destroy());
  const [end, use] = await Promise.allSettled([reading, used]);
  if (use.status === "rejected") throw new Error(`${where}: ${(use.reason as Error).message}`, { cause: use.reason });
  if (end.status === "rejected") throw new Error(`${where}: ${(end.reason as Error).message}`, { cause: end.reason });
  const sha256 = digest.sha256();
  if (digest.size !== part.bytes || sha256 !== part.sha256) {
    throw new Error(`${where} is not what was written: ${digest.size} bytes with SHA-256 ${sha256}, the manifest says ${part.bytes} with ${part.sha256}`);
  }
}

/** A small part as text. */
export async function readText(backup: OpenBackup, name: PartName): Promise<string> {
  let content = "";
  await readPart(backup, name, async (from) => void (content = (await whole(from)).toString()));
  return content;
}

async function whole(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(Buffer.from(piece as Uint8Array));
  return Buffer.concat(pieces);
}

/** Whether a backup has this part: the registry's data may have been left out. */
export function hasPart({ parts }: Manifest, name: PartName): boolean {
  return parts.some((part) => part.name === name);
}
