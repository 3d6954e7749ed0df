import { execFileSync } from "node:child_process";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utils } from "ssh2";
import { deriveHostKey } from "../../../components/hosts/hostKey";

test("the same seed and name give the same key, any other another", () => {
  const key = deriveHostKey("seed", "m1");
  expect(deriveHostKey("seed", "m1")).toEqual(key);
  expect(new Set([key.publicKey, deriveHostKey("seed", "m2").publicKey, deriveHostKey("other", "m1").publicKey]).size).toBe(3);
});

test("the public key is the private key's own, in the form of known_hosts", () => {
  const { privateKey, publicKey } = deriveHostKey("seed", "m1");
  const parsed = utils.parseKey(publicKey);
  if (parsed instanceof Error) throw parsed;
  expect(parsed.type).toBe("ssh-ed25519");
  const spki = createPublicKey(createPrivateKey(privateKey)).export({ format: "der", type: "spki" });
  expect(parsed.getPublicSSH().subarray(-32)).toEqual(spki.subarray(-32));
});

test("OpenSSH reads the private key in its own form, and gets to the same public key", () => {
  const folder = mkdtempSync(join(tmpdir(), "dockyard-key-"));
  try {
    for (const name of ["m1", "m2", "web-1"]) {
      const { privateKeyOpenssh, publicKey } = deriveHostKey("seed", name);
      const path = join(folder, name);
      writeFileSync(path, privateKeyOpenssh, { mode: 0o600 });
      expect(execFileSync("ssh-keygen", ["-y", "-P", "", "-f", path]).toString().trim()).toBe(publicKey);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("ssh-keygen takes the public key", () => {
  const { publicKey } = deriveHostKey("seed", "m1");
  expect(execFileSync("ssh-keygen", ["-l", "-f", "-"], { input: publicKey }).toString()).toMatch(/^256 SHA256:.*\(ED25519\)/);
});
