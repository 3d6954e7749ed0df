import type { EnvironmentVariable } from "./model";

/** Names that hold secrets; `…_FILE` names where one is. */
const SECRET_NAME = /(?:^|[_.-])(?:pass(?:word|wd|phrase)?|pwd|secret|token|credentials?|(?:api|access|secret|private|encryption|signing)[_-]?key)(?:$|[_.-])/i;
const RUN_TOGETHER = /(?:password|passwd|passphrase|secret|apikey|accesskey|secretkey|privatekey|authtoken)/i;
const NAMES_A_PLACE = /(?:file|path|dir|url_?prefix|name|expiry|ttl|timeout|length|enabled)$/i;
const LOGIN_IN_ADDRESS = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Variables whose value is, by all appearance, a secret. The value itself is not said. */
export function environmentFindings(environment: readonly EnvironmentVariable[]): { readonly name: string; readonly why: string }[] {
  return environment.flatMap(({ name, value }) => {
    const why = value === undefined || value === "" ? undefined : suspicion(name, value);
    return why === undefined ? [] : [{ name, why }];
  });
}

function suspicion(name: string, value: string): string | undefined {
  if (PRIVATE_KEY.test(value)) return "holds a private key, which everyone sees who may inspect the service";
  if (LOGIN_IN_ADDRESS.test(value)) return "holds an address with a password, which everyone sees who may inspect the service";
  const named = (SECRET_NAME.test(name) || RUN_TOGETHER.test(name)) && !NAMES_A_PLACE.test(name);
  // A path, as of a mounted secret, gives nothing away.
  return named && !/^\/[\w./-]+$/.test(value) ? "looks like a secret, which everyone sees who may inspect the service" : undefined;
}
