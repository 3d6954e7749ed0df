import { createHmac } from "node:crypto";
import { hashSync } from "bcryptjs";
import type { RegistryUser } from "./passwords";

/** bcrypt's own alphabet; its salts are 22 of these (128 bits). */
const ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/**
 * The registry remembers a login that was right, but the first check of each costs it 70 ms with 2^10 rounds. They are there to make
 * guessing slow: a password that cannot be guessed, as ours from a key of 256 bits, does with 2^5. Whatever a person chose may be guessed.
 */
const COST = { chosen: "10", made: "05" };

/**
 * A htpasswd file with bcrypt entries, each with the user's role behind it. The salt comes from the user, the password and the
 * stack's secret, so the same users give the same file and no `up` changes it without cause.
 */
export function htpasswd(users: readonly RegistryUser[], secret: string): string {
  return [...users]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((user) => `${user.name}:${hash(user, secret)}:${user.role}\n`)
    .join("");
}

function hash({ name, password, made }: RegistryUser, secret: string): string {
  return hashSync(password, `$2b$${made ? COST.made : COST.chosen}$${salt(name, password, secret)}`);
}

function salt(user: string, password: string, secret: string): string {
  const bytes = createHmac("sha256", secret).update(JSON.stringify([user, password])).digest();
  // The 22nd character carries only two bits; "." has the others clear.
  return [...bytes.subarray(0, 21)].map((byte) => ALPHABET[byte % 64]).join("") + ".";
}
