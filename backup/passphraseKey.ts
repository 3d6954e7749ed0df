import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";
import type { Identity, Recipient, Stanza } from "age-encryption";

/*
 * The passphrase recipient of the age format, with Node's own scrypt. The library's is in JavaScript and took 16 s where this
 * takes one; what is written is the same, and any age opens it (https://age-encryption.org/v1, "The scrypt recipient type").
 */

const LABEL = "age-encryption.org/v1/scrypt";
/** age's own work factor, 2^18: a quarter of a gigabyte and about a second for each guess. */
const WORK_FACTOR = 18;
/** Above this a file could keep us busy for hours: age refuses it as well. */
const HIGHEST_WORK_FACTOR = 22;
const SALT_BYTES = 16;
const FILE_KEY_BYTES = 16;
const TAG_BYTES = 16;

/** Wraps a file's key with a passphrase. @param workFactor logarithm of scrypt's cost; lower ones are for tests */
export class PassphraseRecipient implements Recipient {
  constructor(
    private readonly passphrase: string,
    private readonly workFactor = WORK_FACTOR,
  ) {}

  async wrapFileKey(fileKey: Uint8Array): Promise<Stanza[]> {
    const salt = randomBytes(SALT_BYTES);
    const cipher = createCipheriv("chacha20-poly1305", await derive(this.passphrase, salt, this.workFactor), Buffer.alloc(12), { authTagLength: TAG_BYTES });
    const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
    return [{ args: ["scrypt", unpadded(salt), String(this.workFactor)], body }];
  }
}

/** Opens what {@link PassphraseRecipient}, or any age with a passphrase, has wrapped. */
export class PassphraseIdentity implements Identity {
  constructor(private readonly passphrase: string) {}

  async unwrapFileKey(stanzas: Stanza[]): Promise<Uint8Array | null> {
    const [stanza] = stanzas;
    if (stanza?.args[0] !== "scrypt") return null;
    const [, salt = "", factor = ""] = stanza.args;
    const workFactor = Number(factor);
    const saltBytes = Buffer.from(salt, "base64");
    if (stanzas.length !== 1 || stanza.args.length !== 3 || saltBytes.length !== SALT_BYTES || stanza.body.length !== FILE_KEY_BYTES + TAG_BYTES || !/^[1-9]\d?$/.test(factor)) {
      throw new Error("its key is not wrapped as age does it with a passphrase");
    }
    if (workFactor > HIGHEST_WORK_FACTOR) throw new Error(`its scrypt work factor ${workFactor} is above ${HIGHEST_WORK_FACTOR}`);
    return unwrap(await derive(this.passphrase, saltBytes, workFactor), Buffer.from(stanza.body));
  }
}

function unwrap(key: Buffer, body: Buffer): Uint8Array | null {
  const decipher = createDecipheriv("chacha20-poly1305", key, Buffer.alloc(12), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(body.subarray(FILE_KEY_BYTES));
  try {
    return Buffer.concat([decipher.update(body.subarray(0, FILE_KEY_BYTES)), decipher.final()]);
  } catch {
    return null; // another passphrase
  }
}

function derive(passphrase: string, salt: Buffer, workFactor: number): Promise<Buffer> {
  const N = 2 ** workFactor;
  return new Promise((resolve, reject) => {
    const options = { N, r: 8, p: 1, maxmem: 128 * N * 8 * 2 };
    scrypt(passphrase, Buffer.concat([Buffer.from(LABEL), salt]), 32, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
