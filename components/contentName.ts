import { createHash } from "node:crypto";

/**
 * Name of a Swarm secret or config by its content: neither can be changed, so other content is another object, made first,
 * and the old one goes when its users have moved on.
 */
export function contentName(base: string, content: string): string {
  return `${base}-${createHash("sha256").update(content).digest("hex").slice(0, 12)}`;
}
