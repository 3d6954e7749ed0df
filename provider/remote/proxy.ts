import { spawn } from "node:child_process";
import { Duplex } from "node:stream";
import type { Connection } from "./connection";

/** A command whose input and output are the way to a host. */
export interface Proxy {
  readonly stream: Duplex;
  /** The last thing that the command said of itself, for an error. */
  said(): string;
  /** Ends the command. */
  end(): void;
}

/** The arguments with the host put in, as ssh_config(5) has it for ProxyCommand: %h, %p, and %% for a percent sign. */
export function proxyArguments(command: readonly string[], { address, port = 22 }: Pick<Connection, "address" | "port">): string[] {
  const values: Record<string, string> = { "%h": address, "%p": String(port), "%%": "%" };
  return command.map((argument) => argument.replace(/%[hp%]/g, (token) => values[token]!));
}

/** Starts the command; no shell takes part. It ends when the stream does, or this process. */
export function openProxy(command: readonly string[], connection: Connection): Proxy {
  const [file, ...args] = proxyArguments(command, connection);
  const child = spawn(file!, args, { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  let ending = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-500)));
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  child.once("error", (error) => stream.destroy(error));
  child.once("exit", (code) => stream.destroy(code === 0 || ending ? undefined : new Error(`the command ended with ${code === null ? "a signal" : `exit code ${code}`}`)));
  const end = () => {
    ending = true;
    child.kill();
  };
  return { stream, said: () => said.trim().split("\n").at(-1) ?? "", end };
}
