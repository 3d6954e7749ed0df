import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { imageArchive } from "../../lab/imageArchive";
import { IMAGES, PROGRAMS } from "../../lab/imageDefinitions";
import { tarOf } from "../../lab/tar";

const folder = mkdtempSync(join(tmpdir(), "dockyard-archive-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function unpack(archive: Buffer, name: string): string {
  writeFileSync(join(folder, `${name}.tar`), archive);
  execFileSync("mkdir", ["-p", join(folder, name)]);
  execFileSync("tar", ["xf", join(folder, `${name}.tar`), "-C", join(folder, name), "--no-same-owner"]);
  return join(folder, name);
}

const content = {
  reference: "dockyard/example:1",
  architecture: "amd64",
  config: { Entrypoint: ["/program"], User: "65532" },
  entries: [
    { path: "/data", mode: 0o755, owner: 65532 },
    { path: "/program", content: Buffer.from("x".repeat(1000)), mode: 0o755 },
  ],
};

describe("tarOf", () => {
  test("writes what tar reads, with owners and permissions", () => {
    const listing = execFileSync("tar", ["tvf", "-", "--numeric-owner", "--utc"], { input: tarOf(content.entries), encoding: "utf8" });
    expect(listing.trim().split("\n").map((line) => line.replace(/ +/g, " "))).toEqual([
      "drwxr-xr-x 65532/65532 0 1970-01-01 00:00 data/",
      "-rwxr-xr-x 0/0 1000 1970-01-01 00:00 program",
    ]);
  });

  test("refuses a name that a header cannot hold", () => {
    expect(() => tarOf([{ path: `/${"x".repeat(101)}`, content: Buffer.alloc(0), mode: 0o644 }])).toThrow("too long for a tar header");
  });
});

describe("imageArchive", () => {
  test("names every part by its digest, as the manifest says", () => {
    const unpacked = unpack(imageArchive(content), "image");
    const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
    const [manifest] = JSON.parse(readFileSync(join(unpacked, "manifest.json"), "utf8"));
    expect(manifest.RepoTags).toEqual(["dockyard/example:1"]);
    const config = readFileSync(join(unpacked, manifest.Config));
    expect(manifest.Config).toBe(`${sha256(config)}.json`);
    const layer = execFileSync("gzip", ["-dc", join(unpacked, manifest.Layers[0])]);
    expect(JSON.parse(config.toString()).rootfs.diff_ids).toEqual([`sha256:${sha256(layer)}`]);
    expect(JSON.parse(config.toString()).config).toEqual(content.config);
  });

  test("gives the same bytes for the same content, and others for another", () => {
    expect(imageArchive(content).equals(imageArchive(structuredClone({ ...content, entries: content.entries.map((entry) => ({ ...entry })) })))).toBe(true);
    expect(imageArchive(content).equals(imageArchive({ ...content, config: { ...content.config, User: "0" } }))).toBe(false);
  });
});

describe("IMAGES", () => {
  test("hold only programs that are built and files that exist, and run without root", () => {
    const built = PROGRAMS.map(({ program }) => program);
    for (const image of Object.values(IMAGES)) {
      expect(built).toEqual(expect.arrayContaining([...image.programs]));
      expect(image.config.User).toBe("65532");
      for (const source of Object.values(image.files)) expect(statSync(join(__dirname, "../../lab", source)).isFile()).toBe(true);
    }
  });
});
