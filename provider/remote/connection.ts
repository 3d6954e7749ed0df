import * as z from "zod";

/**
 * How a host is reached over SSH. Kept in the state of each resource of the host, so that a host taken out of the
 * configuration can still be drained and left; it therefore holds no secret: the private key comes from the
 * provider's configuration, from a file or from an agent.
 */
export const Connection = z.strictObject({
  /** Address or name that the program's machine connects to. */
  address: z.string().min(1),
  /** Default 22. */
  port: z.int().min(1).max(65535).optional(),
  /** Login name; one that is not root needs passwordless sudo. Default "root". */
  user: z.string().min(1).optional(),
  /** The host's public key, "ssh-ed25519 AAAA…" as in known_hosts. Any other key is refused. */
  hostKey: z.string().min(1),
  /** Private key on the program's machine. Left out: the provider's key, else the agent at SSH_AUTH_SOCK. */
  keyFile: z.string().optional(),
});
export type Connection = z.infer<typeof Connection>;
