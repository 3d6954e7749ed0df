import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { renderConfig } from "../../../components/registry/config";
import { htpasswd } from "../../../components/registry/htpasswd";
import { imageProgram } from "../../../lab/images";

/** The platform's registry itself, with the platform's own configuration and users, but for TLS; asked byte by byte. */

const [PULL, PUSH] = [{ name: "hosts", password: "pull pässword" }, { name: "builder", password: "push:password" }];
const folder = mkdtempSync(join(tmpdir(), "dockyard-registry-roles-"));
const files = { users: join(folder, "users"), config: join(folder, "config.yml"), data: join(folder, "data") };
let port: number;
let registry: ChildProcess;
let log = "";

interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

const basic = ({ name, password }: { name: string; password: string }) => `Authorization: Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
const digestOf = (content: string) => `sha256:${createHash("sha256").update(content).digest("hex")}`;

/** Sends a request as it stands, latin1, and says what came back; status 0 where nothing did. */
function ask(method: string, path: string, headers: readonly string[] = [], { body = "", from = "127.0.0.1" } = {}): Promise<Answer> {
  const head = [`${method} ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, "Connection: close", `Content-Length: ${Buffer.byteLength(body)}`, ...headers];
  return new Promise((resolve) => {
    let said = "";
    const socket = connect({ host: "127.0.0.1", port, localAddress: from });
    const done = () => {
      const end = said.indexOf("\r\n\r\n");
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(said)?.[1] ?? 0), head: said.slice(0, end), body: said.slice(end + 4) });
    };
    socket.setEncoding("utf8").on("data", (chunk: string) => (said += chunk)).on("close", done).on("error", () => undefined);
    socket.write(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), Buffer.from(body)]));
  });
}

/** Everything that the registry keeps, by name and content. */
function kept(): string {
  const all = readdirSync(files.data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
  const hash = createHash("sha256");
  for (const file of all) hash.update(`\0${file}\0`).update(readFileSync(file));
  return hash.digest("hex");
}

const MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
const manifestOf = (config: string, note = "") =>
  JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config: { mediaType: "application/vnd.docker.container.image.v1+json", size: config.length, digest: digestOf(config) }, layers: [], annotations: { note } });
const BLOB = '{"rootfs":{"type":"layers"}}';
const [KEPT, OLD] = [manifestOf(BLOB), manifestOf(BLOB, "old")];

/** Opens an upload as the one who pushes. @returns its path, with the state that the registry signed */
async function upload(repository: string): Promise<string> {
  const { head } = await ask("POST", `/v2/${repository}/blobs/uploads/`, [basic(PUSH)]);
  return /^location: https?:\/\/[^/]+(\S+)/im.exec(head)![1]!;
}

async function push(repository: string, tag: string, manifest: string): Promise<number[]> {
  const place = await upload(repository);
  const blob = await ask("PUT", `${place}&digest=${digestOf(BLOB)}`, [basic(PUSH)], { body: BLOB });
  const named = await ask("PUT", `/v2/${repository}/manifests/${tag}`, [basic(PUSH), `Content-Type: ${MANIFEST}`], { body: manifest });
  return [blob.status, named.status];
}

async function start(): Promise<void> {
  registry = spawn(imageProgram("registry"), ["serve", files.config], { env: { OTEL_TRACES_EXPORTER: "none" }, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [registry.stdout!, registry.stderr!]) stream.on("data", (chunk: Buffer) => (log += chunk.toString()));
  for (let attempt = 0; attempt < 100; attempt++) {
    if ((await ask("GET", "/v2/")).status === 401) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the registry did not come up: ${log}`);
}

beforeAll(async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  port = (server.address() as AddressInfo).port;
  await new Promise((resolve) => server.close(resolve));
  writeFileSync(files.users, htpasswd([{ ...PULL, role: "pull", made: true }, { ...PUSH, role: "push", made: false }], "stack"));
  const config = parse(renderConfig({ address: `127.0.0.1:${port}`, port, secret: "s" }));
  Object.assign(config, { storage: { ...config.storage, filesystem: { rootdirectory: files.data } }, auth: { dockyard: { ...config.auth.dockyard, path: files.users } }, health: undefined });
  Object.assign(config.http, { tls: undefined, addr: `127.0.0.1:${port}` });
  writeFileSync(files.config, stringify(config));
  await start();
  expect(await push("app/kept", "latest", OLD)).toEqual([201, 201]);
  expect(await push("app/kept", "latest", KEPT)).toEqual([201, 201]);
}, 60_000);
afterAll(() => {
  registry?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const [MANIFEST_DIGEST, BLOB_DIGEST] = [digestOf(KEPT), digestOf(BLOB)];
const REPOSITORY = "/v2/app/kept";
/** What a login to pull with is for. */
const READS = ["/v2/", `${REPOSITORY}/tags/list`, `${REPOSITORY}/manifests/latest`, `${REPOSITORY}/manifests/${MANIFEST_DIGEST}`, `${REPOSITORY}/blobs/${BLOB_DIGEST}`];
const ROUTES = [...READS, "/v2/_catalog", `${REPOSITORY}/blobs/uploads/`, `${REPOSITORY}/blobs/uploads/6d1c2c1e-0000-4000-8000-000000000000`, "/v2/app/new/manifests/latest"];
const SPELLINGS = [
  "/v2",
  "//v2/",
  "/V2/",
  "/v2/./app/kept/manifests/latest",
  "/v2//app/kept/manifests/latest",
  "/v2/app//kept/manifests/latest",
  "/v2/app/kept/../kept/manifests/latest",
  "/v2/app%2Fkept/manifests/latest",
  "/v2/app%2fkept/blobs/uploads/",
  "/v2/app/kept%2Fblobs/uploads/",
  "/v2/app/kept/manifests/%6Catest",
  "/v2/app/kept/%6Danifests/latest",
  "/v2/app/kept/manifests/latest/",
  "/v2/app/kept/manifests/latest%00",
  "/v2/app/kept/blobs/uploads",
  "/v2/app/kept/blobs/uploads//",
  "/v2/app/kept/blobs/%75ploads/",
  "/v2/_catalog/",
  "/v2/%5Fcatalog",
  "/v2/app/kept/referrers/" + MANIFEST_DIGEST,
  `/v2/app/new/blobs/uploads/?mount=${BLOB_DIGEST}&from=app/kept`,
  `/v2/app/new/blobs/uploads/?digest=${BLOB_DIGEST}`,
  "/v2/app/kept/manifests/latest;DELETE",
  "/debug/vars",
  "/metrics",
];
/** The registry's own, others of HTTP and WebDAV, and what is none. */
const METHODS = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "MKCOL", "COPY", "MOVE", "LOCK", "PURGE", "get", "Delete", "GET\tDELETE"];
/** The registry has no HEAD for a list of tags. */
const reads = (method: string, path: string) => READS.includes(path) && (method === "GET" || (method === "HEAD" && !path.endsWith("/list")));

/** What of all methods and paths went through with these headers. */
async function passing(headers: readonly string[], paths: readonly string[], body = ""): Promise<string[]> {
  const through: string[] = [];
  for (const method of METHODS)
    for (const path of paths) {
      const { status } = await ask(method, path, [...headers, ...(body ? [`Content-Type: ${MANIFEST}`] : [])], { body });
      if (status >= 200 && status < 300) through.push(`${method} ${path}`);
    }
  return through.sort();
}

describe("the login that hosts have", () => {
  const expected = METHODS.flatMap((method) => READS.filter((path) => reads(method, path)).map((path) => `${method} ${path}`));
  // Paths that are the same when decoded or put in order lead to the same right, and to no other.
  const same = ["/v2/app%2Fkept/manifests/latest", "/v2/app/kept/manifests/%6Catest", "/v2/app/kept/%6Danifests/latest"];
  const spelled = same.flatMap((path) => [`GET ${path}`, `HEAD ${path}`]);

  test("reads by every method and path that reads, and by no other; nothing that is kept changes", async () => {
    const before = kept();
    for (const body of ["", KEPT]) expect(await passing([basic(PULL)], ROUTES, body)).toEqual([...expected].sort());
    expect(kept()).toBe(before);
  }, 120_000);

  test("does not get further by another spelling of a path", async () => {
    const before = kept();
    const through = await passing([basic(PULL)], SPELLINGS, KEPT);
    expect(through.filter((each) => !spelled.includes(each))).toEqual([]);
    expect(kept()).toBe(before);
  }, 120_000);

  test("does not go on with an upload that somebody else began", async () => {
    const place = await upload("app/kept");
    const before = kept();
    const statuses = [];
    for (const method of METHODS) statuses.push(await ask(method, method === "PUT" ? `${place}&digest=${BLOB_DIGEST}` : place, [basic(PULL)], { body: BLOB }));
    expect(statuses.filter(({ status }) => status < 400)).toEqual([]);
    expect(kept()).toBe(before);
  }, 60_000);

  test.each(["X-HTTP-Method-Override: PUT", "X-HTTP-Method: PUT", "X-Method-Override: PUT", "X-Original-URL: /v2/_catalog", "X-Rewrite-URL: /v2/_catalog", "X-Forwarded-User: builder", "X-Remote-User: builder", "Forwarded: for=127.0.0.1;by=builder", `Proxy-${basic(PUSH)}`, `X-${basic(PUSH)}`, "Upgrade: h2c", "Expect: 100-continue"])(
    "is no more with the header %s",
    async (header) => {
      const before = kept();
      for (const method of ["GET", "POST"]) {
        expect((await ask(method, "/v2/_catalog", [basic(PULL), header])).status).toBeGreaterThanOrEqual(400);
        expect((await ask(method, "/v2/_catalog", [header])).status).toBeGreaterThanOrEqual(400);
      }
      expect((await ask("POST", `${REPOSITORY}/blobs/uploads/`, [basic(PULL), header])).status).toBeGreaterThanOrEqual(400);
      expect(kept()).toBe(before);
    },
  );
});

test("the login to push with writes and lists, and deletes nothing by any path", async () => {
  expect(await push("app/other", "1", manifestOf(BLOB))).toEqual([201, 201]);
  const place = await upload("app/other");
  expect((await ask("PATCH", place, [basic(PUSH)], { body: BLOB })).status).toBe(202);
  expect((await ask("POST", `/v2/app/mounted/blobs/uploads/?mount=${BLOB_DIGEST}&from=app/kept`, [basic(PUSH)])).status).toBe(201);
  expect(JSON.parse((await ask("GET", "/v2/_catalog", [basic(PUSH)])).body)).toEqual({ repositories: ["app/kept", "app/other"] });
  const before = kept();
  const statuses = new Map<string, number>();
  for (const path of [...ROUTES, ...SPELLINGS, place]) for (const method of ["DELETE", "Delete", "PURGE"]) statuses.set(`${method} ${path}`, (await ask(method, path, [basic(PUSH)])).status);
  expect([...statuses].filter(([, status]) => status >= 200 && status < 300)).toEqual([]);
  expect(kept()).toBe(before);
}, 60_000);

test("without a login everything is asked for one", async () => {
  const others: string[] = [];
  for (const method of METHODS.filter((each) => !each.includes("\t"))) {
    for (const path of ROUTES) {
      const { status, head } = await ask(method, path);
      if (status !== 401 || !head.includes(`Www-Authenticate: Basic realm="127.0.0.1:${port}"`)) others.push(`${method} ${path}: ${status}`);
    }
  }
  expect(others).toEqual([]);
  expect(await passing([], SPELLINGS)).toEqual([]);
}, 60_000);

describe("a login", () => {
  const good = basic(PULL);
  const encoded = good.split(" ").at(-1)!;
  const raw = (text: string, encoding: BufferEncoding = "utf8") => `Authorization: Basic ${Buffer.from(text, encoding).toString("base64")}`;
  const [name, password] = [PULL.name, PULL.password];

  test.each([["as it is sent by engines", [good]], ["with the scheme in small letters", [`Authorization: basic ${encoded}`]], ["with the scheme in capitals", [`authorization: BASIC ${encoded}`]], ["with blanks around the header", [`Authorization:   Basic ${encoded}  `]], ["in a folded header", [`Authorization: Basic\r\n ${encoded}`]]])("%s is good", async (_, headers) => {
    expect((await ask("GET", "/v2/", headers)).status).toBe(200);
  });

  const bad: Record<string, string[]> = {
    "an empty header": ["Authorization:"],
    "another scheme": [`Authorization: Bearer ${encoded}`],
    "a token": ["Authorization: Bearer eyJhbGciOiJub25lIn0.e30."],
    "a digest": [`Authorization: Digest username="${name}"`],
    "no scheme": [`Authorization: ${encoded}`],
    "two blanks": [`Authorization: Basic  ${encoded}`],
    "a tab": [`Authorization: Basic\t${encoded}`],
    "two headers": [good, good],
    "two headers, the first wrong": [raw("x:y"), good],
    "two headers, in two spellings": [good, good.replace("Authorization", "AUTHORIZATION")],
    "two in one": [`${good}, ${good.slice(15)}`],
    "no padding": [raw(`${name}:1`).replace(/=+$/, "")],
    "base64 for addresses": [`Authorization: Basic ${Buffer.from("hosts:\u00fb\u00ff").toString("base64url")}-_`],
    "no base64": ["Authorization: Basic %%%"],
    "the text itself": [`Authorization: Basic ${name}:x`],
    "no colon": [raw(name)],
    "no name": [raw(`:${password}`)],
    "an empty password": [raw(`${name}:`)],
    "nothing but a colon": [raw(":")],
    "a name with a colon": [raw(`${name}:${name}:${password}`)],
    "the hash": [raw(`${name}:$2b$05$abcdefghijklmnopqrstuu`)],
    "a name with a NUL": [raw(`${name}\0:${password}`)],
    "a password with a NUL": [raw(`${name}:${password}\0`)],
    "a line end": [raw(`${name}:${password}\n`)],
    "an escape": [raw(`${name}:\u001b]52;c;eA==\u0007`)],
    "a password that is no UTF-8": [raw(`${name}:${password}`, "latin1")],
    "a cut letter": [raw(`${name}:pull p\u00c3`, "latin1")],
    "a name in capitals": [raw(`${name.toUpperCase()}:${password}`)],
    "a name with a blank": [raw(`${name} :${password}`)],
    "full-width letters": [raw(`ｈosts:${password}`)],
    "a composed letter": [raw(`${name}:${password.normalize("NFD")}`)],
    "a path": [raw(`../${name}:${password}`)],
    "a pattern": [raw(`*:${password}`)],
    "another's password": [raw(`${name}:${PUSH.password}`)],
    "a longer password": [raw(`${name}:${password} `)],
    "a shorter password": [raw(`${name}:${password.slice(0, -1)}`)],
    "an unknown name": [raw(`nobody:${password}`)],
    "a long password": [raw(`${name}:${"p".repeat(73)}`)],
    "a long name": [raw(`${"n".repeat(129)}:${password}`)],
    "100 kB": [raw(`${name}:${"p".repeat(100_000)}`)],
  };
  // Each from an address of its own and all at once: wrong ones are slowed down by address.
  test("by any other spelling is none", async () => {
    const answers = await Promise.all(Object.entries(bad).map(async ([kind, headers], index) => ({ kind, ...(await ask("GET", "/v2/", headers, { from: `127.0.1.${index + 1}` })) })));
    expect(answers.filter(({ status }) => ![400, 401].includes(status)).map(({ kind, status }) => `${kind}: ${status}`)).toEqual([]);
    expect(answers).toHaveLength(40);
  }, 60_000);

  test("in the address itself is none", async () => {
    for (const path of [`http://${name}:x@127.0.0.1:${port}/v2/`, `/v2/?Authorization=Basic%20${encoded}`, `/v2/?account=${name}&service=x`]) expect((await ask("GET", path)).status).toBeGreaterThanOrEqual(400);
  });
});

test("many wrong logins of one address are answered ever later, then not looked at; a right one that is known passes meanwhile", async () => {
  const [guesser, others] = ["127.0.2.1", "127.0.2.2"];
  expect((await ask("GET", "/v2/", [basic(PULL)])).status).toBe(200);
  const guesses = Array.from({ length: 80 }, (_, index) => ask("GET", "/v2/", [basic({ name: PULL.name, password: `guess ${index}` })], { from: guesser }));
  const meanwhile = await Promise.all([guesser, others].map((from) => ask("GET", "/v2/", [basic(PULL)], { from })));
  const answers = await Promise.all(guesses);
  expect(meanwhile.map(({ status }) => status)).toEqual([200, 200]);
  const busy = answers.filter(({ status }) => status === 429);
  expect([...new Set(answers.map(({ status }) => status))].sort()).toEqual([401, 429]);
  expect(busy.length).toBeGreaterThan(0);
  expect(busy.every(({ head }) => /^retry-after: 4$/im.test(head))).toBe(true);
  const delays = [...log.matchAll(/wrong login of \\"hosts\\" from 127\.0\.2\.1:\d+, answered after (\w+)/g)].map(([, delay]) => delay);
  expect(delays).toHaveLength(answers.length - busy.length);
  expect(delays).toContain("4s");
  expect(log).not.toMatch(/guess \d|p.ssword\b/);
}, 60_000);

test("a clean-up beside it, by who is root there, takes what has no name any more and nothing else", async () => {
  const status = async (digest: string) => (await ask("GET", `${REPOSITORY}/manifests/${digest}`, [basic(PULL)])).status;
  expect(await status(digestOf(OLD))).toBe(200);
  execFileSync(imageProgram("registry"), ["garbage-collect", "--delete-untagged", files.config], { env: { OTEL_TRACES_EXPORTER: "none" }, stdio: "pipe" });
  registry.kill();
  await new Promise((resolve) => registry.once("exit", resolve));
  await start();
  expect([await status(digestOf(OLD)), await status(MANIFEST_DIGEST)]).toEqual([404, 200]);
}, 60_000);

test("the access controller's own tests hold", () => {
  execFileSync("go", ["test", "-trimpath", "-buildvcs=false", "./..."], { cwd: join(__dirname, "../../../lab/images/registry"), env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off" }, stdio: "pipe" });
}, 300_000);
