import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { policyPackArguments } from "../../cli/policyPacks";

const folder = mkdtempSync(join(tmpdir(), "dockyard-packs-"));
const pack = join(folder, "pack");
const levels = join(folder, "levels.json");

beforeAll(() => {
  mkdirSync(pack);
  writeFileSync(join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  writeFileSync(levels, "{}");
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("policy packs", () => {
  it("are none unless they are asked for", () => expect(policyPackArguments({})).toEqual([]));
  it("are handed on with absolute paths, each with its configuration", () => {
    expect(policyPackArguments({ policyPack: [relative(process.cwd(), pack)] })).toEqual(["--policy-pack", pack]);
    expect(policyPackArguments({ policyPack: [pack], policyPackConfig: [levels] })).toEqual(["--policy-pack", pack, "--policy-pack-config", levels]);
    expect(policyPackArguments({ policyPack: [pack, pack] })).toEqual(["--policy-pack", pack, "--policy-pack", pack]);
  });
  it("that are none are refused, naming the folder", () => expect(() => policyPackArguments({ policyPack: [folder] })).toThrow(`--policy-pack ${folder}: there is no policy pack`));
  it("whose configuration is missing are refused, naming the file", () =>
    expect(() => policyPackArguments({ policyPack: [pack], policyPackConfig: [join(folder, "no.json")] })).toThrow(`--policy-pack-config ${folder}/no.json`));
  it.each([{ policyPackConfig: [levels] }, { policyPack: [pack, pack], policyPackConfig: [levels] }])("take one configuration each or none at all: %j", (options) =>
    expect(() => policyPackArguments(options)).toThrow("one file"),
  );
});
