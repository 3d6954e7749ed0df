import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { parseRegistryPasswords } from "../config";

/**
 * A password for every registry user: the one from the secret configuration, or else one made from a key that lives in state.
 * @param configured the secret `registryPasswords`
 */
export function registryPasswords(users: readonly string[], configured: pulumi.Output<unknown>): pulumi.Output<Record<string, string>> {
  const seed = new tls.PrivateKey("registry-passwords", { algorithm: "ED25519" });
  const all = pulumi.all([configured, seed.privateKeyPem]).apply(([given, key]) => {
    const chosen = parseRegistryPasswords(given, users);
    return Object.fromEntries(users.map((user) => [user, chosen[user] ?? createHmac("sha256", key).update(user).digest("base64url")]));
  });
  return pulumi.secret(all);
}
