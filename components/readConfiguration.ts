import * as pulumi from "@pulumi/pulumi";
import { type Configuration, parseConfiguration } from "./config";

/** The one key that is secret; `registryPasswords` reads it, and it never is part of the configuration. */
const SECRET_KEY = "registryPasswords";

/**
 * Reads the stack's configuration: every key of the project, so that a mistyped one is found too.
 * @throws ConfigurationError with everything that is wrong
 */
export function readConfiguration(): Configuration {
  const settings = new pulumi.Config();
  const prefix = `${pulumi.getProject()}:`;
  const keys = Object.keys(pulumi.runtime.allConfig()).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  const raw = Object.fromEntries(keys.filter((key) => key !== SECRET_KEY).map((key) => [key, plainValue(settings, key)]));
  return parseConfiguration(raw, pulumi.getStack());
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
  const isSecret = (pulumi.runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret;
  return { value: plainValue(new pulumi.Config(), SECRET_KEY), encrypted: isSecret(`${pulumi.getProject()}:${SECRET_KEY}`) };
}
