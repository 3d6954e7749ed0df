const POWERS = "kmgtp";

/** A number with a unit as Docker's --memory takes it: "64M", "1.5g", "512MiB", "1024". */
export const BYTE_SIZE_PATTERN = /^(\d+(?:\.\d+)?) ?([kKmMgGtTpP])?(?:[iI]?[bB])?$/;

/**
 * Bytes, by the rule of Docker (units are powers of 1024, with or without "B" or "iB", in any case).
 * Undefined when `text` is no size, or one that cannot be counted exactly.
 */
export function parseByteSize(text: string): number | undefined {
  const match = BYTE_SIZE_PATTERN.exec(text);
  if (match === null) return undefined;
  const power = match[2] === undefined ? 0 : POWERS.indexOf(match[2].toLowerCase()) + 1;
  const bytes = Math.floor(Number(match[1]) * 1024 ** power);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
