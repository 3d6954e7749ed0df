/** A file or an empty folder to be put into a tar archive. */
export interface TarEntry {
  /** Path from the root; at most 100 bytes without its first "/". */
  readonly path: string;
  /** None for a folder. */
  readonly content?: Buffer;
  /** Permission bits. */
  readonly mode: number;
  /** Number of the user and group that own it. Default: root. */
  readonly owner?: number;
}

const BLOCK = 512;

/**
 * A tar archive (POSIX ustar) of these entries in this order, at the beginning of time: the same entries give the same
 * bytes. This is what the Docker API takes for `PUT /containers/ID/archive`, and what image layers are made of.
 */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => [header(entry), ...(entry.content ? [entry.content, padding(entry.content)] : [])]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function padding(content: Buffer): Buffer {
  return Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
}

function header({ path, content, mode, owner = 0 }: TarEntry): Buffer {
  const name = path.replace(/^\/+/, "") + (content ? "" : "/");
  if (Buffer.byteLength(name) > 100) throw new Error(`${path}: too long for a tar header (100 bytes)`);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, "0")}\0`;
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  // The checksum counts its own field as blanks.
  block.write(`${octal(mode, 7)}${octal(owner, 7)}${octal(owner, 7)}${octal(content?.length ?? 0, 11)}${octal(0, 11)}        `, 100);
  block.write(content ? "0" : "5", 156);
  block.write("ustar\x0000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
