import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { buildPrograms, goObstacles, programsBuilt, type GoPrograms } from "./goBuild";
import { capture, succeed, type CaptureOptions } from "./process";
import { findPulumi, type PulumiInstallation } from "./pulumi";
import type { SetupStep } from "./step";
import { checksumOf, type VendorArchive, vendorAnswers, vendorArchive } from "./vendor";
import { AWS_PLUGIN, PLUGINS, pinnedPlugin, type PluginName } from "./version";

/** The resource plugins as they are built when the vendor cannot be reached. */
export const pluginPrograms: GoPrograms = {
  name: "plugins",
  modules: [{ folder: "plugins", build: ["-tags=no_compose", "-ldflags=-s -w", "./pulumi-resource-tls", "./pulumi-resource-docker"] }],
};

/** A plugin for the resources that hosts in AWS need, and no others: the whole of it takes an hour to build. */
export const awsPluginPrograms: GoPrograms = { name: "plugins-aws", modules: [{ folder: "plugins-aws", script: "build.sh" }] };

/** The resource plugins docker and tls, in the versions of the npm packages. */
export const plugins: SetupStep = pluginStep(PLUGINS, pluginPrograms, "a few seconds from the vendor; where that is out of reach they are built, about 3 minutes on 2 cores");

/** The resource plugin aws. Only for stacks whose hosts are there, and for the tests of those. */
export const awsPlugin: SetupStep = pluginStep([AWS_PLUGIN], awsPluginPrograms, "a minute from the vendor; where that is out of reach a part of it is built, about 4 minutes on 2 cores");

function pluginStep(names: readonly PluginName[], programs: GoPrograms, estimate: string): SetupStep {
  return {
    title: `Pulumi plugin${names.length > 1 ? "s" : ""} ${names.map((name) => `${name} ${pinnedPlugin(name)}`).join(" and ")}`,
    estimate,
    satisfied: async () => missingPlugins(await findPulumi(), names).length === 0,
    async obstacles() {
      const cannotBuild = programsBuilt(programs) ? [] : await goObstacles(programs);
      if (cannotBuild.length === 0 || (await vendorAnswers(pluginArchive(names[0]!)))) return [];
      return cannotBuild.map(({ reason, fix }) => ({ reason: `the vendor's download is out of reach, ${reason}`, fix }));
    },
    async run(report) {
      const installation = await findPulumi();
      if (installation === undefined) throw new Error("The Pulumi CLI has to be there before its plugins.");
      if (await downloadPlugins(installation, names, report)) return;
      report(`the vendor's download is out of reach: building ${names.join(" and ")} from Go modules`);
      const built = await buildPrograms(programs, report);
      for (const name of missingPlugins(installation, names)) {
        await succeed(...installCommand(installation, name, "--file", join(built, `pulumi-resource-${name}`), "--reinstall"));
      }
    },
  };
}

/** The plugins that are not, or not completely, in the plugin folder of this installation. */
export function missingPlugins(installation: PulumiInstallation | undefined, names: readonly PluginName[] = PLUGINS): PluginName[] {
  if (installation === undefined) return [...names];
  const folder = join(installation.home ?? process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "plugins");
  return names.filter((name) => {
    const plugin = join(folder, `resource-${name}-v${pinnedPlugin(name)}`);
    // The CLI keeps a .partial file beside a plugin for as long as it unpacks it.
    return !existsSync(join(plugin, `pulumi-resource-${name}`)) || existsSync(`${plugin}.partial`);
  });
}

async function downloadPlugins(installation: PulumiInstallation, names: readonly PluginName[], report: (line: string) => void): Promise<boolean> {
  // The CLI itself tries for minutes when nobody answers: ask first.
  if (installation.source === "built" || !(await vendorAnswers(pluginArchive(names[0]!)))) return false;
  for (const name of missingPlugins(installation, names)) {
    const checksum = await checksumOf(pluginArchive(name));
    if (checksum === undefined) return false;
    report(`downloading ${name} ${pinnedPlugin(name)}`);
    if ((await capture(...installCommand(installation, name, "--checksum", checksum))).code !== 0) return false;
  }
  return missingPlugins(installation, names).length === 0;
}

function installCommand(installation: PulumiInstallation, name: PluginName, ...more: string[]): [string, string[], CaptureOptions] {
  const home = installation.home === undefined ? {} : { PULUMI_HOME: installation.home };
  return [
    join(installation.bin, "pulumi"),
    ["plugin", "install", "resource", name, pinnedPlugin(name), ...more],
    { env: { ...process.env, ...home, PULUMI_SKIP_UPDATE_CHECK: "true" } },
  ];
}

/** The vendor's archive of a plugin for this platform. */
function pluginArchive(name: PluginName): VendorArchive {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  return vendorArchive(`pulumi-${name}`, pinnedPlugin(name), `pulumi-resource-${name}-v${pinnedPlugin(name)}-${process.platform}-${arch}.tar.gz`, "plugins");
}
