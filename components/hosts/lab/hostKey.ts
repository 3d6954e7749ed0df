import { createPrivateKey, createPublicKey, hkdfSync } from "node:crypto";

export interface HostKeyPair {
  /** PKCS #8 PEM, as sshd reads it. */
  readonly privateKey: string;
  /** "ssh-ed25519 AAAA…", as known_hosts has it. */
  readonly publicKey: string;
}

/** DER of a PKCS #8 Ed25519 private key up to its 32 bytes (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * The SSH host key of a lab host, derived from the stack's secret seed and the host's name. So the key of a host that does
 * not exist yet is known at preview, and pinning it makes no unknown out of the provider's configuration.
 */
export function deriveHostKey(seed: string, hostName: string): HostKeyPair {
  const secret = Buffer.from(hkdfSync("sha256", seed, "dockyard ssh host key", hostName, 32));
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, secret]), format: "der", type: "pkcs8" });
  const point = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
  return {
    privateKey: key.export({ format: "pem", type: "pkcs8" }).toString(),
    publicKey: `ssh-ed25519 ${Buffer.concat([sshText("ssh-ed25519"), sshText(point)]).toString("base64")}`,
  };
}

/** A length-prefixed string of the SSH wire format (RFC 4251, section 5). */
function sshText(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
