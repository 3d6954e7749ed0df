import { existsSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { cacheDirectory } from "./cache";
import { buildPrograms, goObstacles, programsBuilt, programsDirectory, type GoPrograms } from "./goBuild";
import { capture, succeed } from "./process";
import type { SetupStep } from "./step";
import { downloadVerified, type VendorArchive, vendorAnswers, vendorArchive } from "./vendor";
import { pinnedPulumi, suitablePulumi } from "./version";

/** A Pulumi CLI together with its Node.js language host. */
export interface PulumiInstallation {
  /** Where it comes from: the user's own, the vendor's archive, or built here from Go modules. */
  readonly source: "path" | "vendor" | "built";
  /** The folder of `pulumi` and `pulumi-language-nodejs`. */
  readonly bin: string;
  /** PULUMI_HOME to use with it; `undefined` = the user's own. */
  readonly home: string | undefined;
}

const LANGUAGE_HOST = "pulumi-language-nodejs";

/** The CLI and the language host as they are built when the vendor cannot be reached. */
export function pulumiPrograms(version: string = pinnedPulumi()): GoPrograms {
  const stamp = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  return {
    name: "pulumi",
    modules: [
      { folder: "languagehost", program: LANGUAGE_HOST, build: ["-ldflags=-s -w", "."] },
      { folder: "cli", build: [`-ldflags=-s -w ${stamp}`, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"] },
    ],
  };
}

/** The Pulumi CLI: from PATH, else from the vendor, else built from Go modules. */
export const pulumi: SetupStep = {
  title: `Pulumi CLI ${pinnedPulumi()}`,
  estimate: "a few seconds from the vendor; where that is out of reach it is built, about 4 minutes on 2 cores",
  satisfied: async () => (await findPulumi()) !== undefined,
  async obstacles() {
    const cannotBuild = await goObstacles(pulumiPrograms());
    if (cannotBuild.length === 0 || (await vendorAnswers(cliArchive()))) return [];
    return cannotBuild.map(({ reason, fix }) => ({ reason: `the vendor's download is out of reach, ${reason}`, fix }));
  },
  async run(report) {
    report("asking the vendor for it");
    if (await installFromVendor(report)) return;
    report("the vendor's download is out of reach: building it from Go modules");
    await buildPrograms(pulumiPrograms(), report);
  },
};

/** The installation to use, in the order of {@link pulumi}; `undefined` when there is none yet. */
export async function findPulumi(): Promise<PulumiInstallation | undefined> {
  const own = await onPath();
  if (own !== undefined) return { source: "path", bin: own, home: undefined };
  const home = join(cacheDirectory(), "pulumi-home");
  if (existsSync(vendorDirectory())) return { source: "vendor", bin: join(vendorDirectory(), "bin"), home };
  if (programsBuilt(pulumiPrograms())) return { source: "built", bin: programsDirectory(pulumiPrograms()), home };
  return undefined;
}

async function onPath(): Promise<string | undefined> {
  const file = (process.env.PATH ?? "").split(delimiter).filter(Boolean).map((folder) => join(folder, "pulumi")).find((each) => existsSync(each));
  if (file === undefined) return undefined;
  // Ours, when the environment of a former run is still set: it needs the home that belongs to it, so take it as ours.
  const bin = dirname(realpathSync(file));
  if (bin.startsWith(cacheDirectory())) return undefined;
  const version = await capture(file, ["version"], { env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" }, timeout: 10_000 });
  if (version.code !== 0 || !suitablePulumi(version.stdout)) return undefined;
  return [dirname(file), bin].find((folder) => existsSync(join(folder, LANGUAGE_HOST)));
}

function vendorDirectory(): string {
  return join(cacheDirectory(), `pulumi-vendor-${pinnedPulumi()}`);
}

/**
 * Unpacks the vendor's archive into the cache, once its checksum is right; none of the vendor's scripts is run.
 * @returns whether the CLI is there; not reaching the vendor is no error.
 * @throws Error when the archive is not what its publisher says.
 */
export async function installFromVendor(report: (line: string) => void): Promise<boolean> {
  mkdirSync(cacheDirectory(), { recursive: true });
  const temporary = mkdtempSync(join(cacheDirectory(), "pulumi-vendor-tmp-"));
  try {
    const archive = await downloadVerified(cliArchive(), temporary);
    if (archive === undefined) return false;
    report("its checksum is right: unpacking");
    const root = join(temporary, "root");
    mkdirSync(join(root, "bin"), { recursive: true });
    const done = await capture("tar", ["-xzf", archive, "-C", join(root, "bin"), "--strip-components=1", "--no-same-owner"], { timeout: 180_000 });
    if (done.code !== 0 || !existsSync(join(root, "bin", LANGUAGE_HOST))) return false;
    await succeed(join(root, "bin", "pulumi"), ["version"]);
    if (!existsSync(vendorDirectory())) renameSync(root, vendorDirectory());
    return true;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** The vendor's archive for this platform; where there is none, it is not found. */
function cliArchive(): VendorArchive {
  const version = pinnedPulumi();
  return vendorArchive("pulumi", version, `pulumi-v${version}-${process.platform}-${process.arch}.tar.gz`, "sdk");
}
