import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { callerIn } from "../../provider/peers";

const HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const row = (local: string, remote: string, state: string, uid: string, inode = "4711") =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000 ${uid}        0 ${inode} 1 0000000000000000 20 4 30 10 -1`;
/** From 127.0.0.1:40000 to 127.0.0.1:8080. */
const call = { from: { address: "127.0.0.1", port: 40_000 }, to: { address: "127.0.0.1", port: 8080 } };
const [CALLER, SERVER] = ["0100007F:9C40", "0100007F:1F90"];
const MAPPED = "0000000000000000FFFF0000";

describe("the caller of a connection, by the kernel's table", () => {
  it.each([
    ["an IPv4 socket", row(CALLER, SERVER, "01", "1000"), 1000],
    ["an IPv6 socket that calls an IPv4 address", row(MAPPED + CALLER, MAPPED + SERVER, "01", "1001"), 1001],
    ["root", row(CALLER, SERVER, "01", "0"), 0],
    ["the server's own end, which is not asked for", row(SERVER, CALLER, "01", "1000"), undefined],
    ["one that is closing, which is listed as root's", row(CALLER, SERVER, "05", "0", "0"), undefined],
    ["one that waits after its end, which is listed as root's", row(CALLER, SERVER, "06", "0", "0"), undefined],
    ["one that only begins", row(CALLER, SERVER, "02", "1000"), undefined],
    ["one without a socket of a process", row(CALLER, SERVER, "01", "0", "0"), undefined],
    ["another port of the same caller", row("0100007F:9C41", SERVER, "01", "1000"), undefined],
    ["another server", row(CALLER, "0100007F:1F91", "01", "1000"), undefined],
    ["another loopback address", row("0200007F:9C40", SERVER, "01", "1000"), undefined],
    ["an IPv6 address that only ends alike", row(`FE800000000000000000FFFF${CALLER}`, MAPPED + SERVER, "01", "1000"), undefined],
    ["a user that is no number", row(CALLER, SERVER, "01", "-1"), undefined],
    ["a row that was cut off", `   0: ${CALLER} ${SERVER} 01`, undefined],
    ["an empty table", "", undefined],
  ])("%s", (_, line, uid) => expect(callerIn([`${HEAD}\n${line}\n`, `${HEAD}\n`], call)).toBe(uid));

  it("looks past the rows of others, in both tables", () => {
    const others = Array.from({ length: 2000 }, (_, port) => row(`0100007F:${(10_000 + port).toString(16).toUpperCase()}`, SERVER, "01", "7")).join("\n");
    expect(callerIn([`${HEAD}\n${others}\n`, `${HEAD}\n${row(MAPPED + CALLER, MAPPED + SERVER, "01", "1002")}\n`], call)).toBe(1002);
  });
});

/** The plugin as the engine starts it. Another user of this machine is played by one: that takes root. */
const isRoot = process.platform === "linux" && process.getuid?.() === 0;

(isRoot ? describe : describe.skip)(isRoot ? "the provider's port" : "the provider's port (skipped: only root on Linux can play another user)", () => {
  let child: ChildProcess;
  let port: number;

  beforeAll(async () => {
    child = spawn(join(__dirname, "../../provider/pulumi-resource-dockyard"), { stdio: ["ignore", "pipe", "inherit"] });
    port = await new Promise((resolve) => child.stdout!.once("data", (line: Buffer) => resolve(Number(line))));
  }, 30_000);
  afterAll(() => child.kill());

  const info = () =>
    new Promise<string>((resolve, reject) => {
      const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
      client.getPluginInfo(new Empty(), (error, answer: PluginInfo) => {
        client.close();
        if (error) reject(error);
        else resolve(answer.getVersion());
      });
    });
  /** Node as another user, with a program that says what came back on a connection to the port. */
  const asOther = (uid: number, program: string) => {
    const done = spawnSync("setpriv", [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", process.execPath, "-e", program, String(port)], { cwd: "/", encoding: "utf8" });
    return `${done.stdout}${done.stderr}`.trim();
  };
  /** Begins HTTP/2 as gRPC does; a server that talks answers with its settings. */
  const SPEAK = `
    const socket = require("node:net").connect(Number(process.argv[1]), "HOST", () => socket.write("PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n\\0\\0\\0\\4\\0\\0\\0\\0\\0"));
    socket.on("data", (data) => { console.log("answered", data.length > 0); process.exit(); });
    socket.on("error", (error) => console.log(error.code)).on("close", () => { console.log("closed"); process.exit(); });
    setTimeout(() => { console.log("silence"); process.exit(); }, 5000);`;

  it("answers its own user", async () => expect(await info()).toMatch(/^\d+\.\d+/), 20_000);

  it.each([65534, 1000, 1])("answers nothing to user %i", (uid) => {
    expect(asOther(uid, SPEAK.replace("HOST", "127.0.0.1"))).toMatch(/^(ECONNRESET\n)?closed$/);
  });

  it("answers nothing to another user over an IPv6 socket", () => {
    expect(asOther(65534, SPEAK.replace("HOST", "::ffff:127.0.0.1"))).toMatch(/^(ECONNRESET\n)?closed$/);
  });

  it("does not take one who has left already for root", () => {
    const program = `const socket = require("node:net").connect(Number(process.argv[1]), "127.0.0.1", () => { socket.end("PRI * HTTP/2.0"); });
      socket.on("error", () => undefined).on("data", () => console.log("answered"));`;
    for (let each = 0; each < 5; each++) expect(asOther(65534, program)).toBe("");
  });

  it("still answers its own user after a hundred calls of others", async () => {
    asOther(65534, `const net = require("node:net"); for (let i = 0; i < 100; i++) net.connect(Number(process.argv[1]), "127.0.0.1").on("error", () => undefined);`);
    expect(await info()).toMatch(/^\d+\.\d+/);
  }, 20_000);

  it("is on the loopback address alone", async () => {
    const other = execFileSync("hostname", ["-I"], { encoding: "utf8" }).trim().split(/\s+/)[0];
    if (!other) return;
    const failed = await new Promise<string>((resolve) => {
      const socket: Socket = createConnection(port, other, () => resolve("connected"));
      socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
    });
    expect(failed).toBe("ECONNREFUSED");
  });
});
