import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { RegistryLogin } from "../../provider/configuration";
import { type Configuration, parseRegistryPasswords, PULL_USER } from "../config";
import { configuredPasswords } from "../readConfiguration";

/** Somebody who may log in at the registry. */
export interface RegistryUser {
  readonly name: string;
  readonly role: "pull" | "push";
  readonly password: string;
  /** Whether the platform made the password, so that nobody can guess it. */
  readonly made: boolean;
}

/**
 * The users of the configuration, in its order, and after them the one that hosts pull as. Each has the password of the secret
 * configuration, or else one made from a key that lives in state and the generation; the last one always has such a one.
 * @throws ConfigurationError when the configuration holds passwords in the clear, or for users that there are none
 */
export function registryUsers({ users, passwordGeneration }: Pick<Configuration["registry"], "users" | "passwordGeneration">): pulumi.Output<RegistryUser[]> {
  const { value, encrypted } = configuredPasswords();
  // Now and not in `apply`, where a mistake would come up once for every resource that uses a password, after others were made.
  const chosen = parseRegistryPasswords(value, users.map(({ name }) => name), encrypted);
  const seed = new tls.PrivateKey("registry-passwords", { algorithm: "ED25519" });
  const all = [...users, { name: PULL_USER, role: "pull" as const }];
  return pulumi.secret(
    seed.privateKeyPem.apply((key) =>
      all.map(({ name, role }) => ({ name, role, password: chosen[name] ?? madePassword(key, role, name, passwordGeneration), made: chosen[name] === undefined })),
    ),
  );
}

/**
 * The password of a user that none is set for. Pure.
 * The role is part of it, so that another role is another password: hosts of before there were roles have one on their disks that pushed.
 * @param key kept in the state alone
 */
export function madePassword(key: string, role: RegistryUser["role"], name: string, generation: number): string {
  return createHmac("sha256", key).update(`${role}:${name} ${generation}`).digest("base64url");
}

/** What the platform itself logs in with: hosts pull as the user who does nothing else, and images are pushed as the first of the configuration. */
export function registryLogin(users: readonly RegistryUser[]): RegistryLogin {
  const login = ({ name, password }: RegistryUser) => ({ username: name, password });
  return { ...login(users.find(({ name }) => name === PULL_USER)!), push: login(users[0]!) };
}
