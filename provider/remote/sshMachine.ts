import { posix } from "node:path";
import { type Duplex, PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { Client, ClientChannel } from "ssh2";
import { LAST_WORDS_KEPT, OUTPUT, Tail, TooMuch } from "./bounds";
import { dockerOver } from "./engineSocket";
import { CommandFailed, type CommandOptions, type CommandResult, type Machine, type Streams } from "./machine";
import { Slots } from "./slots";
import { commandLine } from "./shell";

const ENGINE_SOCKET = "/var/run/docker.sock";
/** sshd's default MaxSessions is 10; forwarded streams do not count. */
const SESSIONS = 8;
/** How long a command whose streams broke may take to say why, in milliseconds. */
const LAST_WORDS = 1000;

/** Writes standard input to "$1" with mode "$2" in one step: nobody sees half a file, a kill leaves the old one. */
const WRITE = `set -e; umask 077; mkdir -p -m 755 -- "$(dirname -- "$1")"; cat > "$1.dockyard-new"; chmod -- "$2" "$1.dockyard-new"; mv -fT -- "$1.dockyard-new" "$1"`;

/** A Machine over an open SSH connection. Where the login is not root, everything goes through `sudo -n`. */
export class SshMachine implements Machine {
  readonly docker: Docker;
  private readonly sessions = new Slots(SESSIONS);
  private readonly sudo: readonly string[];

  constructor(
    readonly address: string,
    private readonly client: Client,
    user: string,
    private readonly defaultTimeout: number,
  ) {
    this.sudo = user === "root" ? [] : ["sudo", "-n", "--"];
    this.docker = dockerOver(address, () => (user === "root" ? this.forwardSocket() : this.dialStdio()));
  }

  async exec(command: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return this.sessions.use(() => this.session(command, options));
  }

  async run(command: readonly string[], options?: CommandOptions): Promise<string> {
    const result = await this.exec(command, options);
    if (result.code !== 0) throw new CommandFailed(this.address, command, result);
    return result.stdout;
  }

  async pipe(command: readonly string[], streams: Streams): Promise<void> {
    return this.sessions.use(() => this.streamed(command, streams));
  }

  async readFile(path: string): Promise<Buffer | undefined> {
    // base64 keeps bytes that are no text whole; exit 66 tells "none" from every other failure.
    const result = await this.exec(["sh", "-c", `[ -e "$1" ] || exit 66; base64 -- "$1"`, "sh", path], { atMost: OUTPUT.file });
    if (result.code === 66) return undefined;
    if (result.code !== 0) throw new CommandFailed(this.address, ["base64", path], result);
    return Buffer.from(result.stdout, "base64");
  }

  async writeFile(path: string, content: string | Buffer, mode: number): Promise<void> {
    await this.run(["sh", "-c", WRITE, "sh", posix.normalize(path), mode.toString(8)], { stdin: content });
  }

  async remove(path: string): Promise<void> {
    await this.run(["rm", "-rf", "--", path]);
  }

  private session(command: readonly string[], options: CommandOptions): Promise<CommandResult> {
    const { timeout = this.defaultTimeout, atMost = OUTPUT.usual } = options;
    return new Promise((resolve, reject) => {
      let channel: ClientChannel | undefined;
      const give = (error: Error) => {
        finish();
        channel?.close();
        reject(error);
      };
      const onAbort = () => give(new Error(`${this.address}: cancelled while "${command[0]}" was running`));
      const onClose = () => give(new Error(`${this.address}: the SSH connection was lost while "${command[0]}" was running`));
      const timer = setTimeout(() => give(new Error(`${this.address}: "${command.join(" ").slice(0, 200)}" did not end within ${timeout / 1000} s`)), timeout);
      const finish = () => {
        clearTimeout(timer);
        options.signal?.removeEventListener("abort", onAbort);
        this.client.removeListener("close", onClose);
      };
      options.signal?.addEventListener("abort", onAbort, { once: true });
      this.client.once("close", onClose);
      this.client.exec(commandLine([...this.sudo, ...command]), (error, opened) => {
        if (error) return give(new Error(`${this.address}: no SSH session: ${error.message}`));
        channel = opened;
        const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
        let room = atMost;
        const take = (parts: Buffer[]) => (data: Buffer) => {
          if (room < 0) return; // it was told to stop; what is still on its way is nobody's
          room -= data.length;
          if (room >= 0) return void parts.push(data);
          output.stdout.length = output.stderr.length = 0;
          give(new TooMuch(this.address, `"${command.join(" ").slice(0, 200)}"`, atMost));
        };
        opened.on("data", take(output.stdout));
        opened.stderr.on("data", take(output.stderr));
        opened.once("close", (code: number | null) => {
          finish();
          const [stdout, stderr] = [Buffer.concat(output.stdout).toString(), Buffer.concat(output.stderr).toString()];
          resolve({ code: code ?? 255, stdout, stderr });
        });
        opened.end(options.stdin ?? "");
      });
    });
  }

  private async streamed(command: readonly string[], { from, to, signal }: Streams): Promise<void> {
    const channel = await new Promise<ClientChannel>((resolve, reject) => {
      this.client.exec(commandLine([...this.sudo, ...command]), (error, opened) => (error ? reject(new Error(`${this.address}: no SSH session: ${error.message}`)) : resolve(opened)));
    });
    const stop = new AbortController();
    const onLost = () => stop.abort(new Error(`${this.address}: the SSH connection was lost while "${command[0]}" was running`));
    this.client.once("close", onLost);
    const signals = { signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal };
    const stderr = new Tail(LAST_WORDS_KEPT);
    channel.stderr.on("data", (data: Buffer) => stderr.add(data));
    const closed = new Promise<number | null>((resolve) => channel.once("close", (code?: number | null) => resolve(code ?? null)));
    const failed = (code: number) => new CommandFailed(this.address, command, { code, stdout: "", stderr: stderr.toString() });
    try {
      if (!from) channel.end();
      await Promise.all([pipeline(channel, to ?? new PassThrough().resume(), signals), from && pipeline(from, channel, signals)]);
      const code = await closed;
      if (code !== 0) throw failed(code ?? 255);
    } catch (error) {
      if (error instanceof CommandFailed) throw error;
      if (stop.signal.aborted) throw stop.signal.reason;
      // A command that failed reads no further: its own words say more than that a stream broke. One that we end has no exit code.
      channel.resume().close();
      const code = await Promise.race([closed, sleep(LAST_WORDS)]);
      throw code ? failed(code) : error;
    } finally {
      this.client.removeListener("close", onLost);
    }
  }

  private forwardSocket(): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      try {
        this.client.openssh_forwardOutStreamLocal(ENGINE_SOCKET, (error, stream) =>
          error ? reject(new Error(`${this.address}: the engine does not answer at ${ENGINE_SOCKET}: ${error.message}`)) : resolve(stream),
        );
      } catch (error) {
        reject(new Error(`${this.address}: the SSH connection is gone: ${(error as Error).message}`));
      }
    });
  }

  /** For logins that may not open the socket themselves; needs the docker client on the host. */
  private dialStdio(): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      this.client.exec(commandLine([...this.sudo, "docker", "system", "dial-stdio"]), (error, stream) =>
        error ? reject(new Error(`${this.address}: no SSH session for the engine's API: ${error.message}`)) : resolve(stream),
      );
    });
  }
}
