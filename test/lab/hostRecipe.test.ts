import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { debianMirror, recipeHash, type RecipeFile } from "../../lab/hostRecipe";
import { readRecipe } from "../../lab/recipeFiles";

const file = fc.record({ path: fc.string(), content: fc.uint8Array().map((bytes) => Buffer.from(bytes)), executable: fc.boolean() });
const files = fc.uniqueArray(file, { selector: ({ path }) => path });

describe("recipeHash", () => {
  test("does not depend on the order in which files were read", () => {
    fc.assert(fc.property(files, fc.array(fc.string()), (some, parameters) => recipeHash(some, parameters) === recipeHash([...some].reverse(), parameters)));
  });

  test("changes with any content, name, permission or parameter", () => {
    fc.assert(
      fc.property(files, file, fc.string(), (some, extra, parameter) => {
        const one: RecipeFile[] = [...some.filter(({ path }) => path !== extra.path), extra];
        const rest = one.slice(0, -1);
        const variants = [
          recipeHash(one, []),
          recipeHash(rest, []),
          recipeHash(one, [parameter]),
          recipeHash([...rest, { ...extra, executable: !extra.executable }], []),
          recipeHash([...rest, { ...extra, content: Buffer.concat([extra.content, Buffer.from([0])]) }], []),
        ];
        expect(new Set(variants).size).toBe(variants.length);
      }),
    );
  });

  test("covers the whole recipe of the lab host", () => {
    const paths = readRecipe(join(__dirname, "../../lab/host")).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["build.sh", "packages", "masked-units", "rootfs/usr/sbin/lab-init"]));
  });
});

describe("debianMirror", () => {
  const stanza = `Types: deb
# a comment inside
URIs: http://mirror.example/debian/
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/x.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
`;

  test("reads both forms of apt's sources", () => {
    expect(debianMirror([stanza], "bookworm")).toBe("http://mirror.example/debian");
    expect(debianMirror(["deb [arch=amd64 signed-by=/x.gpg] https://mirror.example/debian trixie main contrib # x"], "trixie")).toBe("https://mirror.example/debian");
  });

  test.each([
    ["another publisher's archive", "deb https://apt.example/node nodistro main"],
    ["sources of packages", "deb-src http://mirror.example/debian bookworm main"],
    ["the security archive", "deb http://mirror.example/debian-security bookworm-security main"],
    ["an entry that is switched off", stanza.replace("Types: deb\n#", "Enabled: no\nTypes: deb\n#")],
    ["a commented-out entry", "# deb http://mirror.example/debian bookworm main"],
    ["a local path, which debootstrap would need mounted", "deb file:/srv/debian bookworm main"],
  ])("passes over %s", (_, source) => {
    expect(debianMirror([source], "bookworm")).toBeUndefined();
  });
});

test("every masked unit has a unit's name and stands there once", () => {
  const text = readFileSync(join(__dirname, "../../lab/host/masked-units"), "utf8");
  const units = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  expect(units.filter((unit) => !/^[a-z0-9@_-]+\.(service|socket|timer|target|mount|automount|path)$/.test(unit))).toEqual([]);
  expect(new Set(units).size).toBe(units.length);
});
