import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findPulumi, installFromVendor } from "../../toolchain/pulumi";
import { pinnedPulumi } from "../../toolchain/version";

/** The vendor is played by a `curl` that delivers an archive of ours, and its publisher by one that tells a checksum. */
describe("the vendor's archive", () => {
  const folder = mkdtempSync(join(tmpdir(), "dockyard-vendor-"));
  const cache = join(folder, "cache");
  const before = { PATH: process.env.PATH, DOCKYARD_CACHE: process.env.DOCKYARD_CACHE };
  const script = (path: string, text: string) => {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
  };
  const NAME = `pulumi-v${pinnedPulumi()}-${process.platform}-${process.arch}.tar.gz`;
  const archive = join(folder, "archive");
  /** Packs programs, named with their text, as the vendor does. @returns its SHA-256 */
  const pack = (programs: Record<string, string>): string => {
    rmSync(join(folder, "pulumi"), { recursive: true, force: true });
    mkdirSync(join(folder, "pulumi"));
    for (const [name, text] of Object.entries(programs)) script(join(folder, "pulumi", name), text);
    execFileSync("tar", ["-czf", archive, "-C", folder, "pulumi"]);
    return createHash("sha256").update(readFileSync(archive)).digest("hex");
  };
  const release = (text: string) => writeFileSync(join(folder, "release"), text);
  const publish = (digest: string, name = NAME) => release(JSON.stringify({ assets: [{ name: "other.tar.gz", digest: `sha256:${"0".repeat(64)}` }, { name, digest }] }));
  const quiet = () => undefined;
  const GOOD = { pulumi: `echo v${pinnedPulumi()}`, "pulumi-language-nodejs": "" };
  const RAN = join(folder, "ran");
  const EVIL = { pulumi: `touch "${RAN}"`, "pulumi-language-nodejs": "" };

  beforeAll(() => {
    script(join(folder, "bin", "curl"), `for each; do url=$each; done; case $url in https://api.*) exec cat "${folder}/release";; esac; while [ "$1" != -o ]; do shift; done; cp "${archive}" "$2"`);
    process.env.PATH = ["/usr/bin", "/bin"].reduce((path, each) => path + delimiter + each, join(folder, "bin"));
    process.env.DOCKYARD_CACHE = cache;
  });
  beforeEach(() => rmSync(cache, { recursive: true, force: true }));
  afterAll(() => {
    Object.assign(process.env, before);
    if (before.DOCKYARD_CACHE === undefined) delete process.env.DOCKYARD_CACHE;
    rmSync(folder, { recursive: true });
  });

  it("puts the pinned version into the cache, with a home of its own, when it is what its publisher says", async () => {
    publish(`sha256:${pack(GOOD)}`);
    const lines: string[] = [];
    expect(await installFromVendor((line) => lines.push(line))).toBe(true);
    expect(lines).toEqual(["its checksum is right: unpacking"]);
    expect(await findPulumi()).toEqual({ source: "vendor", bin: join(cache, `pulumi-vendor-${pinnedPulumi()}`, "bin"), home: join(cache, "pulumi-home") });
    expect(readdirSync(cache)).toEqual([`pulumi-vendor-${pinnedPulumi()}`]);
  });

  it("that is another one is refused with both sums, and nothing of it is unpacked or run", async () => {
    const expected = pack(GOOD);
    publish(`sha256:${expected}`);
    const found = pack(EVIL);
    await expect(installFromVendor(quiet)).rejects.toThrow(new RegExp(`has the SHA-256 ${found}, but its publisher says ${expected}`));
    expect([existsSync(RAN), readdirSync(cache)]).toEqual([false, []]);
  });

  it.each<[string, (sum: string) => void]>([
    ["nobody tells a checksum of", () => rmSync(join(folder, "release"), { force: true })],
    ["has no digest", () => release(JSON.stringify({ assets: [{ name: NAME }] }))],
    ["has an empty digest", () => publish("")],
    ["has another kind of digest", (sum) => publish(`sha512:${sum}`)],
    ["has a digest without its kind", (sum) => publish(sum)],
    ["has a digest that is too short", (sum) => publish(`sha256:${sum.slice(1)}`)],
    ["has a digest with more behind it", (sum) => publish(`sha256:${sum}\n`)],
    ["has a digest in capitals", (sum) => publish(`sha256:${sum.toUpperCase()}`)],
    ["is published under another name", (sum) => publish(`sha256:${sum}`, `x${NAME}`)],
    ["is published twice", (sum) => release(JSON.stringify({ assets: [{ name: NAME, digest: `sha256:${sum}` }, { name: NAME, digest: `sha256:${"0".repeat(64)}` }] }))],
    ["is published in no JSON", (sum) => release(`${sum}  ${NAME}`)],
    ["is published in a list", (sum) => release(JSON.stringify([{ name: NAME, digest: `sha256:${sum}` }]))],
  ])("that %s is not downloaded, nor run", async (_, told) => {
    told(pack(EVIL));
    expect(await installFromVendor(quiet)).toBe(false);
    expect([existsSync(RAN), readdirSync(cache)]).toEqual([false, []]);
  });

  it("that holds no language host leaves nothing behind and is no error", async () => {
    publish(`sha256:${pack({ pulumi: "" })}`);
    expect(await installFromVendor(quiet)).toBe(false);
    expect(readdirSync(cache)).toEqual([]);
  });

  it("that cannot be fetched is no error either", async () => {
    publish(`sha256:${pack(GOOD)}`);
    rmSync(archive);
    expect(await installFromVendor(quiet)).toBe(false);
    expect(existsSync(join(cache, `pulumi-vendor-${pinnedPulumi()}`))).toBe(false);
  });

  it("is not needed with a suitable Pulumi on PATH, and is with one without a language host", async () => {
    script(join(folder, "bin", "pulumi"), "echo v3.222.0");
    expect(await findPulumi()).toBeUndefined();
    writeFileSync(join(folder, "bin", "pulumi-language-nodejs"), "");
    expect(await findPulumi()).toEqual({ source: "path", bin: join(folder, "bin"), home: undefined });
    script(join(folder, "bin", "pulumi"), "echo v3.100.0");
    expect(await findPulumi()).toBeUndefined();
  });
});
