import { createHash } from "node:crypto";

/** What a name consists of that we write ourselves: nothing that a shell, a terminal or an option parser reads as more than text. */
export const PLAIN = /^[A-Za-z0-9](?:[A-Za-z0-9._/@:, +-]{0,198}[A-Za-z0-9])?$/;
const OTHERS = /[^A-Za-z0-9._/@:, +-]/gu;
/** Characters of a strange text that its name keeps. */
const KEPT = 120;

/**
 * What a text is called that others can write, such as a label of the Swarm: itself where it is a name as we write them; else what can be
 * shown and typed of it, and eight digits of its SHA-256, so that two texts are not mistaken for each other. Of at most 200
 * characters, and the name of a name is itself. Pure.
 */
export function foreignName(text: string): string {
  if (PLAIN.test(text)) return text;
  const shown = text.slice(0, KEPT).replace(OTHERS, "_").replace(/^[^A-Za-z0-9]+/, "");
  return `${shown || "unnamed"}+${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
}
