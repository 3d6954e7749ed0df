import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadBundle } from "../../../components/bundle/load";
import { failureOf } from "./failure";

let folder: string;
const before = process.cwd();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dab-"));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

test("without a path it is STACK.dab in the current folder", () => {
  writeFileSync("found.dab", '{"Version":"0.1"}');
  const notices: string[] = [];
  expect(loadBundle(undefined, "found", (line) => notices.push(line)).version).toBe("0.1");
  expect(notices).toEqual(["Loading bundle from found.dab"]);
});

test.each([
  [undefined, "Bundle namespace_foo.dab not found. Specify the path with --file"],
  ["", "Bundle namespace_foo.dab not found. Specify the path with --file"],
  ["invalid_path", "Bundle invalid_path not found. Specify the path with --file"],
  ["found.dab/below", "Bundle found.dab/below not found. Specify the path with --file"],
])("path %j is not found", (path, message) => {
  expect(failureOf(() => loadBundle(path, "namespace_foo"))).toBe(message);
});

test("a fault in the file names the file, after the notice", () => {
  writeFileSync("broken.dab", "[]");
  const notices: string[] = [];
  const message = "Error reading broken.dab: Unexpected type at byte 1. Expected bundlefile.Bundlefile but received array.\n";
  expect(failureOf(() => loadBundle("broken.dab", "s", (line) => notices.push(line)))).toBe(message);
  expect(notices).toEqual(["Loading bundle from broken.dab"]);
});

test("a folder", () => {
  expect(failureOf(() => loadBundle(folder, "s"))).toBe(`Error reading ${folder}: read ${folder}: is a directory\n`);
});

test.each([
  ["'   '", `invalid stack name: "'   '"`],
  ['"\u00a0\t"', 'invalid stack name: "\\"\\u00a0\\t\\""'],
  ["", 'invalid stack name: ""'],
])("stack name %j", (stack, message) => expect(failureOf(() => loadBundle(undefined, stack))).toBe(message));
