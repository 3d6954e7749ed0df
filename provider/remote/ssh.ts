import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Client, ConnectConfig } from "ssh2";
import type { Connection, ProxyCommand } from "./connection";
import { privateKeys, worthTrying } from "./keys";
import { openProxy, type Proxy } from "./proxy";

/** Why a host cannot be used over SSH. `retry` tells whether waiting may help (it boots) or not (wrong key). */
export class ConnectFailed extends Error {
  override readonly name = "ConnectFailed";
  constructor(
    message: string,
    readonly retry: boolean,
  ) {
    super(message);
  }
}

/**
 * One attempt to log in to a host whose key is pinned.
 * @param privateKey the provider's own key, used when the connection names no file; or several, one PEM block after the other, which
 * are tried in turn: the present one first, then those that a host may still have from before
 * @param timeout milliseconds for the whole handshake
 * @param way the command that leads there; left out: it is reached directly
 * @throws ConnectFailed with the address, what went wrong and the next step
 */
export async function connect(connection: Connection, privateKey: string | undefined, timeout: number, way?: ProxyCommand): Promise<Client> {
  const identity = await identityOf(connection, privateKey);
  const pinned = connection.hostKey.trim().split(/\s+/);
  const [algorithm, key] = [pinned[0] ?? "", pinned[1] ?? ""];
  let offered: string | undefined;
  const proxy = way && openProxy(way, connection);

  const config: ConnectConfig = {
    ...(proxy ? { sock: proxy.stream } : { host: connection.address }),
    port: connection.port ?? 22,
    username: connection.user ?? "root",
    ...identity,
    readyTimeout: timeout,
    keepaliveInterval: 10_000,
    keepaliveCountMax: 3,
    algorithms: { serverHostKey: hostKeyAlgorithms(algorithm) as never },
    hostVerifier: (blob: Buffer) => {
      offered = blob.toString("base64");
      return offered === key;
    },
  };
  // Loaded with the first connection: a preview has none, and starts sooner without.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- as in connections.ts
  const client = new (require("ssh2") as typeof import("ssh2")).Client();
  return new Promise((resolve, reject) => {
    client
      .once("ready", () => resolve(client))
      .on("error", (error: Error & { level?: string }) => {
        client.end();
        const wrongKey = offered !== undefined && offered !== key;
        void ended(proxy).then((said) => reject(explain(connection, error, wrongKey, said)));
      })
      .once("close", () => void ended(proxy).then((said) => reject(new ConnectFailed(`${connection.address}: the SSH connection was closed during the handshake${told(said)}`, true))))
      .connect(config);
  });
}

/** The signature algorithms that belong to a key type; sshd shows only a key of the kind that is asked for. */
function hostKeyAlgorithms(type: string): string[] {
  return type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type];
}

async function identityOf(connection: Connection, privateKey: string | undefined): Promise<Pick<ConnectConfig, "privateKey" | "agent" | "authHandler">> {
  if (connection.keyFile !== undefined) {
    const path = connection.keyFile.replace(/^~(?=\/)/, homedir());
    try {
      return { privateKey: await readFile(join(path)) };
    } catch (error) {
      throw new ConnectFailed(`${connection.address}: the private key ${path} cannot be read (${(error as NodeJS.ErrnoException).code}); name a key file that exists, or none to use the agent`, false);
    }
  }
  if (privateKey) {
    const username = connection.user ?? "root";
    return { authHandler: worthTrying(privateKeys(privateKey)).map((key) => ({ type: "publickey" as const, username, key })) };
  }
  const agent = process.env["SSH_AUTH_SOCK"];
  if (agent) return { agent };
  throw new ConnectFailed(`${connection.address}: there is no private key to log in with; set keyFile for the host, or start an SSH agent (SSH_AUTH_SOCK is not set)`, false);
}

/** Ends the proxy command, where there is one; what it said. */
async function ended(proxy: Proxy | undefined): Promise<string | undefined> {
  return proxy?.end();
}

/** What the proxy command said, as the end of a sentence. */
function told(said: string | undefined): string {
  return said ? ` (the proxy command says: ${said})` : "";
}

function explain(connection: Connection, error: Error & { level?: string }, wrongKey: boolean, said?: string): ConnectFailed {
  const where = `${connection.user ?? "root"}@${connection.address}:${connection.port ?? 22}`;
  if (wrongKey) {
    return new ConnectFailed(
      `${where}: the host shows another key than the pinned ${connection.hostKey.trim().split(/\s+/).slice(0, 2).join(" ").slice(0, 40)}…; ` +
        `if the machine was reinstalled on purpose, pin its new key (ssh-keyscan, compared on the console), otherwise find out who answers there`,
      false,
    );
  }
  if (error.level === "client-authentication") {
    return new ConnectFailed(`${where}: the host refuses the login; put the public key of the identity into the user's authorized_keys`, false);
  }
  if (/no matching host key/i.test(error.message)) {
    return new ConnectFailed(`${where}: the host has no key of the pinned type ${connection.hostKey.split(/\s+/)[0]}; pin a key that it has (ssh-keyscan)`, false);
  }
  return new ConnectFailed(`${where}: no SSH connection: ${error.message}${told(said)}`, true);
}
