/** The seed of this run: the same one makes the same faults. Another one by DOCKYARD_FAULT_SEED. */
export const SEED = Number(process.env.DOCKYARD_FAULT_SEED ?? 1);

/** Kills in each scenario; "all" kills at every step in turn, which takes an hour and more. */
export const KILLS = process.env.DOCKYARD_FAULT_KILLS ?? "1";

/** A file in which every kill is noted; steps that are in it are not killed again. */
export const RECORD = process.env.DOCKYARD_FAULT_RECORD;

/** Which part of the steps this run kills, counted from 1, and of how many parts: "2/3" is a run beside two others, on hosts of its own. */
export const SHARD = parseShard(process.env.DOCKYARD_FAULT_SHARD ?? "1/1");

function parseShard(text: string): { readonly part: number; readonly parts: number } {
  const [part, parts] = text.split("/").map(Number);
  if (!(part! >= 1 && part! <= parts! && parts! <= 3)) throw new Error(`DOCKYARD_FAULT_SHARD is "${text}"; write PART/PARTS with at most 3 parts, such as 1/2`);
  return { part: part!, parts: parts! };
}

/** How many random changes the soak makes. */
export const CHANGES = Number(process.env.DOCKYARD_FAULT_CHANGES ?? 4);

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Some of the numbers from 1 to `most`, in order and each once; all of them for "all". */
export function chosen(most: number, wanted: string, next: () => number): number[] {
  const all = Array.from({ length: most }, (_, index) => index + 1);
  if (wanted === "all") return all;
  const picked = new Set<number>();
  while (picked.size < Math.min(Number(wanted), most)) picked.add(all[Math.floor(next() * most)]!);
  return [...picked].sort((a, b) => a - b);
}
