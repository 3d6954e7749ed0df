import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { parseRegistryPasswords } from "../config";
import { configuredPasswords } from "../readConfiguration";

/**
 * A password for every registry user: the one from the secret configuration, or else one made from a key that lives in state.
 * @throws ConfigurationError when the configuration holds passwords in the clear, or for users that there are none
 */
export function registryPasswords(users: readonly string[]): pulumi.Output<Record<string, string>> {
  const { value, encrypted } = configuredPasswords();
  // Now and not in `apply`, where a mistake would come up once for every resource that uses a password, after others were made.
  const chosen = parseRegistryPasswords(value, users, encrypted);
  const seed = new tls.PrivateKey("registry-passwords", { algorithm: "ED25519" });
  const all = seed.privateKeyPem.apply((key) => Object.fromEntries(users.map((user) => [user, chosen[user] ?? createHmac("sha256", key).update(user).digest("base64url")])));
  return pulumi.secret(all);
}
