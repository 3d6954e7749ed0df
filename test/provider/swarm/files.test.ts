import * as fc from "fast-check";
import { bytesOf, checkFile, diffFile, type FileInputs, observedLabels, writtenAs } from "../../../provider/swarm/fileInputs";
import { fingerprint, isFingerprintOf } from "../../../provider/swarm/fingerprint";
import { foreignThing, isOurs } from "../../../provider/swarm/ownership";

const file: FileInputs = { cluster: "c", name: "app-1", data: "hello" };
const diff = (wanted: Partial<FileInputs>, unknown: string[] = []) => diffFile({ inputs: file, outputs: {} }, { ...file, ...wanted }, unknown);

test("bytes come back as they were, whatever they are", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => bytesOf(writtenAs(Buffer.from(bytes))).equals(bytes)));
});

test.each<[string, Partial<FileInputs>, string[]]>([
  ["an ordinary one", {}, []],
  ["no content", { data: "" }, ["data"]],
  ["as much as is too much", { data: "x".repeat(100) }, ["data"]],
  ["as much as goes", { data: "x".repeat(99) }, []],
  ["what is not base64", { data: "hällo", encoding: "base64" }, ["data"]],
  ["a name with a blank", { name: "a b" }, ["name"]],
  ["a name that is too long", { name: "a".repeat(65) }, ["name"]],
  ["nothing in it, nor said to exist", { data: undefined }, ["data"]],
  ["one that exists", { data: undefined, external: true }, []],
  ["one that exists, with content", { external: true }, ["data"]],
])("%s", (_what, inputs, properties) => expect(checkFile({ ...file, ...inputs }, 100).map(({ property }) => property)).toEqual(properties));

test("new data or a new name make it anew, labels do not, another encoding of the same bytes is nothing", () => {
  expect(diff({ data: "other" })).toEqual([{ path: "data", kind: "update", replace: true }]);
  expect(diff({ name: "app-2" })).toEqual([{ path: "name", kind: "update", replace: true }]);
  expect(diff({ labels: { a: "b" } })).toEqual([{ path: "labels.a", kind: "add" }]);
  expect(diff({ data: "aGVsbG8=", encoding: "base64" })).toEqual([]);
  expect(diff({ data: undefined as never }, ["data"])).toEqual([{ path: "data", kind: "update", replace: true }]);
});

test("one that exists can become ours by being made anew, but ours cannot become somebody else's", () => {
  const external: FileInputs = { cluster: "c", name: "app-1", external: true };
  expect(diffFile({ inputs: external, outputs: {} }, file, [])).toEqual(expect.arrayContaining([{ path: "external", kind: "delete", replace: true }]));
  expect(() => diff({ external: true })).toThrow('"app-1" was made by this program and cannot become external');
});

test("labels stay as written unless others are there", () => {
  expect(observedLabels({}, {})).toEqual({});
  expect(observedLabels({ labels: {} }, {})).toEqual({ labels: {} });
  expect(observedLabels({ labels: { a: "1" } }, {})).toEqual({});
  expect(observedLabels({}, { b: "2" })).toEqual({ labels: { b: "2" } });
});

describe("a fingerprint", () => {
  test("knows its bytes and no others", async () => {
    const made = await fingerprint(Buffer.from("1234"));
    expect(await isFingerprintOf(made, Buffer.from("1234"))).toBe(true);
    expect(await isFingerprintOf(made, Buffer.from("1235"))).toBe(false);
  });
  test("is another each time, so equal secrets are not seen to be equal", async () => {
    expect(await fingerprint(Buffer.from("1234"))).not.toBe(await fingerprint(Buffer.from("1234")));
  });
  test.each([undefined, "", "scrypt:x", "md5:a:b"])("%j is none", async (text) => expect(await isFingerprintOf(text, Buffer.from("x"))).toBe(false));
});

describe("whose a thing is", () => {
  const label = "com.docker.stack.namespace";
  test("its stack's label says", () => {
    expect(isOurs({ [label]: "shop" }, { [label]: "shop" })).toBe(true);
    expect(isOurs({ [label]: "shop" }, { [label]: "other" })).toBe(false);
    expect(isOurs({}, {})).toBe(false);
    expect(isOurs(null, { [label]: "shop" })).toBe(false);
  });
  test("the refusal tells", () => expect(foreignThing("service", "web", { [label]: "shop" }, "differs").message).toMatch(/"web" exists already \(com\.docker\.stack\.namespace=shop\) and differs; choose another name/));
});
