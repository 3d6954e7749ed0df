/*
 * Secrets that are known by their form, wherever they stand. Every pattern is linear: what may repeat without a bound begins
 * only where nothing of the same kind stands before it.
 */

/** Each as a text that is a finding's end: "… holds <what>". */
const FORMS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d|AGE-SECRET-KEY-1[A-Z0-9]{20}/i, "a private key"],
  [/(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])/, "an access key of AWS"],
  [/(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22})/, "a token of GitHub"],
  [/(?<![A-Za-z0-9])gl(?:pat|ptt|dt|rt|ft|soat|imt|agent|oas|cbt)-[\w-]{20}/, "a token of GitLab"],
  [/(?<![A-Za-z0-9])(?:xox[abeoprs]-[\w-]{10}|xapp-\d-[\w-]{10})|hooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/]{16}/, "a token of Slack"],
  [/(?<![A-Za-z0-9])(?:[sr]k_(?:live|test)_[A-Za-z0-9]{16}|whsec_[A-Za-z0-9+/]{20})/, "a key of Stripe"],
  [/(?<![A-Za-z0-9])(?:AIza[\w-]{35}|ya29\.[\w-]{20}|GOCSPX-[\w-]{20})/, "a key of Google"],
  [/(?<![A-Za-z0-9])(?:npm_[A-Za-z0-9]{36}|pypi-AgE[\w-]{20}|dckr_(?:pat|oat)_[\w-]{20}|rubygems_[0-9a-f]{40})/, "a token of a registry"],
  [/(?<![A-Za-z0-9])(?:sk-(?:ant-|proj-|svcacct-|live-)?[\w-]{32}|hf_[A-Za-z]{30}|SG\.[\w-]{20,24}\.[\w-]{40}|shp(?:at|ca|pa|ss)_[0-9a-f]{32}|dop_v1_[0-9a-f]{64}|pul-[0-9a-f]{40}|hv[sb]\.[\w-]{24}|lin_api_\w{32}|\d{8,10}:AA[\w-]{33})/, "a token of a service"],
  [/(?<![A-Za-z0-9])SWM(?:TKN|KEY)-1-[A-Za-z0-9+/]{20}/, "a key of a Swarm"],
  [/(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\./, "a signed token (JWT)"],
  [/\${1,2}(?:2[abxy]|apr1|5|6|7|y|argon2(?:id|i|d)|scrypt|pbkdf2(?:-sha\d{3})?)\${1,2}[./A-Za-z0-9=,+-]{2,}\${0,2}[./A-Za-z0-9$=,+-]{6}/, "the hash of a password"],
  [/\bauthorization\b\\?["']?\s{0,3}[:=]?\s{0,3}\\?["']?(?:basic|bearer|token|digest|apikey)\s{1,3}[^\s"'$<{*]{6}/i, "an authorization header"],
];

/** What comes between "://" and "@"; a password may hold a slash, so what stands after a port is told from one by its digits. */
const LOGIN = /:\/\/(?<user>[^\s/:@"'<>]*):(?<password>(?:[^\s/@"'<>]{1,256}|(?!\d{1,5}\/)[^\s@"'<>]{1,256}))@/g;
/** Go's own form for MySQL: "user:password@tcp(host)/". */
const GO_DSN = /(?<![^\s"'=])[^\s:@/"']{1,64}:(?<password>[^\s"'@]{1,256})@(?:tcp|unix|udp)\d?\(/g;

/** What a text holds that is a secret by its form: "a private key". Undefined: nothing that is known. */
export function knownForm(text: string): string | undefined {
  const [, what] = FORMS.find(([pattern]) => pattern.test(text)) ?? [];
  if (what !== undefined) return what;
  const logins = [...text.matchAll(LOGIN), ...text.matchAll(GO_DSN)];
  if (logins.some(({ groups }) => !isPlaceholder(groups!["password"]!))) return "an address with a password";
  return isBasicLogin(text) ? "an authorization header" : undefined;
}

/** A name for a value that somebody else puts in: "$NAME", "${NAME}", "{{ … }}", "<name>", "***", "%(name)s". */
export function isPlaceholder(value: string): boolean {
  return /^(?:\$[A-Z_][A-Z0-9_]*|\$\{[A-Z_][A-Z0-9_]*\}|\$\([^()]*\)|\{\{[^{}]*\}\}|<[^<>]*>|\*{3,}|x{3,}|%\(\w+\)s|%\w+%|\(hidden[^()]*\)?)$/.test(value);
}

/** "Basic dXNlcjpwYXNz": base64 of "user:password". */
function isBasicLogin(text: string): boolean {
  return [...text.matchAll(/\bbasic\s{1,3}(?<login>[A-Za-z0-9+/]{6,1024}={0,2})(?![\w+/=])/gi)].some(({ groups }) => /^[\x21-\x39\x3b-\x7e]+:[\x20-\x7e]+$/.test(Buffer.from(groups!["login"]!, "base64").toString("latin1")));
}
