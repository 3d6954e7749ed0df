import { Agent, type ClientRequest, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { inspect } from "node:util";
import Docker from "dockerode";
import { engineBound, TooMuch } from "./bounds";

/** Opens one more stream to the engine's socket on the host. */
export type OpenStream = () => Promise<Duplex>;

/**
 * The Docker API over streams of an SSH connection; each HTTP connection is one stream, kept for the next call. An answer that is longer
 * than its bound fails with TooMuch.
 * @param address the host's, for messages
 */
export function dockerOver(address: string, open: OpenStream): Docker {
  const agent = new StreamAgent(address, open);
  return new Docker({ protocol: "http", host: "engine", port: 80, agent } as Docker.DockerOptions & { agent: Agent });
}

class StreamAgent extends Agent {
  constructor(
    private readonly address: string,
    private readonly open: OpenStream,
  ) {
    super({ keepAlive: true, maxSockets: 16, scheduling: "fifo" });
  }

  /** Node calls this, undocumented but for years, with every request before it goes out. */
  addRequest(request: ClientRequest, ...rest: unknown[]): void {
    request.prependOnceListener("response", (response) => bound(response, this.address, request));
    (Agent.prototype as unknown as { addRequest(...all: unknown[]): void }).addRequest.call(this, request, ...rest);
  }

  /**
   * docker-modem prints the options of every call for its debug log, also when nobody reads it, down to the last socket of
   * this agent and what hangs on it: with 60 calls at once that took minutes.
   */
  [inspect.custom](): string {
    return "StreamAgent";
  }

  override createConnection(_options: unknown, done?: (error: Error | null, stream: Duplex) => void): Duplex {
    this.open().then(
      (stream) => done?.(null, asSocket(stream)),
      (error: Error) => done?.(error, undefined as never),
    );
    return undefined as never; // Node takes the stream from the callback
  }
}

/** Counts the body where the parser hands it over: a listener for its data would set it going before its reader is there. */
function bound(response: IncomingMessage, address: string, { method, path }: ClientRequest): void {
  const most = engineBound(path);
  const push = response.push.bind(response);
  let room = most;
  response.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    if (room < 0) return false;
    room -= chunk?.length ?? 0;
    if (room >= 0) return push(chunk, encoding);
    response.destroy(new TooMuch(address, `${method} ${path.split("?", 1)[0]} of its engine`, most));
    return false;
  };
}

/**
 * http.Agent calls these on what it thinks is a TCP socket; a channel of an SSH connection has no such options. A socket
 * closes when its peer does, a channel stays half open: the agent would keep it for the next call, after the engine restarted.
 */
function asSocket(stream: Duplex): Duplex {
  const self = () => stream;
  const destroy = destroyAsSocket(stream);
  stream.once("end", () => destroy());
  return Object.assign(stream, { destroy, setKeepAlive: self, setNoDelay: self, setTimeout: self, ref: self, unref: self });
}

/**
 * A socket that is destroyed tells its error, by which a call that is aborted ends, and that it is closed. A channel keeps
 * the error to itself, and says that it is closed only to somebody who reads it to its end: the agent would count it for ever,
 * and with as many as it may have, the next call would wait for ever.
 */
function destroyAsSocket(stream: Duplex): (error?: Error) => Duplex {
  const close = stream.destroy.bind(stream);
  let told = false;
  return (error) => {
    if (error && !told) process.nextTick(() => stream.listenerCount("error") > 0 && stream.emit("error", error));
    told = true;
    return close().resume();
  };
}
