import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { extract, type Headers } from "tar-stream";
import type { Operation } from "../../../provider/resource";

export const sha256 = (content: Buffer | string): string => createHash("sha256").update(content).digest("hex");
const refused = (statusCode: number, message: string) => Object.assign(new Error(message), { statusCode });

/** What a registry has under its tags, whoever pushed it. */
export class FakeRegistry {
  /** Tag → digest. */
  readonly tags = new Map<string, string>();
  readonly digests = new Set<string>();
  /** What it answers about a tag instead of what it has. */
  answer?: unknown;
  /** Lines of a push instead of the usual ones. */
  pushes?: object[];

  push(tag: string, digest: string): void {
    this.tags.set(tag, digest);
    this.digests.add(digest);
  }
}

/** An engine as far as images go: loads docker archives as `docker load` does, names and all, and pushes to the registry. */
export class FakeEngine {
  readonly images = new Map<string, { layers: readonly string[] }>();
  readonly tags = new Map<string, string>();
  /** Every entry that was sent in an archive. */
  readonly sent: string[] = [];
  loads = 0;
  /** As one with containerd's store: ids are not those of the configuration. */
  containerd = false;
  /** Called between loading and whatever follows. */
  meanwhile = (): void => undefined;

  constructor(readonly registry = new FakeRegistry()) {}

  readonly modem = {
    followProgress: (stream: Readable & { lines: object[] }, done: (error: Error | null, lines: object[]) => void) => done(null, stream.lines),
  };

  info = async () => ({ DriverStatus: this.containerd ? [["driver-type", "io.containerd.snapshotter.v1"]] : [["Backing Filesystem", "extfs"]] });

  loadImage = async (archive: Readable) => {
    const files = await this.unpacked(archive);
    const images = JSON.parse(files.get("manifest.json")!.toString("utf8")) as { Config: string; RepoTags: string[] | null; Layers: string[] }[];
    this.loads++;
    const lines = images.flatMap(({ Config, RepoTags, Layers }) => {
      const config = files.get(Config)!;
      const { rootfs } = JSON.parse(config.toString("utf8")) as { rootfs: { diff_ids: string[] } };
      Layers.forEach((path, index) => {
        if (`sha256:${sha256(gunzipSync(files.get(path)!))}` !== rootfs.diff_ids[index]) throw refused(500, "invalid diffID for layer");
      });
      const id = `sha256:${sha256(this.containerd ? `manifest ${config.toString()}` : config)}`;
      this.images.set(id, { layers: rootfs.diff_ids });
      for (const name of RepoTags ?? []) this.tags.set(name, id);
      return RepoTags?.length ? RepoTags.map((name) => ({ stream: `Loaded image: ${name}\n` })) : [{ stream: `Loaded image ID: ${id}\n` }];
    });
    this.meanwhile();
    return Object.assign(Readable.from([]), { lines });
  };

  getImage = (name: string) => ({
    inspect: async () => ({ Id: this.idOf(name), RootFS: { Layers: [...this.images.get(this.idOf(name))!.layers] } }),
    tag: async ({ repo, tag }: { repo: string; tag: string }) => void this.tags.set(`${repo}:${tag}`, this.idOf(name)),
    remove: async () => {
      const id = this.idOf(name);
      this.tags.delete(name);
      if (![...this.tags.values()].includes(id)) this.images.delete(id);
    },
    push: async () => {
      const digest = `sha256:${sha256(`pushed ${this.idOf(name)}`)}`;
      this.registry.push(name, digest);
      const usual = [{ aux: { Tag: name.slice(name.lastIndexOf(":") + 1), Digest: digest, Size: 1 } }];
      return Object.assign(Readable.from([]), { lines: this.registry.pushes ?? usual });
    },
    distribution: async () => {
      const [, digest] = name.split("@");
      const has = digest === undefined ? this.registry.tags.get(name) : this.registry.digests.has(digest) && digest;
      if (!has) throw refused(404, "manifest unknown");
      return digest === undefined && this.registry.answer !== undefined ? this.registry.answer : { Descriptor: { digest: has } };
    },
  });

  private idOf(name: string): string {
    const id = this.images.has(name) ? name : this.tags.get(name);
    if (id === undefined) throw refused(404, `No such image: ${name}`);
    return id;
  }

  private unpacked(archive: Readable): Promise<Map<string, Buffer>> {
    return new Promise((resolve, reject) => {
      const files = new Map<string, Buffer>();
      const from = extract();
      from.on("entry", (header: Headers, body: Readable, next: () => void) => {
        const chunks: Buffer[] = [];
        body.on("data", (chunk: Buffer) => chunks.push(chunk));
        body.on("end", () => {
          this.sent.push(header.name);
          files.set(header.name, Buffer.concat(chunks));
          next();
        });
      });
      from.on("finish", () => resolve(files));
      from.on("error", reject);
      archive.on("error", reject);
      archive.pipe(from as unknown as NodeJS.WritableStream);
    });
  }
}

/** An operation whose manager and hosts are these engines; the warnings are kept. */
export function operationOn(engines: Readonly<Record<string, FakeEngine>>): { op: Operation; warnings: string[] } {
  const warnings: string[] = [];
  const machine = async ({ address }: { address: string }) => ({ docker: engines[address], address });
  const op = {
    warn: (line: string) => void warnings.push(line),
    status: () => undefined,
    registryAuth: () => undefined,
    exclusively: <T>(_key: string, work: () => Promise<T>) => work(),
    machine,
    manager: async () => ({ docker: engines["m1"], machine: { address: "m1" } }),
  };
  return { op: op as unknown as Operation, warnings };
}
