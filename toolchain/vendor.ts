import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import * as z from "zod";
import { capture } from "./process";

/** An archive that Pulumi releases: where it is, and under which release its SHA-256 is published. */
export interface VendorArchive {
  readonly url: string;
  readonly name: string;
  /** Where the releases of its project are told; another origin than the archive's, so that whoever takes over one of them is noticed. */
  readonly release: string;
}

/** Larger than any archive, in bytes: a download without end is cut off. */
const LARGEST = 500_000_000;
const TLS_ALONE = ["--proto", "=https", "--proto-redir", "=https"];

/** The archive of a release of the project "pulumi" (CLI and language hosts) or "pulumi-NAME" (a plugin). */
export function vendorArchive(project: string, version: string, name: string, folder: string): VendorArchive {
  return { url: `https://get.pulumi.com/releases/${folder}/${name}`, name, release: `https://api.github.com/repos/pulumi/${project}/releases/tags/v${version}` };
}

const Release = z.object({ assets: z.array(z.object({ name: z.string(), digest: z.string().nullish() })) });
const DIGEST = /^sha256:([0-9a-f]{64})$/;

/** The SHA-256 that the release gives for the archive; undefined where it gives none, or what was read is no release. Pure. */
export function publishedChecksum(release: string, archive: string): string | undefined {
  try {
    const found = Release.parse(JSON.parse(release)).assets.filter(({ name }) => name === archive);
    return found.length === 1 ? DIGEST.exec(found[0]!.digest ?? "")?.[1] : undefined;
  } catch {
    return undefined;
  }
}

/** The published SHA-256 of an archive; undefined when nobody tells it. */
export async function checksumOf({ release, name }: VendorArchive): Promise<string | undefined> {
  const told = await capture("curl", ["-fsSL", ...TLS_ALONE, "--connect-timeout", "4", "--max-time", "10", "--max-filesize", "5000000", release]);
  return told.code === 0 ? publishedChecksum(told.stdout, name) : undefined;
}

/**
 * Downloads an archive into a folder, and compares it with its published SHA-256 before anything reads it.
 * @returns its path; undefined when the vendor, or whoever tells the checksum, is out of reach
 * @throws Error with both sums when they differ
 */
export async function downloadVerified(archive: VendorArchive, folder: string): Promise<string | undefined> {
  const expected = await checksumOf(archive);
  if (expected === undefined) return undefined;
  const file = join(folder, archive.name);
  const done = await capture("curl", ["-fsSL", ...TLS_ALONE, "--connect-timeout", "4", "--max-time", "180", "--max-filesize", String(LARGEST), "-o", file, archive.url]);
  if (done.code !== 0) return undefined;
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  const found = hash.digest("hex");
  if (found === expected) return file;
  throw new Error(`${archive.url} has the SHA-256 ${found}, but its publisher says ${expected}: it was not unpacked. Try again later; or install Pulumi yourself and put it on PATH`);
}

/** Whether the vendor answers within a few seconds, and the archive's checksum can be had. */
export async function vendorAnswers(archive: VendorArchive): Promise<boolean> {
  const { url } = archive;
  return (await checksumOf(archive)) !== undefined && (await capture("curl", ["-fsSLI", ...TLS_ALONE, "-o", "/dev/null", "--connect-timeout", "4", "--max-time", "8", url])).code === 0;
}
