import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onScratchHost, type ScratchHost, startScratchHosts, stopScratchHosts } from "../../../lab/scratch";
import { ProviderProcess } from "../support/provider";
import { connectionTo, machineIdOf } from "./laboratory";

const LOGIN = "dockyard:hosts:Login";
const LAB = "ptlogin";
const STRANGER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPJrrLrp2VY0ocVyg+2NHW4vrlTqhzq5YoN3ArkHQnE a colleague";
const FILE = "/root/.ssh/authorized_keys";

interface Key {
  readonly secret: string;
  readonly open: string;
}
let folder: string;
function keyPair(name: string): Key {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", join(folder, name)]);
  return { secret: readFileSync(join(folder, name), "utf8"), open: readFileSync(join(folder, `${name}.pub`), "utf8").trim() };
}

let host: ScratchHost;
let machine: string;
let [first, second, third]: Key[] = [];

/** Asks a provider that has these keys, the present one first. */
async function withKeys<T>(keys: readonly Key[], work: (provider: ProviderProcess) => Promise<T>): Promise<T> {
  const provider = await ProviderProcess.start({ privateKey: keys.map(({ secret }) => secret).join(""), timeouts: { connect: 5 } });
  try {
    return await work(provider);
  } finally {
    provider.stop();
  }
}
const inputs = (present: Key, ...former: Key[]) => ({ connection: connectionTo(host), host: machine, publicKey: present.open, formerKeys: former.map(({ open }) => open) });
/** Who is let in, by the comments of the keys. */
const letIn = () => execFileSync("docker", ["exec", host.name, "cat", FILE], { encoding: "utf8" }).trim().split("\n").map((line) => line.split(" ").slice(2).join(" "));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dockyard-login-"));
  [host] = (await startScratchHosts({ name: LAB, subnet: 153, count: 1 })) as [ScratchHost];
  machine = await machineIdOf(host);
  first = { secret: host.privateKey, open: readFileSync(`${host.privateKeyFile}.pub`, "utf8").trim() };
  [second, third] = [keyPair("second"), keyPair("third")];
  await onScratchHost(host, `echo '${STRANGER}' >> ${FILE}`);
}, 120_000);
afterAll(async () => {
  await stopScratchHosts(LAB);
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test("another key is let in, proves itself, and the former one goes; what others put there stays", async () => {
  const stored = await withKeys([second!, first!], async (provider) => {
    const { id, outputs } = await provider.create(LOGIN, inputs(second!, first!));
    expect(await provider.read(LOGIN, id, { inputs: inputs(second!, first!), outputs })).toBeDefined();
    return { id, outputs };
  });
  expect(letIn()).toEqual(["a colleague", "second"]);
  await expect(onScratchHost(host, "true")).rejects.toThrow("Permission denied");
  // Nobody has to know that it was done before.
  await withKeys([second!, first!], (provider) => provider.create(LOGIN, inputs(second!, first!)));
  expect(letIn()).toEqual(["a colleague", "second"]);
  // Without a delete: the next one takes its place.
  await withKeys([third!, second!, first!], (provider) => provider.update(LOGIN, stored.id, { inputs: inputs(second!, first!), outputs: stored.outputs }, inputs(third!, second!, first!)));
  expect(letIn()).toEqual(["a colleague", "third"]);
}, 60_000);

test("a key that does not log in is taken out again, and the former one stays", async () => {
  const broken = keyPair("broken");
  await withKeys([broken, third!], async (provider) => {
    // Not the public key of the one that the provider has.
    const other = keyPair("other");
    await expect(provider.create(LOGIN, { ...inputs(broken, third!), publicKey: other.open })).rejects.toThrow(/the new key is in .* and does not log in, so it was taken out again: .* refuses the login/);
  });
  expect(letIn()).toEqual(["a colleague", "third"]);
}, 60_000);

test("a key that a hand put back, or took away, is seen and set right", async () => {
  const keys = [third!, second!, first!];
  const stored = { inputs: inputs(third!, second!, first!), outputs: {} };
  await withKeys(keys, async (provider) => {
    expect(await provider.read(LOGIN, "id", stored)).toEqual(stored);
    execFileSync("docker", ["exec", host.name, "sh", "-c", `echo '${first!.open}' >> ${FILE}`]);
    expect(await provider.read(LOGIN, "id", stored)).toBeUndefined();
    await provider.create(LOGIN, stored.inputs);
    expect(await provider.read(LOGIN, "id", stored)).toEqual(stored);
  });
  expect(letIn()).toEqual(["a colleague", "third"]);
}, 60_000);

test("a former generation is refused: with the present key forgotten nobody would get in", async () => {
  const stored = { inputs: inputs(third!, second!, first!), outputs: {} };
  await withKeys([second!, first!], async (provider) => {
    await expect(provider.diff(LOGIN, "id", stored, inputs(second!, first!))).rejects.toThrow("hosts.loginGeneration only goes up");
    await expect(provider.delete(LOGIN, "id", stored)).rejects.toThrow("hosts.loginGeneration only goes up");
  });
  await withKeys([third!, second!, first!], (provider) => provider.delete(LOGIN, "id", stored));
  expect(letIn()).toEqual(["a colleague", "third"]);
}, 60_000);

test("a user who is not root keeps what sshd reads as that user", async () => {
  const setUp = [
    "useradd --create-home --shell /bin/bash admin",
    "echo 'admin ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/admin",
    "install -d -o admin -g admin -m 700 /home/admin/.ssh",
    `echo '${first!.open}' > /home/admin/.ssh/authorized_keys`,
    "chown admin:admin /home/admin/.ssh/authorized_keys && chmod 600 /home/admin/.ssh/authorized_keys",
  ].join(" && ");
  execFileSync("docker", ["exec", host.name, "sh", "-c", setUp]);
  const wanted = { ...inputs(second!, first!), connection: { ...connectionTo(host), user: "admin" } };
  await withKeys([second!, first!], (provider) => provider.create(LOGIN, wanted));
  await withKeys([second!], async (provider) => {
    expect(await provider.read(LOGIN, "id", { inputs: wanted, outputs: {} })).toBeDefined();
  });
  const file = execFileSync("docker", ["exec", host.name, "sh", "-c", "cd /home/admin/.ssh && stat --format '%U %a %n' * && cut -d' ' -f3 authorized_keys"], { encoding: "utf8" });
  expect(file).toBe("admin 600 authorized_keys\nsecond\n");
}, 60_000);

test("another machine at the address is left alone", async () => {
  await withKeys([third!], async (provider) => {
    await expect(provider.create(LOGIN, { ...inputs(second!, third!), host: "another" })).rejects.toThrow("is another machine");
  });
  expect(letIn()).toEqual(["a colleague", "third"]);
}, 60_000);
