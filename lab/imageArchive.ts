import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { tarOf, type TarEntry } from "./tar";

/** How an image runs, in the words of the image specification (OCI image-spec, config.md, and Docker's Healthcheck). */
export interface ImageConfig {
  readonly User?: string;
  readonly Entrypoint: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  readonly Labels?: Readonly<Record<string, string>>;
  /** Durations in nanoseconds. Engines before 25.0 pass over StartInterval. */
  readonly Healthcheck?: {
    readonly Test: readonly string[];
    readonly Interval?: number;
    readonly Timeout?: number;
    readonly StartPeriod?: number;
    readonly StartInterval?: number;
    readonly Retries?: number;
  };
}

/** Everything that determines an image of one layer. */
export interface ImageContent {
  /** The name under which `docker load` keeps it, with a tag. */
  readonly reference: string;
  /** Architecture in Go's words: "amd64", "arm64". */
  readonly architecture: string;
  readonly config: ImageConfig;
  readonly entries: readonly TarEntry[];
}

/**
 * An image as `docker save` would write it (Docker image specification v1.2), made from files without any engine.
 * No clock and no order of the disk goes into it: the same content gives the same bytes, so the same image id and digest.
 */
export function imageArchive({ reference, architecture, config, entries }: ImageContent): Buffer {
  const layer = tarOf(entries);
  const compressed = gzipSync(layer, { level: 6 });
  const description = Buffer.from(
    JSON.stringify({
      architecture,
      os: "linux",
      created: "1970-01-01T00:00:00Z",
      config,
      rootfs: { type: "layers", diff_ids: [`sha256:${sha256(layer)}`] },
      history: [{ created: "1970-01-01T00:00:00Z", created_by: "dockyard" }],
    }),
  );
  const [configName, layerName] = [`${sha256(description)}.json`, `${sha256(compressed)}.tar.gz`];
  const manifest = Buffer.from(JSON.stringify([{ Config: configName, RepoTags: [reference], Layers: [layerName] }]));
  return tarOf([
    { path: configName, content: description, mode: 0o644 },
    { path: layerName, content: compressed, mode: 0o644 },
    { path: "manifest.json", content: manifest, mode: 0o644 },
  ]);
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
