import type { Readable, Writable } from "node:stream";
import type Docker from "dockerode";

/** What a command on a host left behind. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly stdin?: string | Buffer;
  /** Milliseconds; the command is abandoned and an error names it. Default: the provider's `commandTimeout`. */
  readonly timeout?: number;
  /** Bytes of output, standard error included, after which the command is abandoned. Default: `OUTPUT.usual`, see bounds.ts. */
  readonly atMost?: number;
  readonly signal?: AbortSignal;
}

/** What a command reads and writes. */
export interface Streams {
  /** Its standard input. Default: nothing. */
  readonly from?: Readable;
  /** Where its standard output goes. Default: nowhere. */
  readonly to?: Writable;
  readonly signal?: AbortSignal;
}

/**
 * One host over its one SSH connection, as root (through sudo where the login is another user).
 * Commands are argument arrays: every argument is quoted, none is read by a shell.
 */
export interface Machine {
  /** The address that was connected to, for messages. */
  readonly address: string;
  /** Runs a command, whatever its exit code. Throws when the connection or the time is gone, and TooMuch when it says more than `atMost`. */
  exec(command: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** Runs a command and returns its standard output; throws CommandFailed unless it exits with 0. */
  run(command: readonly string[], options?: CommandOptions): Promise<string>;
  /**
   * Runs a command whose input or output is too large to be held, and streams it. Has no limit of time of its own.
   * @throws CommandFailed unless it exits with 0; Error when the connection or one of the streams fails
   */
  pipe(command: readonly string[], streams: Streams): Promise<void>;
  /** The file's content, or undefined where there is none. */
  readFile(path: string): Promise<Buffer | undefined>;
  /** Writes a file in one step (temporary file, then rename), making its folders. `mode` as a number, 0o644. */
  writeFile(path: string, content: string | Buffer, mode: number): Promise<void>;
  /** Removes a file or folder; nothing happens where there is none. */
  remove(path: string): Promise<void>;
  /** The engine's API, through the SSH connection to its local socket. */
  readonly docker: Docker;
}

/** A command on a host that did not exit with 0. */
export class CommandFailed extends Error {
  constructor(
    readonly address: string,
    readonly command: readonly string[],
    readonly result: CommandResult,
  ) {
    super(`${address}: "${command.join(" ")}" exited with ${result.code}: ${(result.stderr || result.stdout).trim().slice(-2000)}`);
    this.name = "CommandFailed";
  }
}
