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
  stream.once("end", () => stream.destroy());
  return Object.assign(stream, { setKeepAlive: self, setNoDelay: self, setTimeout: self, ref: self, unref: self });
}
