import { createHash } from "node:crypto";
import { Transform } from "node:stream";

/** Passes everything on and knows, once it has ended, how much it was and what its SHA-256 is. */
export class Digest extends Transform {
  private readonly hash = createHash("sha256");
  private bytes = 0;

  /** Bytes so far. */
  get size(): number {
    return this.bytes;
  }

  /** Hexadecimal; only after the end. */
  sha256(): string {
    return this.hash.digest("hex");
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, data: Buffer) => void): void {
    this.bytes += chunk.length;
    this.hash.update(chunk);
    done(null, chunk);
  }
}
