/** Variables by which Pulumi, its plugins and libraries are made to tell everything, and from which value on they tell secrets as well. */
const TELLING: Readonly<Record<string, (value: string) => boolean>> = {
  // "-v 9" as an option of the CLI. From 4 on it tells the properties of resources.
  PULUMI_OPTION_VERBOSE: (value) => Number(value) > 3,
  PULUMI_OPTION_TRACING: (value) => value !== "",
  PULUMI_OPTION_SHOW_SECRETS: isOn,
  PULUMI_DEBUG_GRPC: (value) => value !== "",
  TF_LOG: (value) => /^(trace|debug|json)$/i.test(value),
  TF_LOG_PROVIDER: (value) => /^(trace|debug|json)$/i.test(value),
  // The docker client's: every call, with the login for the registry.
  DEBUG: (value) => /(^|[\s,])(\*|modem\*?)(?=[\s,]|$)/.test(value),
};

function isOn(value: string): boolean {
  return /^(1|t|true)$/i.test(value);
}

/**
 * A warning where the environment asks for a log that tells secrets in the clear: keys, passwords, join tokens; undefined where it does not. Pure.
 */
export function debuggingWarning(env: NodeJS.ProcessEnv): string | undefined {
  const set = Object.keys(TELLING).filter((name) => env[name] !== undefined && TELLING[name]!(env[name]!));
  if (set.length === 0) return undefined;
  const several = set.length > 1;
  return `warning: ${set.join(" and ")} ${several ? "make" : "makes"} Pulumi log secrets in the clear (keys, passwords, join tokens). Give that log to nobody, and delete it when you are done`;
}
