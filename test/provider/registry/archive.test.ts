import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { extract, type Headers, pack } from "tar-stream";
import { checkedImage } from "../../../provider/registry/source";
import { sha256 } from "./fakeEngine";

const folder = mkdtempSync(join(tmpdir(), "dockyard-archive-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Entry = Partial<Headers> & { readonly name: string; readonly content?: string };
const LAYER = "not looked at";
const CONFIG = JSON.stringify({ architecture: "amd64", rootfs: { type: "layers", diff_ids: [`sha256:${sha256(LAYER)}`] } });
const described = (Config: string, RepoTags: string[] | null = ["web:1"], Layers = ["l.tar"]) => ({ Config, RepoTags, Layers });
const manifest = (...images: object[]): Entry => ({ name: "manifest.json", content: JSON.stringify(images) });
const layer: Entry = { name: "l.tar", content: LAYER };
const config: Entry = { name: "c.json", content: CONFIG };
const usual = [config, layer, manifest(described("c.json"))];

async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const to = pack();
  for (const { content, ...header } of entries) to.entry(header, content ?? "");
  to.finalize();
  return bytesOf(to as unknown as Readable);
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function entriesOf(tar: Buffer): Promise<Map<string, string>> {
  const entries = new Map<string, string>();
  const from = extract();
  from.on("entry", ({ name, type, linkname }: Headers, body: Readable, next: () => void) => {
    void bytesOf(body).then((content) => {
      entries.set(name, type === "symlink" ? `-> ${linkname}` : content.toString());
      next();
    });
  });
  await new Promise((resolve, reject) => from.on("finish", resolve).on("error", reject).end(tar));
  return entries;
}

let number = 0;
function onDisk(bytes: Buffer) {
  const path = join(folder, `${number++}.tar`);
  writeFileSync(path, bytes);
  return { path, image: checkedImage({ archive: path }, sha256(bytes)) };
}

describe("an archive is known by its image's configuration", () => {
  test.each<[string, readonly Entry[], string?]>([
    ["as docker save wrote it before 25", usual],
    ["with its description first", [manifest(described("c.json")), config, layer]],
    ["without a name", [config, layer, manifest(described("c.json", null))]],
    ["with several names", [config, layer, manifest(described("c.json", ["a:1", "postgres:16"]))]],
    ["with paths that begin with ./", [{ ...config, name: "./c.json" }, layer, { ...manifest(described("c.json")), name: "./manifest.json" }]],
    ["with a path through its own folder", [config, layer, manifest(described("x/../c.json"))]],
    ["with folders", [{ name: "blobs/", type: "directory" }, { name: "blobs/", type: "directory" }, ...usual]],
    ["with a layer that is a link to another's", [...usual, { name: "m.tar", type: "symlink", linkname: "l.tar" }]],
    ["that is an OCI layout as well, with other names there", [
      { name: "oci-layout", content: "{}" },
      { name: "index.json", content: '{"manifests":[{"annotations":{"io.containerd.image.name":"docker.io/library/postgres:16"}}]}' },
      { name: "repositories", content: '{"postgres":{"16":"c"}}' },
      { name: `blobs/sha256/${sha256(CONFIG)}`, content: CONFIG },
      layer,
      manifest(described(`blobs/sha256/${sha256(CONFIG)}`)),
    ]],
    ["with a configuration whose path says another hash", [{ ...config, name: `${"0".repeat(64)}.json` }, layer, manifest(described(`${"0".repeat(64)}.json`))]],
  ])("%s", async (_what, entries) => {
    for (const bytes of [await tarOf(entries), gzipSync(await tarOf(entries))]) {
      const image = await onDisk(bytes).image;
      expect([image.id, image.layers]).toEqual([`sha256:${sha256(CONFIG)}`, [`sha256:${sha256(LAYER)}`]]);
      const sent = await entriesOf(await bytesOf(await image.openAs("demo/web:ours")));
      expect(JSON.parse(sent.get("manifest.json")!)).toEqual([expect.objectContaining({ RepoTags: ["demo/web:ours"] })]);
      expect([...sent.values()].join()).not.toContain("postgres");
      expect(sent.get("l.tar")).toBe(LAYER);
    }
  });
});

describe("an archive is refused, by name and with what is wrong", () => {
  const many = Array.from({ length: 20 }, (_, index) => ({ name: `${index}.json`, content: `{${" ".repeat(4_000_000)}` }));
  test.each<[string, readonly Entry[], string]>([
    ["two images", [config, layer, manifest(described("c.json"), described("c.json", ["b:1"]))], "exactly one image; it holds 2"],
    ["no image", [config, layer, manifest()], "exactly one image; it holds 0"],
    ["no description", [config, layer], "no manifest.json"],
    ["an OCI layout alone", [{ name: "oci-layout", content: "{}" }, { name: "index.json", content: '{"manifests":[]}' }], "no manifest.json"],
    ["two descriptions", [...usual, manifest(described("d.json"))], 'holds "manifest.json" twice'],
    ["two descriptions, one by another path", [...usual, { ...manifest(described("d.json")), name: "x/../manifest.json" }], 'holds "manifest.json" twice'],
    ["two configurations at one path", [config, { ...config, content: "{}" }, layer, manifest(described("c.json"))], 'holds "c.json" twice'],
    ["a description that is a link", [config, layer, { name: "other.json", content: "[]" }, { name: "manifest.json", type: "symlink", linkname: "other.json" }], "no manifest.json"],
    ["a link after its description", [...usual, { name: "manifest.json", type: "symlink", linkname: "other.json" }], 'holds "manifest.json" twice'],
    ["a configuration that is not there", [layer, manifest(described("c.json"))], '"c.json", is not in it'],
    ["a configuration that is a link", [{ name: "c.json", type: "symlink", linkname: "d.json" }, { ...config, name: "d.json" }, layer, manifest(described("c.json"))], '"c.json", is not in it'],
    ["a configuration outside of it", [config, layer, manifest(described("../../etc/c.json"))], "a path out of it"],
    ["a file outside of it", [...usual, { name: "../evil", content: "x" }], "a path out of it"],
    ["a path from the root", [...usual, { name: "/etc/evil", content: "x" }], "a path out of it"],
    ["a path out of it by its middle", [...usual, { name: "a/../../evil", content: "x" }], "a path out of it"],
    ["more layers than its configuration names", [config, layer, manifest(described("c.json", null, ["l.tar", "l.tar"]))], "2 layers, where its image's configuration names 1"],
    ["fewer layers", [config, layer, manifest(described("c.json", null, []))], "0 layers"],
    ["a layer's hash that is none", [{ ...config, content: CONFIG.replace("sha256:", "md5:") }, layer, manifest(described("c.json"))], 'its "c.json" is not as'],
    ["a configuration that is not JSON", [{ ...config, content: "{" }, layer, manifest(described("c.json"))], 'its "c.json" is not as'],
    ["a description that is not JSON", [config, layer, { name: "manifest.json", content: "[" }], 'its "manifest.json" is not as'],
    ["a description of another shape", [config, layer, { name: "manifest.json", content: '{"Config":"c.json"}' }], 'its "manifest.json" is not as'],
    ["a very large description", [config, layer, { name: "manifest.json", content: "[".padEnd(5_000_000) }], "has 5000000 bytes"],
    ["a very large configuration", [{ ...config, content: CONFIG.padEnd(5_000_000) }, layer, manifest(described("c.json"))], '"c.json", is not in it'],
    ["very many configurations", [...many, ...usual], "bytes of descriptions"],
  ])("%s", async (_what, entries, problem) => {
    const { path, image } = onDisk(await tarOf(entries));
    const failure = await image.then(() => "taken", (error: Error) => error.message);
    expect(failure).toContain(path);
    expect(failure).toContain(problem);
  });

  test.each<[string, (tar: Buffer) => Buffer]>([
    ["one that ends in the middle", (tar) => tar.subarray(0, 700)],
    ["one that is no tar", () => Buffer.from("x".repeat(2000))],
    ["an empty one", () => Buffer.alloc(0)],
    ["a gzip that ends in the middle", (tar) => gzipSync(tar).subarray(0, 60)],
    ["a gzip of nothing", () => gzipSync("")],
  ])("%s", async (_what, broken) => {
    const { path, image } = onDisk(broken(await tarOf(usual)));
    await expect(image).rejects.toThrow(`the image archive ${path} cannot be used`);
  });

  test.each(["character-device", "block-device", "fifo"] as const)("a %s is not sent", async (type) => {
    const image = await onDisk(await tarOf([...usual, { name: "x", type }])).image;
    await expect(image.openAs("demo/web:ours").then(bytesOf)).rejects.toThrow("neither a file nor a folder nor a link");
  });
});

describe("an archive that is changed", () => {
  const other = [{ ...config, content: CONFIG.replace("amd64", "arm64") }, layer, manifest(described("c.json"))];

  test.each([["packed", gzipSync], ["not packed", (tar: Buffer) => tar]] as const)("after it was looked at, %s, is broken off when it is sent", async (_what, packed) => {
    const [before, after] = [packed(await tarOf(usual)), packed(await tarOf(other))];
    const { path, image } = onDisk(before);
    const checked = await image;
    writeFileSync(path, after);
    const failure = await checked.openAs("demo/web:ours").then(bytesOf).then(() => "sent", (error: Error) => error.message);
    for (const hash of [before, after].map((bytes) => sha256(bytes))) expect(failure).toContain(hash);
  });

  test("by one byte after its end is another", async () => {
    const before = await tarOf(usual);
    const path = join(folder, "longer.tar");
    writeFileSync(path, Buffer.concat([before, Buffer.from([0])]));
    await expect(checkedImage({ archive: path }, sha256(before))).rejects.toThrow("it was changed since");
  });

  test("and cannot be read is named", async () => {
    await expect(checkedImage({ archive: "/x.tar" }, sha256(""))).rejects.toThrow("the image archive /x.tar is not there");
    await expect(checkedImage({ archive: folder }, sha256(""))).rejects.toThrow("cannot be read (EISDIR)");
  });
});
