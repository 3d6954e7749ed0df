/** The parts of an image as somebody wrote it: "registry.example:5000/demo/web:1@sha256:…". */
export interface ImageName {
  /** Undefined: Docker Hub. */
  readonly host: string | undefined;
  readonly path: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** By the rules of distribution/reference: what comes before the first "/" is a host when it has a "." or ":", or is localhost. */
export function parseImageName(image: string): ImageName {
  const at = image.indexOf("@");
  const [name, digest] = at < 0 ? [image, undefined] : [image.slice(0, at), image.slice(at + 1)];
  const colon = name.lastIndexOf(":");
  const hasTag = colon > name.lastIndexOf("/");
  const [repository, tag] = hasTag ? [name.slice(0, colon), name.slice(colon + 1)] : [name, undefined];
  const slash = repository.indexOf("/");
  const first = repository.slice(0, Math.max(slash, 0));
  const isHost = /[.:]/.test(first) || first === "localhost";
  return isHost ? { host: first, path: repository.slice(slash + 1), tag, digest } : { host: undefined, path: repository, tag, digest };
}

/** "docker.io/library/redis": one spelling for each repository. */
export function repositoryOf({ host, path }: ImageName): string {
  const hub = host === undefined || host === "docker.io" || host === "index.docker.io";
  return hub ? `docker.io/${path.includes("/") ? path : `library/${path}`}` : `${host}/${path}`;
}

/** "docker.io/library/redis:latest": one spelling for each image that a name without a digest may mean. */
export function fullImageName(image: string): string {
  const name = parseImageName(image);
  return `${repositoryOf(name)}:${name.tag ?? "latest"}`;
}
