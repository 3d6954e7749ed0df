import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findPulumi, installFromVendor } from "../../toolchain/pulumi";
import { pinnedPulumi } from "../../toolchain/version";

/** The vendor is played by a `curl` that delivers an installer of ours. */
describe("the vendor's installer", () => {
  const folder = mkdtempSync(join(tmpdir(), "dockyard-vendor-"));
  const cache = join(folder, "cache");
  const before = { PATH: process.env.PATH, DOCKYARD_CACHE: process.env.DOCKYARD_CACHE };
  const script = (path: string, text: string) => {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
  };
  const installer = (text: string) => script(join(folder, "installer"), text);
  const quiet = () => undefined;

  beforeAll(() => {
    script(join(folder, "bin", "curl"), `while [ "$1" != -o ]; do shift; done; cp "${folder}/installer" "$2"`);
    process.env.PATH = ["/usr/bin", "/bin"].reduce((path, each) => path + delimiter + each, join(folder, "bin"));
    process.env.DOCKYARD_CACHE = cache;
  });
  beforeEach(() => rmSync(cache, { recursive: true, force: true }));
  afterAll(() => {
    Object.assign(process.env, before);
    if (before.DOCKYARD_CACHE === undefined) delete process.env.DOCKYARD_CACHE;
    rmSync(folder, { recursive: true });
  });

  const GOOD = 'mkdir -p "$4/bin"; printf "#!/bin/sh\\necho v$2" > "$4/bin/pulumi"; chmod +x "$4/bin/pulumi"; touch "$4/bin/pulumi-language-nodejs"; echo "got $2"';

  it("puts the pinned version into the cache, with a home of its own", async () => {
    installer(GOOD);
    const lines: string[] = [];
    expect(await installFromVendor((line) => lines.push(line))).toBe(true);
    expect(lines).toContain(`got ${pinnedPulumi()}`);
    expect(await findPulumi()).toEqual({ source: "vendor", bin: join(cache, `pulumi-vendor-${pinnedPulumi()}`, "bin"), home: join(cache, "pulumi-home") });
    expect(readdirSync(cache)).toEqual([`pulumi-vendor-${pinnedPulumi()}`]);
  });

  it.each([
    ["fails", "exit 1"],
    ["leaves no language host", 'mkdir -p "$4/bin"; touch "$4/bin/pulumi"'],
  ])("that %s leaves nothing behind and is no error", async (_, text) => {
    installer(text);
    expect(await installFromVendor(quiet)).toBe(false);
    expect(readdirSync(cache)).toEqual([]);
  });

  it("that cannot be fetched is no error either", async () => {
    rmSync(join(folder, "installer"));
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
