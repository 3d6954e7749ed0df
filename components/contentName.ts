import { createHash } from "node:crypto";

/**
 * Name of a Swarm secret or config by its content: neither can be changed, so other content is another object, made first,
 * and the old one goes when its users have moved on.
 *
 * Twelve digits tell one version from the next; they prove nothing, and nobody takes them for a proof. What exists under the name is taken
 * only if it is the very content: a config's is compared, a secret's by a fingerprint that 128 bits of a slow, salted hash make
 * (provider/swarm/fingerprint.ts), and uses go by the id. More digits would tell those who see the name more about a short secret,
 * and would make every secret and config of a living platform anew.
 */
export function contentName(base: string, content: string): string {
  return `${base}-${createHash("sha256").update(content).digest("hex").slice(0, 12)}`;
}
