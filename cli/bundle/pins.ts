import { DIGEST_REFERENCE_PATTERN, type PlannedImage, type Relocation } from "../../components/bundle/image";
import { UserError } from "../error";
import type { ImageArchive } from "./archive";
import { fullImageName, parseImageName } from "./imageName";

/** What stands for an image in the settings' `relocate`, or in its place. */
export interface Pin {
  readonly to: PlannedImage;
  /** Where the digest is from, for whoever wonders. */
  readonly from: "bundle" | "archive" | "engine" | "registry";
  /** The archive, for `from: "archive"`; a folder ends in "/". */
  readonly file?: string;
}

/** What a service or a machine answers when asked for a digest: `name@sha256:…`, or why there is none. */
export type AskDigest = (image: string) => Promise<{ readonly reference: string; readonly from: "engine" | "registry" } | { readonly missing: string }>;

export interface Pins {
  /** By the image as written. */
  readonly found: ReadonlyMap<string, Pin>;
  /** By the image as written, why nothing pins it. */
  readonly missing: ReadonlyMap<string, string>;
}

/**
 * Pins images: by an archive named for them, by their own digest, by an archive that holds them, last by asking.
 * @throws UserError when archives do not fit the images
 */
export async function pinImages(images: readonly string[], archives: readonly ImageArchive[], ask: AskDigest): Promise<Pins> {
  archives.forEach((archive) => refuseStranger(archive, images));
  const found = new Map<string, Pin>();
  const missing = new Map<string, string>();
  for (const image of images) {
    const archive = archiveFor(image, archives);
    if (archive !== undefined) found.set(image, { from: "archive", file: archive.path, to: fromArchive(image, archive, found) });
    else if (DIGEST_REFERENCE_PATTERN.test(image)) found.set(image, { from: "bundle", to: { kind: "digest", reference: image } });
    else if (image.includes("@")) missing.set(image, "is no reference of the form name@sha256:<64 lowercase hex digits>");
    else {
      const answer = await ask(image);
      if ("missing" in answer) missing.set(image, answer.missing);
      else found.set(image, { from: answer.from, to: { kind: "digest", reference: answer.reference } });
    }
  }
  return { found, missing };
}

/** An archive that is named for an image goes before one that has its name; a digest of its own goes before that. */
function archiveFor(image: string, archives: readonly ImageArchive[]): ImageArchive | undefined {
  const named = archives.find(({ standsFor }) => standsFor === image);
  return named ?? archives.find((archive) => archive.standsFor === undefined && archivedImage(image, archive) !== undefined);
}

function archivedImage(image: string, { images, standsFor }: ImageArchive) {
  if (standsFor === image) return images[0];
  const { digest } = parseImageName(image);
  if (digest !== undefined) return images.find((archived) => archived.digest === digest);
  return images.find(({ names }) => names.some((name) => fullImageName(name) === fullImageName(image)));
}

function refuseStranger(archive: ImageArchive, images: readonly string[]): void {
  const { path, standsFor } = archive;
  const names = archive.images.flatMap(({ names }) => names);
  const known = images.length === 0 ? "none" : images.join(", ");
  if (standsFor !== undefined && !images.includes(standsFor)) {
    throw new UserError(`--archive ${standsFor}=${path}: no service has the image ${JSON.stringify(standsFor)}; the images are ${known}`);
  }
  const several = archive.images.length !== 1;
  if (several && (standsFor !== undefined || archive.format === "docker")) {
    throw new UserError(
      `image archive ${path}: holds ${archive.images.length} images (${names.join(", ") || "without names"}), and one archive stands for one image`,
      `docker save -o FILE IMAGE   (once for each image)`,
    );
  }
  if (standsFor === undefined && !images.some((image) => archivedImage(image, archive) !== undefined)) {
    const holds = names.length === 0 ? "an image without a name" : names.join(", ");
    throw new UserError(`image archive ${path}: holds ${holds}, which is no image of the application (${known})`, `--archive ${JSON.stringify(images[0] ?? "IMAGE")}=${path}   (to say which image it stands for)`);
  }
}

function fromArchive(image: string, archive: ImageArchive, found: ReadonlyMap<string, Pin>): PlannedImage {
  const { digest } = archivedImage(image, archive)!;
  if (digest !== undefined) return { kind: "digest", reference: `${image.split("@")[0]!}@${digest}` };
  return { kind: "archive", archive: archive.path, repository: freeRepository(image, archive.path, found) };
}

/** The path of the image's name; with its tag, or a number, where that repository is another archive's already. */
function freeRepository(image: string, archive: string, found: ReadonlyMap<string, Pin>): string {
  const { path, tag } = parseImageName(image);
  const free = (repository: string) =>
    [...found.values()].every(({ to }) => to.kind !== "archive" || to.repository !== repository || to.archive === archive);
  const tagged = tag === undefined ? path : `${path}-${tag.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "tag"}`;
  for (let number = 0; ; number++) {
    const repository = number === 0 ? path : number === 1 ? tagged : `${tagged}-${number}`;
    if (free(repository)) return repository;
  }
}

/** As the settings' `relocate` writes it. */
export const relocationOf = (to: PlannedImage): Relocation => (to.kind === "digest" ? to.reference : { archive: to.archive, repository: to.repository });
