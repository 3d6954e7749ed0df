/** A text of a resource. */
export interface Place {
  /** Where it stands: "args", "labels.com.example.note", "mounts[0].source". */
  readonly at: string;
  /** The text; of a list all of it, as arguments belong together. */
  readonly words: readonly string[];
  /** The key that it stands under. */
  readonly named: string | undefined;
}

/** Every text within properties. Keys count as well: they are labels' names. */
export function placesOf(value: unknown, at = "", named?: string): readonly Place[] {
  if (typeof value === "string") return [{ at, words: [value], named }];
  if (Array.isArray(value)) {
    if (value.every((each) => typeof each === "string")) return value.length === 0 ? [] : [{ at, words: value, named: undefined }];
    return value.flatMap((each, index) => placesOf(each, `${at}[${index}]`, named));
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => placesOf(each, at === "" ? key : `${at}.${key}`, key));
}
