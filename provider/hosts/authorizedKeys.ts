/** A public key's own words, without options before it or a comment after it: what tells one from another. */
function keyOf(line: string): string {
  const words = line.trim().split(/\s+/);
  return words.find((word) => /^AAAA[A-Za-z0-9+/]+=*$/.test(word)) ?? line.trim();
}

/** Whether an authorized_keys file lets a public key in. Comments do not count. Pure. */
export function letsIn(text: string, publicKey: string): boolean {
  return lines(text).some((line) => !line.trim().startsWith("#") && keyOf(line) === keyOf(publicKey));
}

/**
 * An authorized_keys file with one more key, where it is not there yet, and without others. What somebody else wrote stays as it is,
 * comments and options too. Pure.
 * @param publicKey "ssh-ed25519 AAAA…"
 */
export function withKey(text: string, publicKey: string, without: readonly string[] = []): string {
  const going = new Set(without.map(keyOf));
  const kept = lines(text).filter((line) => !going.has(keyOf(line)));
  if (!letsIn(text, publicKey)) kept.push(publicKey.trim());
  return kept.map((line) => `${line}\n`).join("");
}

function lines(text: string): string[] {
  const all = text.split("\n");
  return all.at(-1) === "" ? all.slice(0, -1) : all;
}
