/** A file to be put into a tar archive. */
export interface TarFile {
  /** Absolute path; at most 100 bytes without its first "/". */
  readonly path: string;
  readonly content: Buffer;
  /** Permission bits. */
  readonly mode: number;
}

const BLOCK = 512;

/** A tar archive (POSIX ustar) of small files that belong to root, without their folders: what `PUT .../archive` of the Docker API takes. */
export function tarOf(files: readonly TarFile[]): Buffer {
  return Buffer.concat([...files.flatMap(({ path, content, mode }) => [header(path, content.length, mode), padded(content)]), Buffer.alloc(2 * BLOCK)]);
}

function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]);
}

function header(path: string, size: number, mode: number): Buffer {
  const name = path.replace(/^\/+/, "");
  if (Buffer.byteLength(name) > 100) throw new Error(`${path}: too long for a tar header (100 bytes)`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, "0");
  block.write(name, 0);
  block.write(`${octal(mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0${octal(size, 11)}\0${octal(0, 11)}\0        0`, 100);
  block.write("ustar\x0000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}
