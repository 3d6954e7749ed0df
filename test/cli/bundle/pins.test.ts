import type { ArchivedImage, ImageArchive } from "../../../cli/bundle/archive";
import { preferredDigest } from "../../../cli/bundle/localEngine";
import { missingDigests } from "../../../cli/bundle/missingDigests";
import { pinImages, type AskDigest } from "../../../cli/bundle/pins";

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const nobody: AskDigest = async () => ({ missing: "not asked" });
const archive = (format: "docker" | "oci", images: readonly Partial<ArchivedImage>[], standsFor?: string, path = "i.tar"): ImageArchive => ({
  path,
  format,
  standsFor,
  images: images.map((image) => ({ names: [], digest: undefined, ...image })),
});
async function pins(images: readonly string[], archives: readonly ImageArchive[], ask = nobody) {
  const { found, missing } = await pinImages(images, archives, ask);
  return { ...Object.fromEntries([...found].map(([image, { to }]) => [image, to.kind === "digest" ? to.reference : `${to.archive} as ${to.repository}`])), ...Object.fromEntries(missing) };
}

test("an image with a digest stays as it is, and nobody is asked", async () => {
  const image = `x:1@${digest("a")}`;
  const ask = jest.fn(nobody);
  expect(await pins([image], [], ask)).toEqual({ [image]: image });
  expect(ask).not.toHaveBeenCalled();
});

test("the digest of an OCI layout is put behind the image as written, whatever the spelling of its name", async () => {
  const layout = archive("oci", [{ names: ["docker.io/library/redis:7"], digest: digest("a") }]);
  expect(await pins(["redis:7"], [layout])).toEqual({ "redis:7": `redis:7@${digest("a")}` });
  const latest = archive("oci", [{ names: ["demo/web:latest"], digest: digest("b") }]);
  expect(await pins(["demo/web"], [latest])).toEqual({ "demo/web": `demo/web@${digest("b")}` });
});

test("a docker archive has no digest: its image goes to the platform's registry", async () => {
  expect(await pins(["r.example:5000/team/web:1"], [archive("docker", [{ names: ["r.example:5000/team/web:1"] }])])).toEqual({ "r.example:5000/team/web:1": "i.tar as team/web" });
});

test("two archives get two repositories, one archive under two names one", async () => {
  const six = archive("docker", [{ names: ["redis:6"] }], undefined, "6.tar");
  const seven = archive("docker", [{ names: ["redis:7"] }], undefined, "7.tar");
  expect(await pins(["redis:6", "redis:7"], [six, seven])).toEqual({ "redis:6": "6.tar as redis", "redis:7": "7.tar as redis-7" });
  const both = archive("docker", [{ names: ["redis:6", "redis:7"] }]);
  expect(await pins(["redis:6", "redis:7"], [both])).toEqual({ "redis:6": "i.tar as redis", "redis:7": "i.tar as redis" });
});

test("an archive named for an image stands for it, even for one with a digest", async () => {
  const image = `redis@${digest("a")}`;
  expect(await pins([image], [archive("docker", [{ names: ["other:1"] }], image)])).toEqual({ [image]: "i.tar as redis" });
});

test.each<[string, ImageArchive, RegExp]>([
  ["nothing of the application", archive("docker", [{ names: ["other:1"] }]), /holds other:1, which is no image of the application \(redis:7\)/],
  ["two images, in a docker archive", archive("docker", [{ names: ["redis:7"] }, { names: ["b:1"] }]), /holds 2 images \(redis:7, b:1\), and one archive stands for one image/],
  ["a name that nothing has", archive("oci", [{ digest: digest("a") }], "redis:8"), /no service has the image "redis:8"; the images are redis:7/],
])("refused: %s", async (_what, given, message) => {
  await expect(pinImages(["redis:7"], [given], nobody)).rejects.toThrow(message);
});

test("what has no digest is asked for; a malformed digest is not", async () => {
  const ask: AskDigest = async (image) => (image === "a" ? { reference: `a@${digest("1")}`, from: "registry" } : { missing: "no idea" });
  expect(await pins(["a", "b", "c@sha256:1"], [], ask)).toEqual({ a: `a@${digest("1")}`, b: "no idea", "c@sha256:1": "is no reference of the form name@sha256:<64 lowercase hex digits>" });
});

test("of an engine's digests, that of the image's own repository, else the first", () => {
  expect(preferredDigest("web:1", ["other/web@sha256:1", "docker.io/library/web@sha256:2"])).toBe("docker.io/library/web@sha256:2");
  expect(preferredDigest("web:1", ["b@sha256:1", "a@sha256:2"])).toBe("b@sha256:1");
  expect(preferredDigest("web:1", [])).toBeUndefined();
});

test("missing digests: images that are built are to be pushed, by image; the others pulled, by service", () => {
  const uses = [
    { service: "b", image: "redis:3", built: false },
    { service: "a", image: "me/a:1", built: true },
    { service: "c", image: "pg", built: false },
    { service: "fine", image: "x", built: false },
  ];
  const why = new Map(["redis:3", "me/a:1", "pg"].map((image) => [image, "no idea"]));
  const error = missingDigests(uses, why, ["compose.yaml"]);
  expect(error.message).toBe(`Some images are missing digests, so nothing was written.

The following images can be pushed:

    me/a:1

Use \`docker push me/a:1\` to push them.

The following images need to be pulled:

    b
    c

Use \`docker compose -f compose.yaml pull b c\` to pull them.

What was tried:

    me/a:1: no idea
    pg: no idea
    redis:3: no idea`);
  expect(error.fix).toMatch(/--archive redis:3=FILE/);
  expect(missingDigests(uses, why, undefined).message).toContain("Use `docker pull pg`, `docker pull redis:3` to pull them.");
});
