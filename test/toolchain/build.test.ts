import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheDirectory } from "../../toolchain/cache";
import { goVersionObstacles, sourceHash } from "../../toolchain/goBuild";
import { pulumiPrograms } from "../../toolchain/pulumi";

describe("the cache", () => {
  it.each<[NodeJS.ProcessEnv, RegExp]>([
    [{ DOCKYARD_CACHE: "/var/x", XDG_CACHE_HOME: "/y" }, /^\/var\/x$/],
    [{ XDG_CACHE_HOME: "/y" }, /^\/y\/dockyard$/],
    [{ XDG_CACHE_HOME: "relative" }, /\/\.cache\/dockyard$/],
    [{ DOCKYARD_CACHE: "" }, /\/\.cache\/dockyard$/],
  ])("with %j is %s", (env, path) => expect(cacheDirectory(env)).toMatch(path));
});

describe("the name of a build in the cache", () => {
  const root = mkdtempSync(join(tmpdir(), "dockyard-hash-"));
  afterAll(() => rmSync(root, { recursive: true }));
  const programs = pulumiPrograms("3.259.0");
  const hash = () => sourceHash(programs, root);
  beforeEach(() => cpSync(join(__dirname, "..", "..", "toolchain"), root, { recursive: true, force: true }));

  it("does not depend on where the checkout is", () => expect(hash()).toBe(sourceHash(programs)));
  it("changes with a pinned module", () => {
    const before = hash();
    writeFileSync(join(root, "cli", "go.sum"), "other\n");
    expect(hash()).not.toBe(before);
  });
  it("changes with a source file that is new", () => {
    const before = hash();
    writeFileSync(join(root, "languagehost", "new.go"), "package main\n");
    expect(hash()).not.toBe(before);
  });
  it("changes with the flags", () => expect(sourceHash(pulumiPrograms("3.260.0"), root)).not.toBe(hash()));
});

describe("Go for a build", () => {
  const mods = ["module a\n\ngo 1.25.3\n", "module b\n\ngo 1.26\n"];
  it.each(["go1.26", "go1.26.8", "go1.30.0", "devel go1.31-0123"])("%s will do", (found) => expect(goVersionObstacles(found, mods)).toEqual([]));
  it.each<[string | undefined, RegExp]>([
    [undefined, /no Go on PATH \(Go 1\.26 or newer\)/],
    ["go1.25.9", /go1\.25\.9 on PATH is too old \(Go 1\.26 or newer\)/],
  ])("%s is an obstacle", (found, reason) => {
    expect(goVersionObstacles(found, mods)).toEqual([{ reason: expect.stringMatching(reason), fix: expect.stringContaining("https://go.dev/dl/") }]);
  });
});
