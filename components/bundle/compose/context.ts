import { pathText } from "../explain";
import type { Notice } from "../notice";
import type { ReadText } from "./files";
import type { Lookup } from "./interpolate";

/** What converting a file needs from outside, and where it leaves what it has to say. */
export interface Context {
  /** Folder of the first file, from the current one: paths in the files are relative to it. */
  readonly folder: string;
  readonly lookup: Lookup;
  readonly readText: ReadText;
  readonly problem: (path: readonly PropertyKey[], says: string) => void;
  readonly notice: (severity: Notice["severity"], path: readonly PropertyKey[], message: string) => void;
}

/** A context that keeps what is said in two lists. */
export function recording(from: Pick<Context, "folder" | "lookup" | "readText">): Context & { readonly notices: Notice[]; readonly problems: string[] } {
  const notices: Notice[] = [];
  const problems: string[] = [];
  return {
    ...from,
    notices,
    problems,
    problem: (path, says) => problems.push(`${pathText(path)}: ${says}`),
    notice: (severity, path, message) => notices.push({ severity, path: pathText(path), message }),
  };
}
