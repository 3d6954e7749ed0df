import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { onScratchHost, type ScratchHost, startScratchHosts, stopScratchHosts } from "../../../lab/scratch";
import type { Connection } from "../../../provider/remote/connection";
import { Connections } from "../../../provider/remote/connections";
import { CommandFailed } from "../../../provider/remote/machine";

const LAB = "ptremote";
let host: ScratchHost;
let other: ScratchHost;
let connections: Connections;
let target: Connection;

const settings = () => ({ privateKey: host.privateKey, connectTimeout: 3000, commandTimeout: 20_000 });

beforeAll(async () => {
  [host, other] = (await startScratchHosts({ name: LAB, subnet: 242, count: 2 })) as [ScratchHost, ScratchHost];
  connections = new Connections(settings());
  target = { address: host.address, hostKey: host.hostKey };
}, 360_000);
afterAll(async () => {
  connections?.close();
  await stopScratchHosts(LAB);
}, 180_000);

describe("logging in", () => {
  test("another key than the pinned one is refused, and waiting does not help", async () => {
    const started = Date.now();
    await expect(connections.machine({ ...target, hostKey: other.hostKey }, 30_000)).rejects.toThrow(/shows another key than the pinned ssh-ed25519/);
    expect(Date.now() - started).toBeLessThan(20_000);
  });
  test("a key that the host does not know is refused with what to do", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dockyard-key-"));
    try {
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "key")]);
      await expect(connections.machine({ ...target, keyFile: join(folder, "key") })).rejects.toThrow(/refuses the login; put the public key .* authorized_keys/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  test("a key file that is not there is named", async () => {
    await expect(connections.machine({ ...target, keyFile: "/nowhere/key" })).rejects.toThrow("the private key /nowhere/key cannot be read (ENOENT)");
  });
  test("a host that does not answer is named, with what was tried", async () => {
    await expect(connections.machine({ ...target, port: 2222 })).rejects.toThrow(`root@${host.address}:2222: no SSH connection`);
  });
  test("a pinned type of key that the host does not have is said so", async () => {
    const rsa = `ssh-rsa ${Buffer.from("\0\0\0\x07ssh-rsa").toString("base64")}`;
    await expect(connections.machine({ ...target, hostKey: rsa })).rejects.toThrow(/has no key of the pinned type ssh-rsa/);
  });
  test("a command that leads to the host serves as the way to it, through another host for one", async () => {
    const bastion = ["ssh", "-i", host.privateKeyFile, "-o", `UserKnownHostsFile=${join(host.privateKeyFile, "..", "known_hosts")}`, "-o", "BatchMode=yes", "-W", "%h:%p", `root@${other.address}`];
    const proxied = new Connections({ privateKey: host.privateKey, connectTimeout: 3000, commandTimeout: 5000, proxies: { bastion } });
    const machine = await proxied.machine({ ...target, proxy: "bastion" });
    expect((await machine.run(["sh", "-c", "echo $SSH_CONNECTION"])).split(" ")[0]).toBe(other.address);
  });
  test("a command that leads nowhere is told with what it says", async () => {
    const nowhere = ["sh", "-c", "echo no way to %h >&2; exit 1"];
    const proxied = new Connections({ privateKey: host.privateKey, connectTimeout: 3000, commandTimeout: 5000, proxies: { nowhere } });
    await expect(proxied.machine({ ...target, proxy: "nowhere" })).rejects.toThrow(new RegExp(`no SSH connection.*no way to ${host.address.replaceAll(".", "\\.")}|closed during the handshake.*no way to`));
  });
  test("a key file serves as well as the provider's key", async () => {
    const machine = await new Connections({ connectTimeout: 3000, commandTimeout: 5000 }).machine({ ...target, keyFile: host.privateKeyFile });
    expect(await machine.run(["hostname"])).toBe(`${host.name}\n`);
  });
});

describe("streams", () => {
  const SIZE = 20_000_000;
  /** Passes everything on that it gets, and counts it. */
  const counting = () => {
    let bytes = 0;
    return { to: new Writable({ write: (chunk: Buffer, _encoding, done) => ((bytes += chunk.length), done()) }), bytes: () => bytes };
  };

  test("go through a command in both directions, more than fits into memory's windows", async () => {
    const machine = await connections.machine(target);
    const out = counting();
    await machine.pipe(["tr", "a", "b"], { from: Readable.from(Array.from({ length: SIZE / 100_000 }, () => Buffer.alloc(100_000, "a"))), to: out.to });
    expect(out.bytes()).toBe(SIZE);
  });
  test("of a command that fails tell its own words, whether it reads to the end or not", async () => {
    const machine = await connections.machine(target);
    const pieces = () => Readable.from(Array.from({ length: 200 }, () => Buffer.alloc(100_000)));
    await expect(machine.pipe(["sh", "-c", "cat >/dev/null; echo it was too much >&2; exit 3"], { from: pieces() })).rejects.toThrow(/exited with 3: it was too much/);
    await expect(machine.pipe(["sh", "-c", "echo no space >&2; exit 4"], { from: pieces() })).rejects.toThrow(/exited with 4: no space/);
    await expect(machine.pipe(["sh", "-c", "echo half; exit 5"], { to: counting().to })).rejects.toThrow(CommandFailed);
  });
  test("that break on this side end the command, and the connection serves on", async () => {
    const machine = await connections.machine(target);
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error("the disk is full")) });
    await expect(machine.pipe(["cat", "/dev/zero"], { to: full })).rejects.toThrow("the disk is full");
    const broken = Readable.from((async function* () {
      yield Buffer.from("x");
      throw new Error("the backup is damaged");
    })());
    await expect(machine.pipe(["cat"], { from: broken })).rejects.toThrow("the backup is damaged");
    expect(await machine.run(["echo", "on"])).toBe("on\n");
  });
});

describe("commands and files", () => {
  test("arguments arrive unread, standard input whole, exit codes as they are", async () => {
    const machine = await connections.machine(target);
    const odd = `a'b"c $(id) \`id\` ;&|\n*`;
    expect(await machine.run(["printf", "%s", odd])).toBe(odd);
    expect(await machine.run(["cat"], { stdin: odd })).toBe(odd);
    expect(await machine.exec(["sh", "-c", "echo out; echo err >&2; exit 7"])).toEqual({ code: 7, stdout: "out\n", stderr: "err\n" });
    await expect(machine.run(["false"])).rejects.toThrow(CommandFailed);
  });
  test("more commands at once than sshd has sessions for", async () => {
    const machine = await connections.machine(target);
    const numbers = Array.from({ length: 40 }, (_, number) => String(number));
    expect(await Promise.all(numbers.map((number) => machine.run(["sh", "-c", `sleep 0.05; echo ${number}`])))).toEqual(numbers.map((number) => `${number}\n`));
  });
  test("a command that takes too long is given up, and said so", async () => {
    const machine = await connections.machine(target);
    await expect(machine.exec(["sleep", "30"], { timeout: 300 })).rejects.toThrow(`${host.address}: "sleep 30" did not end within 0.3 s`);
  });
  test("files are written whole, with their mode, and read back byte for byte", async () => {
    const machine = await connections.machine(target);
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await machine.writeFile("/etc/made up/one file", bytes, 0o640);
    expect(await machine.readFile("/etc/made up/one file")).toEqual(bytes);
    expect(await onScratchHost(host, "stat -c %a '/etc/made up/one file'; ls '/etc/made up'")).toBe("640\none file\n");
    expect(await machine.readFile("/etc/none")).toBeUndefined();
    await machine.remove("/etc/made up");
    await machine.remove("/etc/made up");
    expect(await machine.readFile("/etc/made up/one file")).toBeUndefined();
  });
  test("the engine's API, also after the engine was restarted", async () => {
    const machine = await connections.machine(target);
    expect((await machine.docker.info()).Name).toBe(host.name);
    await onScratchHost(host, "systemctl reset-failed docker; systemctl restart docker");
    expect((await machine.docker.info()).Name).toBe(host.name);
  }, 180_000);
  test("a lost connection is opened again", async () => {
    const before = await connections.machine(target);
    const lost = expect(before.exec(["sleep", "20"])).rejects.toThrow("the SSH connection was lost");
    await onScratchHost(host, "pkill -f 'sshd.*root@notty'").catch(() => undefined); // its own session goes too
    await lost;
    expect(await (await connections.machine(target)).run(["hostname"])).toBe(`${host.name}\n`);
  }, 90_000);
});

test("a login that is not root does the same through sudo", async () => {
  await onScratchHost(host, "useradd -m -N -s /bin/sh operator && mkdir -p /home/operator/.ssh && cp /root/.ssh/authorized_keys /home/operator/.ssh/ && chown -R operator /home/operator/.ssh");
  const operator = { ...target, user: "operator" };
  await expect((await connections.machine(operator)).run(["id", "-u"])).rejects.toThrow(/password is required|sudo/);
  await onScratchHost(host, "echo 'operator ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/operator");
  const machine = await connections.machine(operator);
  expect(await machine.run(["id", "-u"])).toBe("0\n");
  await machine.writeFile("/etc/by-operator", "x", 0o600);
  expect(await onScratchHost(host, "stat -c '%U %a' /etc/by-operator")).toBe("root 600\n");
  expect((await machine.docker.info()).Name).toBe(host.name);
}, 90_000);

test("a host that still boots is waited for", async () => {
  const late: Connection = { address: other.address, hostKey: other.hostKey };
  await onScratchHost(other, "systemctl stop ssh.socket ssh 2>/dev/null; (sleep 2; systemctl start ssh) >/dev/null 2>&1 &");
  await expect(connections.machine(late)).rejects.toThrow("no SSH connection");
  expect(await (await connections.machine(late, 30_000)).run(["hostname"])).toBe(`${other.name}\n`);
}, 180_000);
