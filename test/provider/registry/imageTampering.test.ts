import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { imageArchive } from "../../../lab/imageArchive";
import { imageKind } from "../../../provider/registry/image";
import { FakeEngine, operationOn, sha256 } from "./fakeEngine";

const folder = mkdtempSync(join(tmpdir(), "dockyard-image-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const REGISTRY = "r.example:5000";
const saved = (text: string, reference = "web:latest") =>
  imageArchive({ reference, architecture: "amd64", config: { Entrypoint: ["/e"] }, entries: [{ path: "/e", content: Buffer.from(text), mode: 0o755 }] });
const STRANGE = `sha256:${"e".repeat(64)}`;

/** An archive on disk, with the inputs that name it. */
function archived(text: string, reference?: string) {
  const [bytes, path] = [saved(text, reference), join(folder, `${sha256(text)}.tar`)];
  writeFileSync(path, bytes);
  return { source: { archive: path }, content: sha256(bytes), repository: "demo/web" };
}
const pushed = (text = "ours", reference?: string) => ({ ...archived(text, reference), registry: REGISTRY });
const tagOf = ({ content }: { content: string }) => `${REGISTRY}/demo/web:content-${content}`;
const hosts = [{ address: "h1" }, { address: "h2" }] as never;
const loaded = (text = "ours") => ({ ...archived(text), hosts });
const both = (line: string | undefined, ...digests: string[]) => digests.forEach((digest) => expect(line).toContain(digest));

describe("a tag of the registry that somebody gave to another image", () => {
  const setUp = async () => {
    const [engine, inputs] = [new FakeEngine(), pushed()];
    const { op, warnings } = operationOn({ m1: engine });
    const { id, outputs } = await imageKind.create(op, inputs);
    engine.registry.push(tagOf(inputs), STRANGE);
    return { engine, inputs, op, warnings, id, outputs };
  };

  test("is told by a refresh with both digests, and its image is never what services run", async () => {
    const { op, id, inputs, outputs, warnings } = await setUp();
    const found = await imageKind.read(op, id, { inputs, outputs });
    expect(found!.outputs).toEqual(outputs);
    expect(warnings).toHaveLength(1);
    both(warnings[0], STRANGE, outputs.reference.split("@")[1]!, id, "the next up pushes that image over it again");
  });

  test("shows as a change, which pushes the known image over it", async () => {
    const { engine, op, id, inputs, outputs } = await setUp();
    const seen = (await imageKind.read(op, id, { inputs, outputs }))!;
    expect(imageKind.diff!(seen, inputs, [])).toEqual([{ path: "found", kind: "delete" }]);
    expect(await imageKind.update!(op, id, seen, inputs)).toEqual({ outputs });
    expect(engine.registry.tags.get(id)).toBe(outputs.reference.split("@")[1]);
    expect(await imageKind.read(op, id, { inputs, outputs })).toEqual({ inputs, outputs });
  });

  test("is found by an update for another reason too", async () => {
    const { engine, op, id, inputs, outputs, warnings } = await setUp();
    await imageKind.update!(op, id, { inputs, outputs }, { ...inputs, login: "new" });
    expect(engine.registry.tags.get(id)).toBe(outputs.reference.split("@")[1]);
    both(warnings[0], STRANGE, outputs.reference.split("@")[1]!, "pushed over it again");
  });

  test("before its release is not taken for sent: ours is pushed over it, and both are told", async () => {
    const [engine, inputs] = [new FakeEngine(), pushed()];
    engine.registry.push(tagOf(inputs), STRANGE);
    const { op, warnings } = operationOn({ m1: engine });
    const { outputs } = await imageKind.create(op, inputs);
    expect(outputs.reference).not.toContain(STRANGE);
    expect(engine.registry.tags.get(tagOf(inputs))).toBe(outputs.reference.split("@")[1]);
    both(warnings[0], STRANGE, outputs.reference.split("@")[1]!, tagOf(inputs));
  });

  test("by a run that was killed after its push is the same image: pushed once more, without a word", async () => {
    const [engine, inputs] = [new FakeEngine(), pushed()];
    const { op, warnings } = operationOn({ m1: engine });
    expect(await imageKind.create(op, inputs)).toEqual(await imageKind.create(op, inputs));
    expect(warnings).toEqual([]);
  });

  test("that is gone is pushed again by an update, and is gone for a refresh", async () => {
    const { engine, op, id, inputs, outputs } = await setUp();
    engine.registry.tags.clear();
    expect(await imageKind.read(op, id, { inputs, outputs })).toBeUndefined();
    await imageKind.update!(op, id, { inputs, outputs }, { ...inputs, login: "new" });
    expect(engine.registry.tags.get(id)).toBe(outputs.reference.split("@")[1]);
  });

  test("stays marked where a later refresh gets no answer", async () => {
    const { engine, op, id, inputs, outputs } = await setUp();
    const seen = (await imageKind.read(op, id, { inputs, outputs }))!;
    engine.registry.answer = {};
    expect(await imageKind.read(op, id, seen)).toEqual(seen);
  });
});

describe("a name on a host that somebody gave to another image", () => {
  const tag = `demo/web:content-${loaded().content}`;
  const setUp = async () => {
    const engines = { h1: new FakeEngine(), h2: new FakeEngine() };
    for (const engine of Object.values(engines)) engine.images.set(STRANGE, { layers: [] });
    return { engines, inputs: loaded(), ...operationOn(engines) };
  };

  test("before it is loaded is not taken for loaded: the image is loaded, and both ids are told", async () => {
    const { engines, inputs, op, warnings } = await setUp();
    engines.h2.tags.set(tag, STRANGE);
    const { id, outputs } = await imageKind.create(op, inputs);
    expect(id).toBe(tag);
    expect(outputs.reference).not.toBe(STRANGE);
    for (const engine of Object.values(engines)) expect(engine.tags.get(tag)).toBe(outputs.reference);
    both(warnings[0], "h2", tag, STRANGE, outputs.reference);
    expect(warnings).toHaveLength(1);
  });

  test("on all hosts alike is no proof either", async () => {
    const { engines, inputs, op } = await setUp();
    // The name of earlier releases, too.
    for (const { tags } of Object.values(engines)) [tag, `demo/web:content-${inputs.content.slice(0, 12)}`].forEach((name) => tags.set(name, STRANGE));
    expect((await imageKind.create(op, inputs)).outputs.reference).not.toBe(STRANGE);
  });

  test("is told by a refresh and given back by the next up, without sending the image again", async () => {
    const { engines, inputs, op, warnings } = await setUp();
    const { outputs } = await imageKind.create(op, inputs);
    engines.h1.tags.set(tag, STRANGE);
    const seen = (await imageKind.read(op, tag, { inputs, outputs }))!;
    expect(seen).toEqual({ inputs: { ...inputs, hosts: [{ address: "h2" }] }, outputs });
    both(warnings[0], "h1", STRANGE, outputs.reference);
    expect(await imageKind.update!(op, tag, seen, inputs)).toEqual({ outputs });
    expect(engines.h1.tags.get(tag)).toBe(outputs.reference);
    expect(engines.h1.loads).toBe(1);
  });

  test("while it is loaded is an error with both ids", async () => {
    const { engines, inputs, op } = await setUp();
    engines.h1.meanwhile = () => void engines.h1.tags.set(tag, STRANGE);
    const failure = await imageKind.create(op, inputs).catch((error: Error) => error.message);
    both(failure as string, STRANGE, tag);
  });

  test("counts for nothing on an engine whose ids are those of manifests: the image is loaded unless its id is known", async () => {
    const { engines, inputs, op } = await setUp();
    for (const engine of Object.values(engines)) engine.containerd = true;
    engines.h1.tags.set(tag, STRANGE);
    const { outputs } = await imageKind.create(op, inputs);
    expect(engines.h1.tags.get(tag)).toBe(outputs.reference);
    await imageKind.update!(op, tag, { inputs, outputs }, inputs);
    expect(engines.h1.loads).toBe(1);
  });
});

describe("names of earlier releases, with twelve digits of the hash", () => {
  test("stay with what they were given to: no image is pushed or loaded anew for them", async () => {
    const [engine, inputs] = [new FakeEngine(), pushed()];
    const { op, warnings } = operationOn({ m1: engine });
    const id = `${REGISTRY}/demo/web:content-${inputs.content.slice(0, 12)}`;
    const known = `sha256:${"1".repeat(64)}`;
    engine.registry.push(id, known);
    const stored = { inputs, outputs: { reference: `${REGISTRY}/demo/web@${known}` } };
    expect(await imageKind.read(op, id, stored)).toEqual(stored);
    expect(await imageKind.update!(op, id, stored, { ...inputs, login: "x" })).toEqual({ outputs: { ...stored.outputs, login: "x" } });
    expect([engine.loads, warnings]).toEqual([0, []]);
  });
});

describe("an archive", () => {
  test("that was changed since it was looked at is an error with both hashes, and nothing of it is sent", async () => {
    const [engine, inputs] = [new FakeEngine(), pushed("before")];
    writeFileSync(inputs.source.archive, saved("after"));
    const failure = await imageKind.create(operationOn({ m1: engine }).op, inputs).catch((error: Error) => error.message);
    both(failure as string, inputs.content, sha256(saved("after")), inputs.source.archive);
    expect([engine.loads, engine.sent]).toEqual([0, []]);
  });

  test("takes no name from another image of the host, whatever it calls its own", async () => {
    const engine = new FakeEngine();
    engine.images.set(STRANGE, { layers: [] });
    engine.tags.set("postgres:16", STRANGE);
    await imageKind.create(operationOn({ m1: engine }).op, pushed("bundle", "postgres:16"));
    expect([...engine.tags]).toEqual([["postgres:16", STRANGE]]);
  });

  test("whose name in it another archive takes while it is loaded is not taken for that one", async () => {
    const alone = (await imageKind.create(operationOn({ m1: new FakeEngine() }).op, pushed())).outputs;
    const engine = new FakeEngine();
    engine.images.set(STRANGE, { layers: [] });
    engine.meanwhile = () => void engine.tags.set("web:latest", STRANGE);
    expect((await imageKind.create(operationOn({ m1: engine }).op, pushed())).outputs).toEqual(alone);
  });
});

describe("what a registry answers about a tag is never what services run", () => {
  test.each<[string, unknown]>([
    ["another digest", { Descriptor: { digest: STRANGE } }],
    ["the digest of a list of manifests", { Descriptor: { mediaType: "application/vnd.oci.image.index.v1+json", digest: STRANGE } }],
    ["a manifest of the first schema", { Descriptor: { mediaType: "application/vnd.docker.distribution.manifest.v1+prettyjws", digest: STRANGE } }],
    ["a media type that is none", { Descriptor: { mediaType: "text/html", digest: STRANGE } }],
    ["a digest in upper case", { Descriptor: { digest: STRANGE.toUpperCase() } }],
    ["a digest of another kind", { Descriptor: { digest: `sha512:${"e".repeat(128)}` } }],
    ["a short digest", { Descriptor: { digest: "sha256:ee" } }],
    ["a digest with a control code", { Descriptor: { digest: `${STRANGE}\u001b[2J` } }],
    ["a digest with a line after it", { Descriptor: { digest: `${STRANGE}\nsha256:1` } }],
    ["a number", { Descriptor: { digest: 1 } }],
    ["no digest", { Descriptor: {} }],
    ["no descriptor", {}],
    ["nothing", null],
    ["a page", "<html>moved to another host</html>"],
  ])("%s", async (_what, answer) => {
    const [engine, inputs] = [new FakeEngine(), pushed()];
    const { op, warnings } = operationOn({ m1: engine });
    const { id, outputs } = await imageKind.create(op, inputs);
    engine.registry.answer = answer;
    expect((await imageKind.read(op, id, { inputs, outputs }))!.outputs).toEqual(outputs);
    expect(warnings).toHaveLength(1);
    expect([...warnings[0]!].filter((letter) => letter < " ")).toEqual([]);
    expect((await imageKind.update!(op, id, { inputs, outputs }, { ...inputs, login: "x" })).outputs.reference).toBe(outputs.reference);
  });
});

describe("an engine that does not say what it pushed is an error", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  test.each<[string, (tag: string) => object[]]>([
    ["no digest", () => [{ stream: "done" }]],
    ["a digest of another tag", () => [{ aux: { Tag: "latest", Digest: digest } }]],
    ["a tag that ends alike", (tag) => [{ aux: { Tag: tag.slice(8), Digest: digest } }]],
    ["two digests", (tag) => [{ aux: { Tag: tag, Digest: digest } }, { aux: { Tag: tag, Digest: STRANGE } }]],
    ["a digest in upper case", (tag) => [{ aux: { Tag: tag, Digest: digest.toUpperCase() } }]],
    ["a digest of another kind", (tag) => [{ aux: { Tag: tag, Digest: `sha512:${"a".repeat(128)}` } }]],
    ["a digest that the registry does not have", (tag) => [{ aux: { Tag: tag, Digest: digest } }]],
  ])("%s", async (_what, lines) => {
    const [engine, inputs] = [new FakeEngine(), pushed()];
    engine.registry.pushes = lines(`content-${inputs.content}`);
    await expect(imageKind.create(operationOn({ m1: engine }).op, inputs)).rejects.toThrow(/without saying as which digest|the registry does not know it/);
  });
});
