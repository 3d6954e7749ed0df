import { readFile } from "node:fs/promises";
import { endianness } from "node:os";
import { createServer, type Server, type Socket } from "node:net";

/*
 * Whoever may open a TCP connection to 127.0.0.1 is any user of this machine, and Pulumi's protocol between engine and provider has no
 * password. The kernel knows whose the far end of a connection is: that is asked before the first byte is read.
 */

/** The two ends of a connection as the one who calls sees them. IPv4 addresses alone: we listen on 127.0.0.1. */
export interface Call {
  readonly from: { readonly address: string; readonly port: number };
  readonly to: { readonly address: string; readonly port: number };
}

/** Where the kernel lists TCP sockets, a table for each family; an IPv6 socket may call an IPv4 address. */
const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];
/** State of a connection that both ends have open (include/net/tcp_states.h). */
const ESTABLISHED = "01";

/**
 * The user whose socket a call comes from, by the kernel's tables (proc_pid_net(5)); undefined where they have none. Only a connection that is
 * open counts: one whose caller has gone stays listed for a while, as root's. Pure.
 */
export function callerIn(tables: readonly string[], { from, to }: Call): number | undefined {
  const ends = [`${inKernelWords(from.address)}:${hexPort(from.port)}`, `${inKernelWords(to.address)}:${hexPort(to.port)}`];
  for (const row of tables.flatMap((table) => table.split("\n").slice(1))) {
    const [, local, remote, state, , , , uid, , inode] = row.trim().split(/\s+/);
    const ours = withoutMapping(local) === ends[0] && withoutMapping(remote) === ends[1];
    if (ours && state === ESTABLISHED && inode !== "0" && /^\d+$/.test(uid ?? "")) return Number(uid);
  }
  return undefined;
}

/** An IPv4 address as the tables write it: its four bytes as one number of the machine's own byte order. */
function inKernelWords(address: string): string {
  const bytes = address.replace(/^::ffff:/i, "").split(".").map((byte) => Number(byte).toString(16).padStart(2, "0").toUpperCase());
  return (endianness() === "LE" ? bytes.reverse() : bytes).join("");
}

const hexPort = (port: number): string => port.toString(16).padStart(4, "0").toUpperCase();

/** An IPv4 address inside of an IPv6 one ("::ffff:127.0.0.1") counts as the IPv4 address. */
function withoutMapping(end: string | undefined): string | undefined {
  return end?.replace(/^0{16}(?:FFFF0000|0000FFFF)(?=[0-9A-F]{8}:)/, "");
}

/** The user at the far end of an accepted connection; undefined where the kernel does not say. */
export async function callerOf(socket: Socket): Promise<number | undefined> {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  if (remoteAddress === undefined || remotePort === undefined || localAddress === undefined || localPort === undefined) return undefined;
  const tables = await Promise.all(TABLES.map((path) => readFile(path, "latin1").catch(() => "")));
  return callerIn(tables, { from: { address: remoteAddress, port: remotePort }, to: { address: localAddress, port: localPort } });
}

export interface Doorkeeper {
  /** Takes a connection that was let in. */
  admit(socket: Socket): void;
  /** Is told of one that was refused: the user at its far end, where it is known. */
  refused(uid: number | undefined): void;
}

/**
 * A server, not yet listening, that lets connections of our own user in and nobody else's, not even root's, who has no business here. Nothing
 * is read from a connection before. Where there is no /proc (macOS) nobody can tell, and everybody is let in: see docs/security.md.
 */
export function ownUserOnly({ admit, refused }: Doorkeeper): Server {
  const own = process.geteuid?.();
  const letIn = (socket: Socket) => {
    admit(socket);
    socket.read(0); // who takes it over reads the handle below it, which stands still until somebody asks
  };
  const judge = async (socket: Socket) => {
    if (process.platform !== "linux") return letIn(socket);
    const uid = await callerOf(socket);
    if (uid !== undefined && uid === own) return letIn(socket);
    socket.resetAndDestroy();
    refused(uid);
  };
  return createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    socket.on("error", () => undefined);
    void judge(socket);
  });
}
