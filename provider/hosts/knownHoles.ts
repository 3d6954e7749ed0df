import { isOlder } from "./packagePin";

interface Floor {
  /** The line of releases that the floor is for: "28", "1.2". */
  readonly line: string;
  /** The first release of that line without the hole. */
  readonly mended: string;
  readonly hole: string;
}

/**
 * The first release of each line that is mended, of the engine by its major version, of runc, which Docker's packages bring along, by its
 * minor one. A line that is not here has no hole that a release of the same line mends; lines that end go on to have holes that only a later
 * line mends. Each row by the advisory of its project (github.com/moby/moby and github.com/opencontainers/runc, security advisories).
 */
const FLOORS: Readonly<Record<"engine" | "runc", readonly Floor[]>> = {
  engine: [
    // GHSA-232p-vwff-86mp: from 20.10.24 and 23.0.3 on.
    { line: "20", mended: "20.10.24", hole: "CVE-2023-28840, encrypted networks take what is not encrypted" },
    // GHSA-v23v-6jw2-98fq: 23.0.15, 25.0.6, 26.1.5, 27.1.1.
    { line: "23", mended: "23.0.15", hole: "CVE-2024-41110, authorization plugins are bypassed" },
    // Release notes of 24.0.9, GHSA-xw73-rw38-6vjc.
    { line: "24", mended: "24.0.9", hole: "CVE-2024-24557, poisoned build cache" },
    { line: "25", mended: "25.0.6", hole: "CVE-2024-41110, authorization plugins are bypassed" },
    { line: "26", mended: "26.1.5", hole: "CVE-2024-41110, authorization plugins are bypassed" },
    { line: "27", mended: "27.1.1", hole: "CVE-2024-41110, authorization plugins are bypassed" },
    // GHSA-x4rx-4gw3-53p4.
    { line: "28", mended: "28.3.3", hole: "CVE-2025-54388, published ports are open to the network after a reload of firewalld" },
    // GHSA-x86f-5xw2-fm2r, GHSA-rg2x-37c3-w2rh; it mends what 29.3.1 does, GHSA-x744-4wpc-v9h2.
    { line: "29", mended: "29.5.1", hole: "CVE-2026-41567, a container's program runs on the host when files are copied into it" },
  ],
  runc: [
    // GHSA-xr7r-f8xq-vfvv.
    { line: "1.0", mended: "1.1.12", hole: "CVE-2024-21626, a container breaks out to the host" },
    { line: "1.1", mended: "1.1.12", hole: "CVE-2024-21626, a container breaks out to the host" },
    // GHSA-9493-h29p-rfm2, GHSA-qw9x-cqr3-wc7r, GHSA-cgrx-mc8f-2prm: 1.2.8, 1.3.3, 1.4.0.
    { line: "1.2", mended: "1.2.8", hole: "CVE-2025-31133, a container breaks out to the host" },
    // CVE-2026-41579: 1.3.6, 1.4.3, which mend the former as well.
    { line: "1.3", mended: "1.3.6", hole: "CVE-2025-31133 and CVE-2026-41579, a container breaks out to the host" },
    { line: "1.4", mended: "1.4.3", hole: "CVE-2026-41579, a container gets at the host" },
  ],
};

/** What is known of an engine that runs. */
export interface RunningEngine {
  /** As the engine tells it, "26.1.5+dfsg1"; "" where it does not run. */
  readonly version: string;
  /** Version of its runc, where that is known. */
  readonly runc?: string;
  readonly source: "distribution" | "docker";
}

/**
 * The holes of an engine for which its own line has a release that mends them, one sentence each. What a distribution mends shows in the
 * revision of its package, which the engine does not tell: there it is said as what it is, a doubt, and its runc is left to it.
 */
export function knownHoles(engine: RunningEngine): string[] {
  const { source } = engine;
  const [version, runc] = [versionIn(engine.version), engine.runc && versionIn(engine.runc)];
  const doubt = source === "distribution" ? "; the distribution may have mended it in its own package (its changelog says so)" : "";
  const holes = below(FLOORS.engine, version).map(({ mended, hole }) => `engine ${version} is older than ${mended} (${hole})${doubt}`);
  if (source === "distribution" || !runc) return holes;
  return [...holes, ...below(FLOORS.runc, runc).map(({ mended, hole }) => `runc ${runc} is older than ${mended} (${hole})`)];
}

/** What is a version of a host's words, which go to a terminal. */
function versionIn(said: string): string {
  return /^[0-9A-Za-z.+~-]{0,64}/.exec(said)![0];
}

function below(floors: readonly Floor[], version: string): Floor[] {
  return floors.filter(({ line, mended }) => isOfLine(version, line) && (isOlder(version, mended) || isCandidateOf(version, mended)));
}

function isOfLine(version: string, line: string): boolean {
  return new RegExp(`^v?${line.replaceAll(".", "\\.")}(?![0-9])`).test(version);
}

/** "29.5.1-rc.1" comes before 29.5.1; "26.1.5+dfsg1" and "28.3.3-0ubuntu1" are of that very release. */
function isCandidateOf(version: string, release: string): boolean {
  return new RegExp(`^${release.replaceAll(".", "\\.")}[-~](alpha|beta|rc)`).test(version);
}
