import type { Readable } from "node:stream";
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { isBackupId } from "./id";
import { MANIFEST_FILE } from "./manifest";
import { type Place, placeText } from "./place";
import type { BackupStore, StoredBackup } from "./store";

/** Each part of an upload, in bytes: 10 000 of them, S3's limit, make 160 GB; four are in memory at a time. */
const UPLOAD_PART = 16 * 1024 * 1024;

/** Backups below a prefix of a bucket. Who may write there is for the environment to say, as with every AWS tool. */
export class S3Store implements BackupStore {
  readonly where: string;
  private readonly prefix: string;

  private constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
    prefix: string,
    stack: string,
  ) {
    this.prefix = [prefix, stack, ""].filter((part, index) => part !== "" || index === 2).join("/");
    this.where = `${placeText({ kind: "s3", bucket, prefix })}/${stack}`;
  }

  static open({ bucket, prefix, region, endpoint }: Extract<Place, { kind: "s3" }>, stack: string): S3Store {
    // The version is pinned, and serves on the oldest Node.js that we do: what later ones will need is not the user's concern.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
    const elsewhere = endpoint ?? process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
    const client = new S3Client({
      ...(region !== undefined && { region }),
      // Services that are not AWS's have no name for each bucket, and not all of them know the newer checksums.
      ...(elsewhere !== undefined && {
        endpoint: elsewhere,
        forcePathStyle: true,
        requestChecksumCalculation: "WHEN_REQUIRED" as const,
        responseChecksumValidation: "WHEN_REQUIRED" as const,
      }),
    });
    return new S3Store(client, bucket, prefix, stack);
  }

  async list(): Promise<StoredBackup[]> {
    const files = (await this.keys("")).map((key) => key.split("/"));
    const ids = [...new Set(files.map(([id]) => id!))].filter(isBackupId).sort();
    return ids.map((id) => ({ id, complete: files.some(([of, file]) => of === id && file === MANIFEST_FILE) }));
  }

  async write(id: string, file: string, content: Readable): Promise<void> {
    const params = { Bucket: this.bucket, Key: `${this.prefix}${id}/${file}`, Body: content };
    await this.told(`write ${id}/${file}`, new Upload({ client: this.client, params, partSize: UPLOAD_PART, queueSize: 4 }).done());
  }

  async read(id: string, file: string): Promise<Readable> {
    const command = new GetObjectCommand({ Bucket: this.bucket, Key: `${this.prefix}${id}/${file}` });
    return (await this.told(`read ${id}/${file}`, this.client.send(command))).Body as Readable;
  }

  async remove(id: string): Promise<void> {
    const keys = await this.keys(`${id}/`);
    // Without its manifest it counts as incomplete: a kill leaves nothing that looks whole.
    for (const key of keys.sort((a, b) => Number(b.endsWith(MANIFEST_FILE)) - Number(a.endsWith(MANIFEST_FILE)))) {
      await this.told(`remove ${key}`, this.client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: `${this.prefix}${key}` })));
    }
  }

  /** Names below the stack's prefix. */
  private async keys(under: string): Promise<string[]> {
    const found: string[] = [];
    let next: string | undefined;
    do {
      const command = new ListObjectsV2Command({ Bucket: this.bucket, Prefix: `${this.prefix}${under}`, ContinuationToken: next });
      const page = await this.told("list the backups", this.client.send(command));
      found.push(...(page.Contents ?? []).map(({ Key }) => Key!.slice(this.prefix.length)));
      next = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (next !== undefined);
    return found;
  }

  private async told<T>(what: string, answer: Promise<T>): Promise<T> {
    return answer.catch((error: Error) => {
      throw new Error(`${this.where}: could not ${what}: ${error.name}: ${error.message}`, { cause: error });
    });
  }
}
