import { createPrivateKey, createPublicKey, hkdfSync } from "node:crypto";

export interface HostKeyPair {
  /** PKCS #8 PEM, as sshd reads it from OpenSSH 9.6 on. */
  readonly privateKey: string;
  /** OpenSSH's own form, which every sshd reads. */
  readonly privateKeyOpenssh: string;
  /** "ssh-ed25519 AAAA…", as known_hosts has it. */
  readonly publicKey: string;
}

/** DER of a PKCS #8 Ed25519 private key up to its 32 bytes (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * The SSH host key of a host that we make, derived from the stack's secret seed and the host's name. So the key of a host that
 * does not exist yet is known at preview, and pinning it makes no unknown out of the provider's configuration.
 */
export function deriveHostKey(seed: string, hostName: string): HostKeyPair {
  const secret = Buffer.from(hkdfSync("sha256", seed, "dockyard ssh host key", hostName, 32));
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, secret]), format: "der", type: "pkcs8" });
  const point = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
  const publicBlob = Buffer.concat([sshText("ssh-ed25519"), sshText(point)]);
  return {
    privateKey: key.export({ format: "pem", type: "pkcs8" }).toString(),
    privateKeyOpenssh: opensshPem(publicBlob, secret, point),
    publicKey: `ssh-ed25519 ${publicBlob.toString("base64")}`,
  };
}

/** An unencrypted key in the form of OpenSSH's PROTOCOL.key. */
function opensshPem(publicBlob: Buffer, secret: Buffer, point: Buffer): string {
  // Two equal numbers by which OpenSSH tells whether a passphrase was right; without one any number will do.
  const check = point.subarray(0, 4);
  const unpadded = Buffer.concat([check, check, publicBlob, sshText(Buffer.concat([secret, point])), sshText("")]);
  const padding = Buffer.from(Array.from({ length: (8 - (unpadded.length % 8)) % 8 }, (_, index) => index + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const blob = Buffer.concat([Buffer.from("openssh-key-v1\0"), sshText("none"), sshText("none"), sshText(""), one, sshText(publicBlob), sshText(Buffer.concat([unpadded, padding]))]);
  const lines = blob.toString("base64").match(/.{1,70}/g)!;
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}

/** A length-prefixed string of the SSH wire format (RFC 4251, section 5). */
function sshText(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
