import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A release number; what follows the patch (pre-release, build) is not compared. */
export type Version = readonly [major: number, minor: number, patch: number];

/** Reads "3.259.0", "v3.259.0", "go1.26.8", "1.26" (patch 0); `undefined` for anything else. */
export function parseVersion(text: string): Version | undefined {
  const match = /^(?:v|go)?(\d+)\.(\d+)(?:\.(\d+))?(?:$|[-+ a-z])/.exec(text.trim());
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/** Negative when `a` is older than `b`, 0 when equal, positive when newer. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/**
 * The oldest Pulumi CLI that the launcher takes from PATH: the first that reads every option from PULUMI_OPTION_*.
 * Another major version is refused too.
 */
export const OLDEST_PULUMI: Version = [3, 208, 0];

/** Whether a Pulumi CLI that prints `text` as its version can be used. */
export function suitablePulumi(text: string): boolean {
  const version = parseVersion(text);
  return version !== undefined && version[0] === OLDEST_PULUMI[0] && compareVersions(version, OLDEST_PULUMI) >= 0;
}

/** Version of a module required by a go.mod, without the "v". @throws Error when the module is not in it. */
export function requiredModule(goMod: string, module: string): string {
  const line = goMod.split("\n").find((each) => each.trim().replace(/^require\s+/, "").startsWith(`${module} `));
  const version = line?.trim().replace(/^require\s+/, "").split(/\s+/)[1];
  if (version === undefined) throw new Error(`${module} is not required by this go.mod`);
  return version.replace(/^v/, "");
}

/** The Go version that a go.mod asks for (its `go` line). @throws Error when there is none. */
export function requiredGo(goMod: string): Version {
  const version = parseVersion(/^go\s+(\S+)/m.exec(goMod)?.[1] ?? "");
  if (version === undefined) throw new Error("this go.mod has no go line");
  return version;
}

/** The pinned Pulumi CLI: what toolchain/cli/go.mod builds, and what is asked of the vendor's installer. */
export function pinnedPulumi(): string {
  return requiredModule(readFileSync(join(__dirname, "cli", "go.mod"), "utf8"), "github.com/pulumi/pulumi/pkg/v3");
}

/** Names of the resource plugins that the program needs besides its own. */
export const PLUGINS = ["docker", "tls"] as const;
/** The one that hosts in AWS need besides. */
export const AWS_PLUGIN = "aws";
export type PluginName = (typeof PLUGINS)[number] | typeof AWS_PLUGIN;

/** Version of a plugin: always that of the npm package, because the engine asks for exactly this one. */
export function pinnedPlugin(name: PluginName): string {
  const manifest = JSON.parse(readFileSync(join(__dirname, "..", "package.json"), "utf8")) as { dependencies: Record<string, string> };
  const version = manifest.dependencies[`@pulumi/${name}`];
  if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error(`package.json: dependencies["@pulumi/${name}"] is ${version ?? "missing"}; it has to be an exact version`);
  }
  return version;
}
