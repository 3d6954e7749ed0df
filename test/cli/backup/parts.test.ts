import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DirectoryStore } from "../../../backup/directoryStore";
import type { Manifest, Part } from "../../../backup/manifest";
import { type BackupKey, makeKey } from "../../../backup/seal";
import { openBackup, readPart, readText, text, writeManifest, writePart } from "../../../cli/backup/parts";

jest.setTimeout(60_000);

const ID = "2026-11-25T22-10-00Z";
/** Cheap enough for a test: 2^10 instead of 2^18. */
const CHEAP = 10;
const PASSPHRASE = "a passphrase of some length";
const SECRET = "SWMKEY-1-not-to-be-seen";
let folder: string;
let store: DirectoryStore;
let key: BackupKey;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "dockyard-backup-"));
  store = new DirectoryStore(folder, "dev");
  key = await makeKey();
});
afterEach(() => rmSync(folder, { recursive: true }));

const manifest = (parts: Part[]): Manifest => ({
  format: 1,
  id: ID,
  stack: "dev",
  madeAt: "2026-11-25T22:10:00.000Z",
  cluster: { id: "c", autolock: false, addressPool: ["10.128.0.0/12"], subnetSize: 24, dataPathPort: 4789 },
  source: { id: "n2", name: "m2", engine: "26.1.5" },
  inventory: { nodes: [], services: [], secrets: [], configs: [], networks: [] },
  resources: 3,
  parts,
});

/** A backup of two parts. */
async function whole(): Promise<Part[]> {
  const parts = [await writePart(store, ID, key, "state", text('{"deployment":{}}')), await writePart(store, ID, key, "keys", text(JSON.stringify({ unlockKey: SECRET })))];
  await writeManifest(store, manifest(parts), key, PASSPHRASE, CHEAP);
  return parts;
}

test("a backup counts once its manifest is there, and comes back with its passphrase", async () => {
  await writePart(store, ID, key, "state", text("{}"));
  expect(await store.list()).toEqual([{ id: ID, complete: false }]);
  const parts = await whole();
  expect(await store.list()).toEqual([{ id: ID, complete: true }]);
  const opened = await openBackup(store, ID, PASSPHRASE);
  expect(opened.manifest).toEqual(manifest(parts));
  expect(await readText(opened, "state")).toBe('{"deployment":{}}');
  expect(JSON.parse(await readText(opened, "keys"))).toEqual({ unlockKey: SECRET });
  await expect(readText(opened, "raft")).rejects.toThrow(`the backup ${ID} has no part "raft"`);
});

test("nothing of it can be read without, and nobody else may even look", async () => {
  await whole();
  for (const file of readdirSync(join(store.where, ID))) {
    const content = readFileSync(join(store.where, ID, file), "latin1");
    // Long ones: two letters stand in any encrypted file, sooner or later.
    for (const word of [SECRET, "deployment", '"addressPool"', PASSPHRASE]) expect(content).not.toContain(word);
    expect(statSync(join(store.where, ID, file)).mode & 0o777).toBe(0o600);
  }
  expect(statSync(join(store.where, ID)).mode & 0o777).toBe(0o700);
  await expect(openBackup(store, ID, "another passphrase")).rejects.toThrow("the passphrase does not open this backup");
});

test("a file that was changed, cut off or replaced by an older one is told by its name", async () => {
  const [state] = await whole();
  const path = join(store.where, ID, state!.file);
  const good = readFileSync(path);
  const opened = await openBackup(store, ID, PASSPHRASE);
  for (const damaged of [Buffer.concat([good.subarray(0, -1), Buffer.from([good.at(-1)! ^ 1])]), good.subarray(0, -5), Buffer.alloc(0)]) {
    writeFileSync(path, damaged);
    await expect(readText(opened, "state")).rejects.toThrow(path);
  }
  await writePart(store, ID, key, "state", text('{"deployment":{"resources":[]}}'));
  await expect(readText(opened, "state")).rejects.toThrow(/state\.json\.age is not what was written: \d+ bytes with SHA-256 [0-9a-f]{64}, the manifest says/);
});

test("who reads only half of a part, or fails at it, holds nothing up", async () => {
  const parts = [await writePart(store, ID, key, "registry", (to) => pipeline(Readable.from([Buffer.alloc(3_000_000, "x")]), to))];
  await writeManifest(store, manifest(parts), key, PASSPHRASE, CHEAP);
  const opened = await openBackup(store, ID, PASSPHRASE);
  const failing = readPart(opened, "registry", async (from) => {
    for await (const _ of from) throw new Error("no space left on device");
  });
  await expect(failing).rejects.toThrow(/registry\.tar\.age: no space left on device/);
});

test("a part whose making fails is no part, and the failure is told", async () => {
  const failing = writePart(store, ID, key, "raft", async (to) => {
    to.write(Buffer.alloc(200_000));
    throw new Error("m2: the SSH connection was lost");
  });
  await expect(failing).rejects.toThrow("m2: the SSH connection was lost");
  expect(await store.list()).toEqual([{ id: ID, complete: false }]);
  expect(readdirSync(join(store.where, ID))).not.toContain("raft.tar.gz.age");
  await store.remove(ID);
  expect(await store.list()).toEqual([]);
});

test("what else lies in the folder is no backup", async () => {
  await whole();
  writeFileSync(join(store.where, "notes.txt"), "");
  expect(await store.list()).toEqual([{ id: ID, complete: true }]);
  await expect(store.read(ID, "gone")).rejects.toThrow(/gone cannot be read \(ENOENT\)/);
  await store.remove("2020-01-01T00-00-00Z");
});
