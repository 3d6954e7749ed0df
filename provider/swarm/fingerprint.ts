import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** Label by which an interrupted run's secret is recognised as holding the right bytes; the Swarm never gives them back. */
export const FINGERPRINT = "dockyard.fingerprint";

/** Cost of one guess: about 50 ms and 16 MB. */
const COST = { N: 2 ** 14, r: 8, p: 1 };
const [SALT, HASH] = [12, 16];

/**
 * A fingerprint of a secret that may stand where others read it. A plain hash would let anyone who sees the labels test
 * guesses by the million; this one is salted, and each guess is slow.
 */
export async function fingerprint(data: Buffer): Promise<string> {
  const salt = randomBytes(SALT);
  return `scrypt:${salt.toString("base64url")}:${(await hashOf(data, salt)).toString("base64url")}`;
}

/** Whether a fingerprint was made of these bytes. */
export async function isFingerprintOf(text: string | undefined, data: Buffer): Promise<boolean> {
  const [kind, salt, hash] = (text ?? "").split(":");
  if (kind !== "scrypt" || !salt || !hash) return false;
  const expected = Buffer.from(hash, "base64url");
  return expected.length === HASH && timingSafeEqual(await hashOf(data, Buffer.from(salt, "base64url")), expected);
}

function hashOf(data: Buffer, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => scrypt(data, salt, HASH, COST, (error, hash) => (error ? reject(error) : resolve(hash))));
}
