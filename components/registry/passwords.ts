import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { parseRegistryPasswords } from "../config";
import { configuredPasswords } from "../readConfiguration";

/**
 * A password for every registry user: the one from the secret configuration, or else one made from a key that lives in state and
 * the generation.
 * @throws ConfigurationError when the configuration holds passwords in the clear, or for users that there are none
 */
export function registryPasswords({ users, passwordGeneration }: { readonly users: readonly string[]; readonly passwordGeneration: number }): pulumi.Output<Record<string, string>> {
  const { value, encrypted } = configuredPasswords();
  // Now and not in `apply`, where a mistake would come up once for every resource that uses a password, after others were made.
  const chosen = parseRegistryPasswords(value, users, encrypted);
  const seed = new tls.PrivateKey("registry-passwords", { algorithm: "ED25519" });
  const made = (key: string, user: string) => createHmac("sha256", key).update(passwordGeneration === 1 ? user : `${user} ${passwordGeneration}`).digest("base64url");
  const all = seed.privateKeyPem.apply((key) => Object.fromEntries(users.map((user) => [user, chosen[user] ?? made(key, user)])));
  return pulumi.secret(all);
}
