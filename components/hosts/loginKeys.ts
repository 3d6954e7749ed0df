import * as pulumi from "@pulumi/pulumi";
import type * as tls from "@pulumi/tls";

/** The platform's SSH keys for hosts that it makes: the one that logs in, and those before it. */
export interface LoginKeys {
  /** Secret: the private keys, one after the other, the present one first. A host may still have an earlier one. */
  readonly privateKey: pulumi.Output<string>;
  /** What machines are made with. It never changes, as another one would be another machine; where it is a former key, it goes right after. */
  readonly first: pulumi.Output<string>;
  /** What hosts are to have in place of the first; undefined while that is the present one. */
  readonly present?: PresentLogin;
}

/** The public key that logs in, and those that are to be taken from hosts. */
export interface PresentLogin {
  readonly publicKey: pulumi.Output<string>;
  readonly formerKeys: pulumi.Output<string>[];
}

/**
 * The keys up to a generation, counted from 1. All of them stay in the state: a host that was off while others got the next key has to be
 * reached by the one that it knows.
 * @param make makes a key; called with what its name ends in: "login", "login-2", …
 */
export function loginKeys(generation: number, make: (suffix: string) => tls.PrivateKey): LoginKeys {
  const keys = Array.from({ length: generation }, (_, index) => make(index === 0 ? "login" : `login-${index + 1}`));
  const publicKeys = keys.map(({ publicKeyOpenssh }) => publicKeyOpenssh.apply((line) => line.trim())).reverse();
  const privateKey = pulumi.secret(pulumi.all(keys.map(({ privateKeyOpenssh }) => privateKeyOpenssh)).apply((all) => all.reverse().join("")));
  const [publicKey, ...formerKeys] = publicKeys;
  return { privateKey, first: keys[0]!.publicKeyOpenssh, ...(generation > 1 && { present: { publicKey: publicKey!, formerKeys } }) };
}
