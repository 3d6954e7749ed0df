import { createHmac } from "node:crypto";
import { hashSync } from "bcryptjs";

/** bcrypt's own alphabet; its salts are 22 of these (128 bits). */
const ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** 2^10 rounds, the registry checks one at every request. */
const COST = "10";

/**
 * A htpasswd file with bcrypt entries, the only ones the registry reads. The salt comes from the user, the password and the
 * stack's secret, so the same users give the same file and no `up` changes it without cause.
 */
export function htpasswd(users: Readonly<Record<string, string>>, secret: string): string {
  return Object.keys(users)
    .sort()
    .map((user) => `${user}:${hashSync(users[user]!, `$2b$${COST}$${salt(user, users[user]!, secret)}`)}\n`)
    .join("");
}

function salt(user: string, password: string, secret: string): string {
  const bytes = createHmac("sha256", secret).update(JSON.stringify([user, password])).digest();
  // The 22nd character carries only two bits; "." has the others clear.
  return [...bytes.subarray(0, 21)].map((byte) => ALPHABET[byte % 64]).join("") + ".";
}
