/** Words that a secret's name has, alone or as two in a row. */
const WORDS = new Set(["password", "passwords", "passwd", "passphrase", "passcode", "pass", "pwd", "secret", "secrets", "token", "credential", "credentials", "apikey", "pat", "htpasswd", "requirepass"]);
const KEY_OF = new Set(
  ["api", "access", "secret", "private", "encryption", "signing", "auth", "master", "session", "account", "shared", "client", "jwt", "hmac", "crypto", "app", "deploy", "webhook", "admin", "storage", "license", "unlock", "join"],
);

/** Without limits between words: "PGPASSWORD", "mysecretvalue". */
const RUN_TOGETHER = /password|passwd|passphrase|secret|apikey|accesskey|secretkey|privatekey|authtoken|accesstoken/;

/** Last words by which a name says something about a secret: where it is, how long it lives, how it is checked. */
const ABOUT = new Set(
  [
    ...["file", "files", "path", "paths", "dir", "directory", "folder", "mount", "volume", "prefix", "suffix", "name", "names", "ref", "label", "field", "column", "header", "description"],
    ...["expiry", "expires", "expiration", "ttl", "timeout", "lifetime", "age", "interval", "rotation", "length", "size", "count", "limit", "min", "max", "policy", "algorithm", "alg", "type", "kind", "version", "format"],
    ...["enabled", "disabled", "required", "mode", "method", "scheme", "provider", "issuer", "audience", "scope", "user", "username", "host", "port", "region", "encoder", "cost", "rounds", "attempts", "retries", "service", "store", "stdin"],
  ],
);

/** A name of Compose, DAB, shells, Java or Go as its words: "dbPassword", "DB_PASSWORD", "db-password", "db.password1". */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");
}

/** Whether a variable, an option or a key of a file by this name holds a secret; `…_FILE`, `…_TTL` and the like tell of one. */
export function namesSecret(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1);
  if (last === undefined || ABOUT.has(last) || /(?:url_?prefix|file|path|dir|name|expiry|ttl|timeout|length|enabled)$/i.test(name)) return false;
  return words.some((word, index) => WORDS.has(word) || RUN_TOGETHER.test(word) || ((word === "key" || word === "keys") && index > 0 && KEY_OF.has(words[index - 1]!)));
}
