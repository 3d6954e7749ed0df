import type { PackageSource } from "./engineInputs";

/** A version that apt offers, in full: "5:27.5.1-1~debian.12~bookworm". */
export interface Offer {
  readonly package: string;
  readonly version: string;
}

/** The packages of each source; the first is the engine itself, by which the source is recognised. */
export const PACKAGES: Record<PackageSource, readonly [string, ...string[]]> = {
  // Debian 13 has the client in a package of its own.
  distribution: ["docker.io", "docker-cli"],
  docker: ["docker-ce", "docker-ce-cli", "containerd.io"],
};

/** Packages whose version is the engine's. */
const VERSIONED = new Set(["docker.io", "docker-cli", "docker-ce", "docker-ce-cli"]);

/**
 * Whether a package's version is what "26.1", "26.1.5" or the whole version asks for; the epoch may be left out. A pin that says more
 * than the engine's number has to be whole: one build of a package, "26.1.5+dfsg1-9", is the beginning of the next, "26.1.5+dfsg1-9+b9".
 */
export function matchesPin(version: string, pin: string): boolean {
  const candidate = pin.includes(":") ? version : version.replace(/^\d+:/, "");
  if (!/^(\d+:)?[\d.]+$/.test(pin)) return candidate === pin;
  return candidate.startsWith(pin) && !/[0-9]/.test(candidate[pin.length] ?? "");
}

/** "27" of "5:27.5.1-1~debian.12~bookworm", "27.5" and "27"; undefined where there is none. */
export function majorOf(version: string): number | undefined {
  return numbersOf(version)[0];
}

/** Whether an engine of the one version is older than one of the other, as far as both say: "28" is not older than "28.2.2". */
export function isOlder(version: string, than: string): boolean {
  const [mine, theirs] = [numbersOf(version), numbersOf(than)];
  const at = mine.findIndex((number, index) => number !== (theirs[index] ?? number));
  return at >= 0 && mine[at]! < theirs[at]!;
}

/** 27, 5, 1 of "5:27.5.1-1~debian.12~bookworm". */
function numbersOf(version: string): number[] {
  return (/^(?:\d+:)?(\d[\d.]*)/.exec(version)?.[1] ?? "").split(".").filter(Boolean).map(Number);
}

/** Reads `apt-cache madison`: "docker.io | 26.1.5+dfsg1-9+b9 | http://… trixie/main amd64 Packages", best first. */
export function parseOffers(text: string): Offer[] {
  return text.split("\n").flatMap((line) => {
    const [name, version, origin] = line.split("|").map((part) => part.trim());
    return name && version && origin?.includes(" Packages") ? [{ package: name, version }] : [];
  });
}

/**
 * What to tell apt to install: packages that are offered, the engine's own in the version that the pin asks for.
 * @throws Error that lists what is offered when the engine is not, or not in such a version
 */
export function packagesToInstall(source: PackageSource, pin: string | undefined, offers: readonly Offer[]): string[] {
  const [engine] = PACKAGES[source];
  const offered = offers.filter((offer) => offer.package === engine).map((offer) => offer.version);
  if (offered.length === 0) throw new Error(`no package ${engine} is offered; see that the host's package sources have it`);
  if (pin !== undefined && !offered.some((version) => matchesPin(version, pin))) {
    throw new Error(`no package ${engine} of version ${pin} is offered; there is ${offered.join(", ")}`);
  }
  return PACKAGES[source].flatMap((name) => {
    const versions = offers.filter((offer) => offer.package === name).map((offer) => offer.version);
    if (versions.length === 0) return [];
    const pinned = pin !== undefined && VERSIONED.has(name) ? versions.find((version) => matchesPin(version, pin)) : undefined;
    return [pinned === undefined ? name : `${name}=${pinned}`];
  });
}
