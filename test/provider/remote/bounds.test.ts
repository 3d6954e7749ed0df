import { createServer as createHttp, type Server as HttpServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Server, type ServerChannel, utils } from "ssh2";
import { engineBound, OUTPUT, Tail } from "../../../provider/remote/bounds";
import { Connections } from "../../../provider/remote/connections";
import type { Machine } from "../../../provider/remote/machine";

const MIB = 1024 * 1024;
/** What may be under way beyond a bound: the windows of SSH's channel and of the sockets. */
const UNDER_WAY = 16 * MIB;

describe("the bound of an answer of the engine", () => {
  it.each([
    ["/tasks", 64], ["/tasks?filters=%7B%7D", 64], ["/v1.44/services", 64], ["/configs", 64], ["/images/r:5000/demo/web/push?tag=x", 64], ["/images/load", 64],
    ["/tasks/abc/logs?tail=20", 1], ["/containers/abc/logs", 1], ["/services/logs/logs", 1],
    ["/info", 8], ["/tasks/abc", 8], ["/images/x/json", 8], ["/info?/tasks", 8], ["/distribution/r/x/json", 8], ["/", 8], ["", 8],
  ])("%s: %i MiB", (path, mebibytes) => expect(engineBound(path)).toBe(mebibytes * MIB));
});

describe("the end of a text", () => {
  it.each([[["abc"], "abc"], [["abcd", "ef"], "cdef"], [["abcdefgh"], "efgh"], [["", "a"], "a"], [["ab", "cdefghij", "k"], "hijk"]])("of %j is %s", (pieces, end) => {
    const tail = new Tail(4);
    for (const piece of pieces) tail.add(Buffer.from(piece));
    expect(tail.toString()).toBe(end);
  });
});

describe("a host that answers without end", () => {
  const CHUNK = Buffer.alloc(32 * 1024, "all fine\n");
  let sent = 0;
  let engine: HttpServer;
  let ssh: Server;
  let connections: Connections;
  let machine: Machine;

  /** Writes for as long as somebody takes it, as fast as it is taken. */
  function withoutEnd(stream: ServerResponse | ServerChannel | ServerChannel["stderr"], ended: () => boolean): void {
    const more = () => {
      while (!ended()) {
        sent += CHUNK.length;
        if (!stream.write(CHUNK)) return void stream.once("drain", more);
      }
    };
    stream.on("error", () => undefined);
    more();
  }

  /** Writes so many bytes in all, then ends well. */
  function exactly(channel: ServerChannel, bytes: number): void {
    channel.write(Buffer.alloc(bytes, "x"));
    channel.exit(0);
    channel.end();
  }

  beforeAll(async () => {
    engine = createHttp((request, response) => {
      const status = request.url!.includes("refuse") ? 500 : 200;
      response.writeHead(status, { "content-type": "application/json" });
      if (request.url!.includes("/info")) return void response.end("{}");
      withoutEnd(response, () => response.destroyed);
    });
    await new Promise<void>((resolve) => engine.listen(0, "127.0.0.1", resolve));
    const key = utils.generateKeyPairSync("ed25519");
    ssh = new Server({ hostKeys: [key.private] }, (client) => {
      let gone = false;
      client.on("error", () => undefined).on("close", () => (gone = true));
      client.on("authentication", (context) => context.accept());
      client.on("session", (accept) =>
        accept().on("exec", (acceptExec, _reject, { command }) => {
          const channel = acceptExec();
          let closed = false;
          channel.on("close", () => (closed = true)).on("error", () => undefined);
          const size = /'size' '(\d+)'/.exec(command)?.[1];
          if (size !== undefined) return exactly(channel, Number(size));
          withoutEnd(command.includes("stderr") ? channel.stderr : channel, () => closed || gone);
        }),
      );
      client.on("openssh.streamlocal" as never, ((accept: () => ServerChannel) => {
        const channel = accept();
        const socket = connect((engine.address() as AddressInfo).port, "127.0.0.1");
        socket.on("error", () => undefined).on("close", () => channel.destroy());
        channel.on("error", () => undefined).on("close", () => socket.destroy());
        socket.pipe(channel).pipe(socket);
      }) as never);
    });
    await new Promise<void>((resolve) => ssh.listen(0, "127.0.0.1", resolve));
    const login = utils.generateKeyPairSync("ed25519");
    connections = new Connections({ privateKey: login.private, connectTimeout: 5000, commandTimeout: 60_000 });
    machine = await connections.machine({ address: "127.0.0.1", port: (ssh.address() as AddressInfo).port, hostKey: key.public });
  });
  beforeEach(() => (sent = 0));
  afterAll(() => {
    connections.close();
    ssh.close();
    engine.closeAllConnections();
    engine.close();
  });

  const cut = (what: string, bound: string) => ({ name: "TooMuch", message: expect.stringMatching(new RegExp(`^127\\.0\\.0\\.1: the answer to ${what} is longer than ${bound}`)) as string });

  it.each([
    ["standard output", ["yes"], '"yes"'],
    ["standard error", ["yes", "stderr"], '"yes stderr"'],
  ])("on %s of a command is cut off", async (_, command, what) => {
    await expect(machine.exec(command)).rejects.toMatchObject(cut(what, "1 MiB"));
    await expect(machine.run(command)).rejects.toMatchObject(cut(what, "1 MiB"));
    expect(sent).toBeLessThan(2 * (MIB + UNDER_WAY));
  });

  it("in a file that is read is cut off", async () => {
    await expect(machine.readFile("/etc/hosts")).rejects.toMatchObject(cut('"sh .*', "16 MiB"));
    expect(sent).toBeLessThan(OUTPUT.file + UNDER_WAY);
  });

  it("takes what ends at the bound, and not one byte more", async () => {
    expect((await machine.exec(["size", String(OUTPUT.usual)])).stdout).toHaveLength(OUTPUT.usual);
    await expect(machine.exec(["size", String(OUTPUT.usual + 1)])).rejects.toMatchObject(cut('"size 1048577"', "1 MiB"));
    expect((await machine.exec(["size", String(5 * MIB)], { atMost: 5 * MIB })).stdout).toHaveLength(5 * MIB);
  });

  it.each([
    ["an object", () => machine.docker.getContainer("x").inspect(), "GET /containers/x/json of its engine", "8 MiB", 8],
    ["a list", () => machine.docker.listTasks(), "GET /tasks of its engine", "64 MiB", 64],
    ["an error", () => machine.docker.getContainer("refuse").inspect(), "GET /containers/refuse/json of its engine", "8 MiB", 8],
    ["an answer to a POST", () => machine.docker.createVolume({ Name: "x" }), "POST /volumes/create of its engine", "8 MiB", 8],
    ["a log", () => (machine.docker.getTask("x") as unknown as { logs(options: object): Promise<unknown> }).logs({ stdout: true, tail: 20 }), "GET /tasks/x/logs of its engine", "1 MiB", 1],
  ])("in %s of the engine's API is cut off", async (_, call, what, bound, mebibytes) => {
    await expect(call()).rejects.toMatchObject(cut(what, bound));
    expect(sent).toBeLessThan(mebibytes * MIB + UNDER_WAY);
  }, 30_000);

  it("in a stream of progress is cut off", async () => {
    const stream = (await machine.docker.getImage("demo/web").push({ authconfig: {} } as never)) as unknown as NodeJS.ReadableStream;
    const error = await new Promise((resolve) => stream.on("data", () => undefined).once("error", resolve).once("end", () => resolve("ended")));
    expect(error).toMatchObject(cut("POST /images/demo/web/push of its engine", "64 MiB"));
    expect(sent).toBeLessThan(64 * MIB + UNDER_WAY);
  }, 30_000);

  it("leaves the connection good for the next command and the next call", async () => {
    for (let each = 0; each < 12; each++) await expect(machine.exec(["yes"])).rejects.toMatchObject({ name: "TooMuch" });
    expect((await machine.exec(["size", "3"])).stdout).toBe("xxx");
    expect(await machine.docker.info()).toEqual({});
  }, 30_000);
});
