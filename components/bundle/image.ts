/** Where the image of a service comes from. */
export type PlannedImage =
  /** `name@sha256:…`, as it can be pulled. */
  | { readonly kind: "digest"; readonly reference: string }
  /** An image archive that is first pushed to the platform's registry as `repository`. */
  | { readonly kind: "archive"; readonly archive: string; readonly repository: string };

/** The operator's word on an image: another reference with a digest, or an archive for the platform's registry. */
export type Relocation = string | { readonly archive: string; readonly repository: string };

/** Answers where an image as written in a bundle comes from; undefined when nothing pins it. */
export type ResolveImage = (image: string) => PlannedImage | undefined;

// Grammar of distribution/reference.
const HOST_PART = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const HOST = `(?:${HOST_PART}(?:\\.${HOST_PART})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?`;
const PATH_PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const PATH = `${PATH_PART}(?:/${PATH_PART})*`;

/** "demo/web": a path in a registry, without host, tag or digest. */
export const REPOSITORY_PATTERN = new RegExp(`^${PATH}$`);
/** "registry.example:5000/demo/web:1@sha256:…", host and tag optional, digest not. */
export const DIGEST_REFERENCE_PATTERN = new RegExp(`^(?:${HOST}/)?${PATH}(?::[\\w][\\w.-]{0,127})?@sha256:[0-9a-f]{64}$`);

/** Images by the operator's relocations, looked up as written; what is pinned by a digest needs none. */
export function relocated(relocations: Readonly<Record<string, Relocation>>): ResolveImage {
  return (image) => {
    const relocation = Object.hasOwn(relocations, image) ? relocations[image] : undefined;
    if (relocation === undefined) return DIGEST_REFERENCE_PATTERN.test(image) ? { kind: "digest", reference: image } : undefined;
    return typeof relocation === "string" ? { kind: "digest", reference: relocation } : { kind: "archive", ...relocation };
  };
}

/** Why an image cannot run, and what to write. */
export function unpinnedImageProblem(image: string): string {
  if (image === "") return 'no image is written; write "Image": "name@sha256:<64 hex digits>" in the bundle';
  const fault = /@/.test(image) ? "is no reference of the form name@sha256:<64 lowercase hex digits>" : "has no digest";
  return (
    `image "${image}" ${fault} and no relocation; write ${image.split("@")[0]}@sha256:<digest> in the bundle, or in the settings ` +
    `relocate: { ${JSON.stringify(image)}: { archive: <path>, repository: <name> } } or relocate: { ${JSON.stringify(image)}: "<registry>/<name>@sha256:<digest>" }`
  );
}
