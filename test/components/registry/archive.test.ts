import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { archiveLabels } from "../../../components/images/archive";
import { refuseOtherRegistries } from "../../../components/registry/archive";
import { imageArchive, type ImageConfig } from "../../../lab/imageArchive";
import { IMAGES } from "../../../lab/imageDefinitions";
import { tarOf } from "../../../lab/tar";

const folder = mkdtempSync(join(tmpdir(), "dockyard-registry-archive-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, content: Buffer | string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const image = (config: ImageConfig) => imageArchive({ reference: "r:1", architecture: "amd64", config, entries: [{ path: "/registry", content: Buffer.alloc(5000), mode: 0o755 }] });
const tar = (files: Record<string, unknown>) => tarOf(Object.entries(files).map(([path, content]) => ({ path, content: Buffer.from(typeof content === "string" ? content : JSON.stringify(content)), mode: 0o644 })));
const refusal = (path: string) => {
  try {
    refuseOtherRegistries(path);
    return "none";
  } catch (error) {
    return (error as Error).message;
  }
};

test("the platform's own registry is taken, and has its labels read", () => {
  const own = file("own.tar", image(IMAGES.registry.config));
  expect(refusal(own)).toBe("none");
  expect(archiveLabels(own)).toEqual({ "dockyard.registry.roles": "1" });
});

test.each<[string, ImageConfig]>([
  ["without labels", { Entrypoint: ["/registry"] }],
  ["with others", { Entrypoint: ["/registry"], Labels: { maintainer: "x" } }],
  ["with another value", { Entrypoint: ["/registry"], Labels: { "dockyard.registry.roles": "0" } }],
  ["with the label in its environment", { Entrypoint: ["/registry"], Env: ["dockyard.registry.roles=1"] }],
])("a registry %s is refused before anything is made, and told what to do", (_, config) => {
  const path = file("other.tar", image(config));
  expect(refusal(path)).toContain(`dockyard:registry.archive: found ${JSON.stringify(path)}, a registry that does not know users who only pull (no label dockyard.registry.roles); take the key out, and have the platform's own made with: ./dockyard images`);
});

const DESCRIPTION = { config: { Labels: { "dockyard.registry.roles": "1" } } };
test.each<[string, Buffer | string, string]>([
  ["nothing", "", 'there is no "manifest.json" in it'],
  ["a text", "x".repeat(2000), "it is no tar archive"],
  ["zeros", Buffer.alloc(2048), 'there is no "manifest.json" in it'],
  ["a packed archive", gzipSync(image(IMAGES.registry.config)), "it is no tar archive"],
  ["a tar of something else", tar({ "a.txt": "a" }), 'there is no "manifest.json" in it'],
  ["a manifest that is no JSON", tar({ "manifest.json": "{" }), "JSON"],
  ["an empty manifest", tar({ "manifest.json": [] }), "its description has another shape"],
  ["a manifest of another shape", tar({ "manifest.json": { Config: "c" }, c: DESCRIPTION }), "its description has another shape"],
  ["a configuration that is not in it", tar({ "manifest.json": [{ Config: "c" }] }), 'there is no "c" in it'],
  ["a configuration outside of it", tar({ "manifest.json": [{ Config: "../own.tar" }] }), 'there is no "../own.tar" in it'],
  ["labels that are a list", tar({ "manifest.json": [{ Config: "c" }], c: { config: { Labels: ["dockyard.registry.roles=1"] } } }), "its description has another shape"],
  ["a description without end", tar({ "manifest.json": [{ Config: "c" }], c: " ".repeat(5 << 20) }), "more than 4194304"],
])("%s for an archive is refused", (_, content, says) => {
  const path = file("broken.tar", content);
  expect(refusal(path)).toContain(`the image archive ${path} is not as "docker save" writes it, unpacked: `);
  expect(refusal(path)).toContain(says);
});

test("an archive that is not there is told with the way to come by it", () => {
  expect(refusal(join(folder, "none.tar"))).toMatch(/none\.tar cannot be read \(ENOENT\); "\.\/dockyard up" builds/);
});

test("an archive whose image lies after its layers, in a folder, is read as well", () => {
  const path = file("late.tar", tar({ "blobs/sha256/layer": "x".repeat(70_000), "blobs/sha256/c": DESCRIPTION, "manifest.json": [{ Config: "blobs/sha256/c", RepoTags: null, Layers: [] }] }));
  expect(refusal(path)).toBe("none");
});
