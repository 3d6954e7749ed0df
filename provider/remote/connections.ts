import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "ssh2";
import type { Connection } from "./connection";
import type { Machine } from "./machine";
import { privateKeys } from "./keys";
import { connect, ConnectFailed } from "./ssh";
import { type Proxies, wayTo } from "./way";

const RETRY_EVERY = 250;

export interface ConnectionSettings {
  /** Key for hosts whose connection names no file, or several, see {@link connect}. */
  readonly privateKey?: string;
  /** Commands that lead to hosts whose connection names one. Default: none. */
  readonly proxies?: Proxies;
  /** Milliseconds for one attempt to connect. */
  readonly connectTimeout: number;
  /** Milliseconds for one command on a host. */
  readonly commandTimeout: number;
}

/** The SSH connections of this process: one for each host, opened at first use, opened again when it was lost. */
export class Connections {
  private readonly open = new Map<string, Promise<{ client: Client; machine: Machine }>>();

  constructor(private readonly settings: ConnectionSettings) {}

  /**
   * The host's connection. Concurrent callers share one attempt.
   * @param wait milliseconds to keep trying while the host does not answer (it boots); a wrong key or a refused login fails at once
   */
  async machine(connection: Connection, wait = 0, signal?: AbortSignal): Promise<Machine> {
    const until = Date.now() + wait;
    for (;;) {
      try {
        return (await this.shared(connection)).machine;
      } catch (error) {
        const worthwhile = error instanceof ConnectFailed && error.retry && Date.now() + RETRY_EVERY < until;
        if (!worthwhile) throw error;
        await sleep(RETRY_EVERY, undefined, { signal });
      }
    }
  }

  /** Logs in anew, with the first of the keys alone. @throws ConnectFailed when that key is refused */
  async proveLogin(connection: Connection): Promise<void> {
    const [first] = privateKeys(this.settings.privateKey ?? "");
    const client = await connect(connection, first, this.settings.connectTimeout, this.wayTo(connection));
    client.end();
  }

  close(): void {
    for (const opened of this.open.values()) opened.then(({ client }) => client.end()).catch(() => undefined);
    this.open.clear();
  }

  private wayTo(connection: Connection) {
    return wayTo(connection, this.settings.proxies ?? {});
  }

  private shared(connection: Connection) {
    const key = JSON.stringify([connection.address, connection.port ?? 22, connection.user ?? "root", connection.hostKey, connection.keyFile, connection.proxy, connection.proxyCommand]);
    const existing = this.open.get(key);
    if (existing) return existing;
    const opening = this.connect(connection);
    this.open.set(key, opening);
    const drop = () => {
      if (this.open.get(key) === opening) this.open.delete(key);
    };
    opening.then(({ client }) => client.once("close", drop), drop);
    return opening;
  }

  private async connect(connection: Connection) {
    // With it comes the docker client, which takes a moment to load; a preview connects to nothing.
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- what starts the provider finds TypeScript for require alone
    const { SshMachine } = require("./sshMachine") as typeof import("./sshMachine");
    const client = await connect(connection, this.settings.privateKey, this.settings.connectTimeout, this.wayTo(connection));
    const machine = new SshMachine(connection.address, client, connection.user ?? "root", this.settings.commandTimeout);
    return { client, machine };
  }
}
