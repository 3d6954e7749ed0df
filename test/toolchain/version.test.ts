import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { compareVersions, parseVersion, pinnedPlugin, pinnedPulumi, PLUGINS, requiredGo, requiredModule, suitablePulumi } from "../../toolchain/version";

const ROOT = join(__dirname, "..", "..");
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), "utf8");

describe("versions", () => {
  it.each([
    ["v3.259.0\n", [3, 259, 0]],
    ["3.259.0-alpha.1+dirty", [3, 259, 0]],
    ["go1.26.8", [1, 26, 8]],
    ["go1.27rc1", [1, 27, 0]],
    ["1.26", [1, 26, 0]],
  ])("reads %j", (text, version) => expect(parseVersion(text)).toEqual(version));

  it.each(["", "latest", "3", "devel go1.27-abc"])("does not take %j for a version", (text) => expect(parseVersion(text)).toBeUndefined());

  it("orders as numbers, not as text", () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(500), fc.nat(500), fc.nat(500)), fc.tuple(fc.nat(500), fc.nat(500), fc.nat(500)), (a, b) => {
        const number = ([x, y, z]: readonly [number, number, number]) => x * 1e6 + y * 1e3 + z;
        expect(Math.sign(compareVersions(a, b))).toBe(Math.sign(number(a) - number(b)));
      }),
    );
  });
});

describe("a Pulumi CLI on PATH", () => {
  it.each(["v3.208.0", "v3.259.0\n", "v3.300.1"])("is used when it is %j", (text) => expect(suitablePulumi(text)).toBe(true));
  it.each(["v3.207.9", "v2.300.0", "v4.0.0", "", "command not found"])("is not used when it is %j", (text) => expect(suitablePulumi(text)).toBe(false));
});

describe("pins", () => {
  it("take the plugins' versions from package.json", () => {
    const { dependencies } = JSON.parse(read("package.json"));
    expect(PLUGINS.map(pinnedPlugin)).toEqual([dependencies["@pulumi/docker"], dependencies["@pulumi/tls"]]);
  });

  it.each(PLUGINS)("are the version that the Go source of plugin %s says of itself", (name) => {
    const said = /\bversion:?\s*=?\s*"([^"]*)"/i.exec(read("toolchain", "plugins", `pulumi-resource-${name}`, "main.go"))?.[1];
    expect(said).toBe(pinnedPlugin(name));
  });

  it("are the version that the Go source of plugin aws says of itself, which is the npm package's", () => {
    const said = /const Version = "([^"]*)"/.exec(read("toolchain", "plugins-aws", "aws", "provider.go"))?.[1];
    expect(said).toBe(pinnedPlugin("aws"));
  });

  it("build the CLI and the language host from one release", () => {
    const languagehost = requiredModule(read("toolchain", "languagehost", "go.mod"), "github.com/pulumi/pulumi/sdk/v3");
    expect(languagehost).toBe(pinnedPulumi());
    expect(requiredModule(read("toolchain", "cli", "go.mod"), "github.com/pulumi/pulumi/sdk/v3")).toBe(pinnedPulumi());
    expect(suitablePulumi(pinnedPulumi())).toBe(true);
  });

  it("know the Go that is needed", () => expect(requiredGo("module x\n\ngo 1.26\n")).toEqual([1, 26, 0]));
  it("refuse a go.mod without the module", () => expect(() => requiredModule("module x\n", "a/b")).toThrow("a/b is not required"));
});
