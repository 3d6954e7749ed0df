import { Agent } from "node:http";
import type { Duplex } from "node:stream";
import { inspect } from "node:util";
import Docker from "dockerode";

/** Opens one more stream to the engine's socket on the host. */
export type OpenStream = () => Promise<Duplex>;

/** The Docker API over streams of an SSH connection; each HTTP connection is one stream, kept for the next call. */
export function dockerOver(open: OpenStream): Docker {
  const agent = new StreamAgent(open);
  return new Docker({ protocol: "http", host: "engine", port: 80, agent } as Docker.DockerOptions & { agent: Agent });
}

class StreamAgent extends Agent {
  constructor(private readonly open: OpenStream) {
    super({ keepAlive: true, maxSockets: 16, scheduling: "fifo" });
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
