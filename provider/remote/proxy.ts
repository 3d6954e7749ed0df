import { spawn } from "node:child_process";
import { Duplex } from "node:stream";
import type { Connection } from "./connection";

/** A command whose input and output are the way to a host. */
export interface Proxy {
  readonly stream: Duplex;
  /** Ends the command, if it has not ended. @returns the last thing that it said of itself, for an error */
  end(): Promise<string>;
}

/** Milliseconds that a command has to end by itself once it is no longer needed. */
const PATIENCE = 500;

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
  child.stdin.on("error", () => undefined);
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  // Whoever uses it has listeners of their own; once they are done with it, nobody is interested any more.
  stream.on("error", () => undefined);
  child.once("error", (error) => stream.destroy(error));
  child.once("exit", (code) => stream.destroy(code === 0 || ending ? undefined : new Error(`the command ended with ${code === null ? "a signal" : `exit code ${code}`}`)));
  // A pipe that breaks is noticed before what the command said arrives.
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()).once("error", () => resolve()));
  const end = async () => {
    // One that is about to fail by itself gets the time to say why.
    const late = setTimeout(() => {
      ending = true;
      child.kill("SIGKILL");
    }, PATIENCE);
    await closed;
    clearTimeout(late);
    return said.trim().split("\n").at(-1) ?? "";
  };
  return { stream, end };
}
