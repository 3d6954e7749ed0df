/** Orders text by its UTF-8 bytes, as Go does: the same on every machine, whatever its language. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The entries of a record in byte order of their names, as a record again. */
export function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => byBytes(a, b)));
}
