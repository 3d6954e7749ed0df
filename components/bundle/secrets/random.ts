/** Characters that a random text has at least; shorter ones cannot be told from names. */
const SHORTEST = 24;

/** What is random and public: certificates and public keys, fingerprints, hashes with their name, pictures within a page. */
const PUBLIC = [
  /-----BEGIN (?:CERTIFICATE(?: REQUEST)?|TRUSTED CERTIFICATE|PUBLIC KEY|RSA PUBLIC KEY|X509 CRL|PGP PUBLIC KEY BLOCK|PGP SIGNATURE|DH PARAMETERS|EC PARAMETERS)-----[A-Za-z0-9+/=\s:,.()]*-----END [A-Z0-9 ]{1,40}-----/g,
  /\b(?:ssh-|ecdsa-sha2-|sk-ssh-|sk-ecdsa-)[a-z0-9@.-]{1,60}\s{1,2}AAAA[A-Za-z0-9+/=]*/g,
  /\bdata:[\w/+.-]{1,64};base64,[A-Za-z0-9+/=]*/g,
  /\bsha(?:1|256|384|512)[-:=][A-Za-z0-9+/]*={0,2}/gi,
];

/** Whether a text holds a word that nobody thought up: letters of both cases and digits without an order, and no base64 of a readable text. */
export function holdsRandom(text: string): boolean {
  return candidates(PUBLIC.reduce((rest, pattern) => rest.replace(pattern, " "), text)).some(isRandom);
}

/** Texts that are written in base64 within a text. */
export function readableBase64(text: string): string[] {
  return words(text).flatMap((word) => decoded(word) ?? []);
}

function words(text: string): string[] {
  return (text.match(/[A-Za-z0-9+/_=-]+/g) ?? []).filter((word) => word.length >= SHORTEST);
}

/** A path counts by its parts, base64 with slashes as a whole. */
function candidates(text: string): string[] {
  return words(text).flatMap((word) => {
    const parts = word.split(/[/=]/).filter((part) => part.length >= SHORTEST);
    const whole = word.replace(/^=+|=+$/g, "");
    return /^[/.]|=|^https?/.test(whole) || decoded(word) !== undefined ? parts : [whole, ...parts];
  });
}

function isRandom(word: string): boolean {
  if (word.length < SHORTEST || !/[a-z]/.test(word) || !/[A-Z]/.test(word) || !/[0-9]/.test(word)) return false;
  if (decoded(word) !== undefined) return false;
  const inWords = (word.match(/[a-z]{3,}/g) ?? []).join("").length / word.length;
  const changes = [...word].filter((char, index) => index > 0 && classOf(char) !== classOf(word[index - 1]!)).length / (word.length - 1);
  return inWords < 0.4 && changes > 0.3 && bitsPerCharacter(word) > 3.6;
}

function classOf(char: string): string {
  return /[a-z]/.test(char) ? "lower" : /[A-Z]/.test(char) ? "upper" : /[0-9]/.test(char) ? "digit" : "other";
}

/** Shannon's entropy. */
function bitsPerCharacter(word: string): number {
  const counts = new Map<string, number>();
  for (const char of word) counts.set(char, (counts.get(char) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / word.length) * Math.log2(count / word.length), 0);
}

/** The text that base64 stands for, if people can read it. */
function decoded(word: string): string | undefined {
  const text = Buffer.from(word, "base64").toString("utf8");
  return text.length >= 12 && /^[\x20-\x7e\t\r\n\u00a0-\u024f]+$/.test(text) ? text : undefined;
}
