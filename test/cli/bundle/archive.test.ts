import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readArchive } from "../../../cli/bundle/archive";
import { dockerArchive, ociLayout, tarred, temporaryFolder, written } from "./archives";

const folder = temporaryFolder();
let files = 0;
function file(content: Buffer): string {
  const path = join(folder, `${files++}.tar`);
  writeFileSync(path, content);
  return path;
}

const redis = { annotations: { "org.opencontainers.image.ref.name": "7", "io.containerd.image.name": "docker.io/library/redis:7" }, manifest: '{"schemaVersion":2}' };

test("a docker archive has names and no digest, packed or not", async () => {
  const archive = dockerArchive("demo/web:1");
  const images = [{ names: ["demo/web:1"], digest: undefined }];
  expect(await readArchive(file(archive))).toMatchObject({ format: "docker", images, standsFor: undefined });
  expect(await readArchive(file(gzipSync(archive)))).toMatchObject({ format: "docker", images });
});

test("an OCI layout has digests, as a tar, packed, or as a folder; a bare tag is no name", async () => {
  const layout = ociLayout([redis, { manifest: "{}" }]);
  const images = [
    { names: ["docker.io/library/redis:7"], digest: layout.digests[0] },
    { names: [], digest: layout.digests[1] },
  ];
  const places = [file(tarred(layout.files)), file(gzipSync(tarred(layout.files))), written(join(folder, "layout"), layout.files)];
  for (const place of places) expect(await readArchive(place)).toMatchObject({ format: "oci", images });
});

test("what docker save writes since Docker 25 is both, and counts as a docker archive: its digests are of unpacked layers", async () => {
  const both = { ...ociLayout([redis]).files, "manifest.json": JSON.stringify([{ Config: "c", RepoTags: ["redis:7"], Layers: [] }]) };
  expect(await readArchive(file(tarred(both)))).toMatchObject({ format: "docker", images: [{ names: ["redis:7"], digest: undefined }] });
});

test("an archive may be named for an image, and its own name may hold =", async () => {
  const path = file(dockerArchive("a:1"));
  expect(await readArchive(`demo/web:2=${path}`)).toMatchObject({ path, standsFor: "demo/web:2" });
  const odd = join(folder, "a=b.tar");
  writeFileSync(odd, dockerArchive("a:1"));
  expect(await readArchive(odd)).toMatchObject({ path: odd, standsFor: undefined });
});

test.each<[string, () => string, RegExp]>([
  ["is not there", () => join(folder, "none.tar"), /none\.tar: there is no such file/],
  ["is no tar", () => file(Buffer.alloc(2048, "x")), /is no tar archive; a tar archive of docker save/],
  ["is empty", () => file(Buffer.alloc(0)), /holds neither manifest\.json \(docker save\) nor index\.json/],
  ["holds something else", () => file(tarred({ "readme.txt": "x" })), /holds neither manifest\.json/],
  ["is cut off", () => file(tarred({ "index.json": "x".repeat(600) }).subarray(0, 700)), /ends in the middle of a file/],
  ["is packed with zstd", () => file(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0])), /packed with zstd/],
  ["has a broken index", () => file(tarred({ "index.json": "{" })), /index\.json is not as docker save or the OCI image layout write it/],
  ["has an index without its manifest", () => file(tarred({ "index.json": ociLayout([redis]).files["index.json"]! })), /names sha256:[0-9a-f]{64}, which is not in it/],
  ["has a manifest that was changed", () => file(tarred({ ...ociLayout([redis]).files, [`blobs/sha256/${ociLayout([redis]).digests[0]!.slice(7)}`]: "{}" })), /has the digest sha256:[0-9a-f]{64}; the archive is damaged/],
])("refused: an archive that %s", async (_what, path, message) => {
  await expect(readArchive(path())).rejects.toThrow(message);
});
