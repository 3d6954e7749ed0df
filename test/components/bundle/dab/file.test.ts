import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bundleFile } from "../../../../components/bundle/dab/file";
import { EMPTY_SERVICE } from "../../../../components/bundle/dab/bundlefile";
import { readBundle } from "../../../../components/bundle/dab/read";

const folder = join(__dirname, "../../../fixtures/dab");
const files = readdirSync(folder).filter((name) => /\.d[as]b$/.test(name));

test.each(files)("%s is written as its last writer would", (file) => {
  const text = readFileSync(join(folder, file), "utf8");
  // Early writers left blanks at the ends of lines and wrote two names small.
  const today = text.replace(/, \n/g, ",\n").replace('  "services": {', '  "Services": {').replace('\n  "version": ', '\n  "Version": ');
  expect(bundleFile(readBundle(Buffer.from(text)))).toBe(`${today.trimEnd()}\n`);
});

test("names in byte order, even those that look like numbers; beyond ASCII as escapes", () => {
  const service = { ...EMPTY_SERVICE, image: "é\u007f", networks: ["n"] };
  const services = new Map([["b", service], ["10", EMPTY_SERVICE], ["9", EMPTY_SERVICE], ["__proto__", EMPTY_SERVICE]]);
  const text = bundleFile({ version: "0.1", services });
  expect([...text.matchAll(/^ {4}"(.*)":/gm)].map(([, name]) => name)).toEqual(["10", "9", "__proto__", "b"]);
  expect(text).toContain('"Image": "\\u00e9\\u007f"');
  expect(text).toContain('"Networks": []');
  expect(readBundle(Buffer.from(text)).services).toEqual(services);
});

test("no services", () => {
  expect(bundleFile({ version: "0.1", services: new Map() })).toBe('{\n  "Services": {},\n  "Version": "0.1"\n}\n');
});
