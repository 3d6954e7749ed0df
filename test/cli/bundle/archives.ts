import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { imageArchive } from "../../../lab/imageArchive";
import { tarOf } from "../../../lab/tar";

/** A folder that is gone after the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "dockyard-bundle-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const sha256 = (content: Buffer | string): string => `sha256:${createHash("sha256").update(content).digest("hex")}`;

/** As `docker save` writes an image of one file. */
export const dockerArchive = (reference: string): Buffer =>
  imageArchive({ reference, architecture: "amd64", config: { Entrypoint: ["/e"] }, entries: [{ path: "/e", content: Buffer.from(reference), mode: 0o755 }] });

/** The files of an OCI layout, each image with its manifest, whose digest is answered too. */
export function ociLayout(images: readonly { readonly annotations?: Readonly<Record<string, string>>; readonly manifest: string }[]) {
  const digests = images.map(({ manifest }) => sha256(manifest));
  const manifests = images.map(({ annotations, manifest }, index) => ({ mediaType: "application/vnd.oci.image.manifest.v1+json", digest: digests[index], size: manifest.length, ...(annotations && { annotations }) }));
  const files: Record<string, string> = {
    "oci-layout": '{"imageLayoutVersion":"1.0.0"}',
    "index.json": JSON.stringify({ schemaVersion: 2, manifests }),
    ...Object.fromEntries(images.map(({ manifest }, index) => [`blobs/sha256/${digests[index]!.slice(7)}`, manifest])),
  };
  return { files, digests };
}

export const tarred = (files: Readonly<Record<string, string>>): Buffer => tarOf(Object.entries(files).map(([path, content]) => ({ path, content: Buffer.from(content), mode: 0o644 })));

/** Writes files below a folder. @returns the folder */
export function written(folder: string, files: Readonly<Record<string, string | Buffer>>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}
