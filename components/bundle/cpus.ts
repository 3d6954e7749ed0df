/** A decimal number of CPU cores, to a thousand-millionth, which is what the engine counts in. */
export const CPUS_PATTERN = /^\d+(?:\.\d{1,9})?$/;

/** CPU cores ("0.5", "2"); undefined when `text` is none or zero. */
export function parseCpus(text: string): number | undefined {
  const cores = CPUS_PATTERN.test(text) ? Number(text) : 0;
  return cores > 0 ? cores : undefined;
}
