import * as z from "zod";

/** A command, argument by argument; "%h" stands for the address, "%p" for the port. It runs on the program's machine. */
export const ProxyCommand = z.array(z.string().min(1)).min(1);
export type ProxyCommand = z.infer<typeof ProxyCommand>;

/**
 * How a host is reached over SSH. Kept in the state of each resource of the host, so that a host taken out of the
 * configuration can still be drained and left; it therefore holds no secret: the private key comes from the
 * provider's configuration, from a file or from an agent. Nor does it hold a command, which whoever writes a state could choose.
 */
export const Connection = z.strictObject({
  address: z.string().min(1).describe("Address or name that the program's machine connects to."),
  port: z.int().min(1).max(65535).optional().describe("Default 22."),
  user: z.string().min(1).optional().describe('Login name; one that is not root needs passwordless sudo. Default "root".'),
  hostKey: z.string().min(1).describe(`The host's public key, "ssh-ed25519 AAAA…" as in known_hosts. Any other key is refused.`),
  proxy: z.string().min(1).optional().describe("Name of the command, among the provider's `proxies`, whose input and output are the connection. Left out: it is reached directly."),
  proxyCommand: ProxyCommand.optional().describe("As states from before `proxies` have it. It runs only where the provider's own configuration has the very same command."),
  keyFile: z.string().optional().describe("Private key on the program's machine. Left out: the provider's key, else the agent at SSH_AUTH_SOCK."),
});
export type Connection = z.infer<typeof Connection>;

/** A manager that can be asked. Its name is for messages alone. */
export const ManagerConnection = Connection.extend({ name: z.string().optional().describe("The host's name.") });
export type ManagerConnection = z.infer<typeof ManagerConnection>;
