import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { PassphraseIdentity, PassphraseRecipient } from "./passphraseKey";

/*
 * How a backup is encrypted: in the age format, by the library of its author, so that any age opens it without us. The
 * passphrase is asked of scrypt once for a backup: it opens the backup's own key, and that one opens the parts.
 */

/** The key of one backup. */
export interface BackupKey {
  /** age's text of the private key, "AGE-SECRET-KEY-1…". Opens every part. */
  readonly identity: string;
  /** age's text of its public half, "age1…". */
  readonly recipient: string;
}

/** Loaded when it is needed: no other command encrypts anything. */
const age = () => import("age-encryption");

export async function makeKey(): Promise<BackupKey> {
  const { generateX25519Identity, identityToRecipient } = await age();
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** The key, encrypted with the passphrase: what `age -d -i` takes as an identity file. @param workFactor see {@link PassphraseRecipient} */
export async function lockKey(key: BackupKey, passphrase: string, workFactor?: number): Promise<Buffer> {
  const encrypter = new (await age()).Encrypter();
  encrypter.addRecipient(new PassphraseRecipient(passphrase, workFactor));
  return Buffer.from(await encrypter.encrypt(`${key.identity}\n`));
}

/** @throws Error when the passphrase is not the one, or the content is no locked key */
export async function unlockKey(locked: Buffer, passphrase: string): Promise<BackupKey> {
  const { Decrypter, identityToRecipient } = await age();
  const decrypter = new Decrypter();
  decrypter.addIdentity(new PassphraseIdentity(passphrase));
  const text = await decrypter.decrypt(locked, "text").catch((error: Error) => {
    throw new Error(/no identity matched/.test(error.message) ? "the passphrase does not open this backup" : `the backup's key cannot be read: ${error.message}`);
  });
  const identity = text.trim();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** Encrypts while it is read: 64 kB are in memory at a time. */
export async function seal(content: Readable, { recipient }: Pick<BackupKey, "recipient">): Promise<Readable> {
  const encrypter = new (await age()).Encrypter();
  encrypter.addRecipient(recipient);
  return passOn(content, (stream) => encrypter.encrypt(stream));
}

/** Decrypts while it is read. What was changed or cut off makes the stream fail, at the latest at its end. */
export async function unseal(sealed: Readable, { identity }: Pick<BackupKey, "identity">): Promise<Readable> {
  const decrypter = new (await age()).Decrypter();
  decrypter.addIdentity(identity);
  return passOn(sealed, (stream) => decrypter.decrypt(stream));
}

type Bytes = globalThis.ReadableStream<Uint8Array<ArrayBuffer>>;

async function passOn(source: Readable, through: (stream: Bytes) => Promise<globalThis.ReadableStream<Uint8Array>>): Promise<Readable> {
  const result = await through(Readable.toWeb(source) as unknown as Bytes);
  return Readable.fromWeb(result as unknown as ReadableStream);
}
