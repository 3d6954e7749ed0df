/** Comparing two names takes time by the product of their lengths, and whoever writes a bundle chooses both. */
const LONGEST_NAME = 128;
const MOST_CANDIDATES = 1_000;

/**
 * The candidate that `name` was probably meant to be: fewest edits, at most a third of the longer name's length
 * (and always one). Undefined when none is near.
 */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let fewest = Infinity;
  for (const candidate of candidates.slice(0, MOST_CANDIDATES)) {
    const [longer, shorter] = [Math.max(name.length, candidate.length), Math.min(name.length, candidate.length)];
    const allowed = Math.max(1, Math.floor(longer / 3));
    // Each letter that one has more is an edit; and nobody mistypes a name of such a length.
    if (longer - shorter > allowed || longer > LONGEST_NAME) continue;
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits <= allowed && edits < fewest) [best, fewest] = [candidate, edits];
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = last[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      let edits = Math.min(replaced, last[column]! + 1, current[column - 1]! + 1);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) edits = Math.min(edits, beforeLast[column - 2]! + 1);
      current.push(edits);
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length]!;
}
