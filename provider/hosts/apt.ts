import { OUTPUT } from "../remote/bounds";
import type { Machine } from "../remote/machine";
import { REPOSITORY_FILE, REPOSITORY_KEY, REPOSITORY_KEY_FILE, repositorySource } from "./dockerRepository";
import type { PackageSource } from "./engineInputs";
import { PACKAGES, packagesToInstall, parseOffers } from "./packagePin";

/** No questions, our configuration files stay, and another apt that is running (unattended upgrades) is waited for. */
const APT = ["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C", "apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Options::=--force-confold"];

/**
 * Installs the engine's packages, in the pinned version where there is one.
 * @throws Error with what apt said and what to look at
 */
export async function installEngine(machine: Machine, source: PackageSource, version: string | undefined, signal: AbortSignal): Promise<void> {
  const options = { signal, atMost: OUTPUT.talk }; // each within the provider's time for one command
  try {
    if (source === "docker") await addRepository(machine);
    await machine.run([...APT, "update"], options);
    const offers = parseOffers(await machine.run(["apt-cache", "madison", ...PACKAGES[source]], options));
    const packages = packagesToInstall(source, version, offers);
    await machine.run([...APT, "install", "--no-install-recommends", "--allow-downgrades", "--allow-change-held-packages", ...packages], options);
  } catch (error) {
    throw new Error(
      `${machine.address}: the engine could not be installed: ${(error as Error).message}. ` +
        'See that the host reaches its package sources ("apt-get update" on it), then run this again: it goes on from here',
      { cause: error },
    );
  }
}

async function addRepository(machine: Machine): Promise<void> {
  const release = await machine.run(["cat", "/etc/os-release"]);
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, "m").exec(release)?.[1] ?? "";
  const architecture = (await machine.run(["dpkg", "--print-architecture"])).trim();
  await machine.writeFile(REPOSITORY_KEY_FILE, REPOSITORY_KEY, 0o644);
  await machine.writeFile(REPOSITORY_FILE, repositorySource({ id: field("ID"), codename: field("VERSION_CODENAME") }, architecture), 0o644);
}
