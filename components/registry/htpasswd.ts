import { createHmac } from "node:crypto";
import { hashSync } from "bcryptjs";

/** bcrypt's own alphabet; its salts are 22 of these (128 bits). */
const ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/**
 * The registry checks a password at every request, a dozen times for each image that is pushed. 2^10 rounds cost it 70 ms, and
 * are there to make guessing slow: one that cannot be guessed, as ours from a key of 256 bits, does with 2^5.
 */
const COST = { guessable: "10", unguessable: "05" };
/** As long as base64 of 256 bits. Nobody chooses such a password, who does not have it made. */
const UNGUESSABLE_LENGTH = 43;

/**
 * A htpasswd file with bcrypt entries, the only ones the registry reads. The salt comes from the user, the password and the
 * stack's secret, so the same users give the same file and no `up` changes it without cause.
 */
export function htpasswd(users: Readonly<Record<string, string>>, secret: string): string {
  return Object.keys(users)
    .sort()
    .map((user) => `${user}:${hash(user, users[user]!, secret)}\n`)
    .join("");
}

function hash(user: string, password: string, secret: string): string {
  const cost = password.length >= UNGUESSABLE_LENGTH ? COST.unguessable : COST.guessable;
  return hashSync(password, `$2b$${cost}$${salt(user, password, secret)}`);
}

function salt(user: string, password: string, secret: string): string {
  const bytes = createHmac("sha256", secret).update(JSON.stringify([user, password])).digest();
  // The 22nd character carries only two bits; "." has the others clear.
  return [...bytes.subarray(0, 21)].map((byte) => ALPHABET[byte % 64]).join("") + ".";
}
