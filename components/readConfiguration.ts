import * as pulumi from "@pulumi/pulumi";
import type { ApplicationPlan } from "./bundle";
import { type Configuration, ConfigurationError, parseConfiguration } from "./config";
import { listText } from "./config/problems";
import { ConfigurationSchema } from "./config/schema";

/** A key of the platform that is secret; `registryPasswords` reads it, and it never is part of the configuration. */
const SECRET_KEY = "registryPasswords";
/** Another one, which is the launcher's alone. */
const BACKUP_KEY = "backupPassphrase";
const SECRET_KEYS: readonly string[] = [SECRET_KEY, BACKUP_KEY];

/**
 * Reads the stack's configuration: every key of the project, so that a mistyped one is found too. Encrypted keys that are
 * none of the platform's are left to the applications.
 * @throws ConfigurationError with everything that is wrong
 */
export function readConfiguration(): Configuration {
  const settings = new pulumi.Config();
  const keys = projectKeys().filter((key) => !SECRET_KEYS.includes(key) && !isForApplications(key));
  refusePlainPassphrase(settings);
  return parseConfiguration(Object.fromEntries(keys.map((key) => [key, plainValue(settings, key)])), pulumi.getStack());
}

/** The passphrase of backups is of no use to the program, which only sees to it that the file does not give it away. */
function refusePlainPassphrase(settings: pulumi.Config): void {
  if (isEncrypted(BACKUP_KEY) || !settings.get(BACKUP_KEY)) return;
  const says = `is in the clear; take it out of the file, choose another one, and set it with: pulumi config set --secret ${BACKUP_KEY}`;
  throw new ConfigurationError([{ path: [BACKUP_KEY], says }]);
}

/**
 * Holds the encrypted keys against what the applications take from them (`fromConfig` in their settings).
 * @throws ConfigurationError naming each key that none of them asks for: it may be mistyped, and nothing else would tell
 */
export function refuseUnaskedSecrets(plans: readonly ApplicationPlan[]): void {
  const sources = plans.flatMap(({ secrets, configs }) => [...secrets, ...configs]).flatMap((file) => (file.kind === "own" ? [file.source] : []));
  const asked = sources.flatMap((source) => (source.kind === "fromConfig" ? [source.key] : []));
  const unasked = projectKeys().filter((key) => isForApplications(key) && !asked.includes(key));
  if (unasked.length === 0) return;
  const known = asked.length === 0 ? "none of them names a key with fromConfig" : `they ask for ${listText([...new Set(asked)].sort(), "and")}`;
  throw new ConfigurationError(unasked.map((key) => ({ path: [key], says: `no application asks for this secret, ${known}; correct the name, or take it out with: pulumi config rm ${key}` })));
}

/** Every key that the stack's file has for this project, without the project's name. */
function projectKeys(): string[] {
  const prefix = `${pulumi.getProject()}:`;
  return Object.keys(pulumi.runtime.allConfig()).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}

function isForApplications(key: string): boolean {
  return !SECRET_KEYS.includes(key) && !Object.hasOwn(ConfigurationSchema.shape, key) && isEncrypted(key);
}

/** The SDK offers this without declaring it. */
function isEncrypted(key: string): boolean {
  return (pulumi.runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(`${pulumi.getProject()}:${key}`);
}

/** Structured values come as JSON text, plain ones as they are; both are for the schema to judge. */
function plainValue(settings: pulumi.Config, key: string): unknown {
  try {
    return settings.getObject(key);
  } catch {
    return settings.get(key);
  }
}

/** What the secret configuration says of passwords, as plain data for the one who checks it, and whether it says so in the clear. */
export function configuredPasswords(): { value: unknown; encrypted: boolean } {
  return { value: plainValue(new pulumi.Config(), SECRET_KEY), encrypted: isEncrypted(SECRET_KEY) };
}
