import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import * as z from "zod";
import { UserError } from "../error";
import { readImageFiles, type ImageFiles } from "./imageFiles";

/** An image in an archive. */
export interface ArchivedImage {
  /** As the archive names it, "redis:7" or "docker.io/library/redis:7". */
  readonly names: readonly string[];
  /** `sha256:…` under which a registry has this very image; undefined in a docker archive, whose layers are packed anew when pushed. */
  readonly digest: string | undefined;
}

export interface ImageArchive {
  /** A folder ends in "/". */
  readonly path: string;
  /** "docker": what `docker save` writes and `docker load` takes. "oci": an OCI image layout. */
  readonly format: "docker" | "oci";
  readonly images: readonly ArchivedImage[];
  /** The image, as the bundle writes it, that the archive is to stand for whatever it calls its own. */
  readonly standsFor: string | undefined;
}

/** Reads `--archive [IMAGE=]FILE`. No network takes part. @throws UserError */
export async function readArchive(option: string): Promise<ImageArchive> {
  const equals = option.indexOf("=");
  // A file may have "=" in its name.
  const named = equals > 0 && !existsSync(option);
  const [standsFor, path] = named ? [option.slice(0, equals), option.slice(equals + 1)] : [undefined, option];
  const archive = imagesIn(path, await readImageFiles(path));
  return { path: statSync(path).isDirectory() && !path.endsWith("/") ? `${path}/` : path, standsFor, ...archive };
}

const dockerManifest = z.array(z.looseObject({ RepoTags: z.array(z.string()).nullish() }));
const ociIndex = z.looseObject({
  manifests: z.array(z.looseObject({ digest: z.string(), annotations: z.record(z.string(), z.string()).optional() })),
});

/**
 * What an archive holds. One that `docker save` wrote is also an OCI layout since Docker 25, but unless its engine keeps images
 * in containerd's store the digests in it are of unpacked layers, which no registry has: so it counts as a docker archive.
 * @throws UserError when it is neither, or a digest in it is not that of its content
 */
export function imagesIn(path: string, files: ImageFiles): Pick<ImageArchive, "format" | "images"> {
  const manifest = files.get("manifest.json");
  if (manifest !== undefined) {
    const images = parsed(path, "manifest.json", manifest, dockerManifest);
    return { format: "docker", images: images.map(({ RepoTags }) => ({ names: RepoTags ?? [], digest: undefined })) };
  }
  const index = files.get("index.json");
  if (index === undefined) throw new UserError(`image archive ${path}: holds neither manifest.json (docker save) nor index.json (OCI layout)`, `docker save -o ${path} IMAGE`);
  const { manifests } = parsed(path, "index.json", index, ociIndex);
  return { format: "oci", images: manifests.map(({ digest, annotations = {} }) => ({ names: namesOf(annotations), digest: checked(path, files, digest) })) };
}

function namesOf(annotations: Readonly<Record<string, string>>): string[] {
  const written = [annotations["io.containerd.image.name"], annotations["org.opencontainers.image.ref.name"]];
  // The second may be a bare tag, which names no image.
  return [...new Set(written.filter((name): name is string => name !== undefined && /[/:]/.test(name)))];
}

function checked(path: string, files: ImageFiles, digest: string): string {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  const content = hex === undefined ? undefined : files.get(`blobs/sha256/${hex}`);
  if (hex === undefined || content === undefined) throw new UserError(`image archive ${path}: index.json names ${digest}, which is not in it; the archive is not complete: make it again`);
  const found = createHash("sha256").update(content).digest("hex");
  if (found !== hex) throw new UserError(`image archive ${path}: the content of ${digest} has the digest sha256:${found}; the archive is damaged: make it again`);
  return digest;
}

function parsed<T>(path: string, file: string, content: Buffer, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(content.toString("utf8")));
  } catch {
    throw new UserError(`image archive ${path}: ${file} is not as docker save or the OCI image layout write it; make the archive again`);
  }
}
