import { pathText } from "../explain";
import type { Notice } from "../notice";
import { type Budget, MAX_LISTED } from "../bounds";
import { ApplicationError } from "../problems";
import type { Folders, ReadText } from "./files";
import type { RecordedVariables } from "./variables";

/** What converting a file needs from outside, and where it leaves what it has to say. */
export interface Context {
  /** Folder of the first file, from the current one: paths in the files are relative to it. */
  readonly folder: string;
  readonly variables: RecordedVariables;
  /** For what the variables make of files. */
  readonly budget: Budget;
  readonly readText: ReadText;
  /** Where files may lie; undefined: anywhere. */
  readonly folders: Folders | undefined;
  readonly problem: (path: readonly PropertyKey[], says: string) => void;
  readonly notice: (severity: Notice["severity"], path: readonly PropertyKey[], message: string) => void;
}

/** A context that keeps what is said in two lists. */
export function recording(from: Omit<Context, "problem" | "notice"> & { readonly subject: string }): Context & { readonly notices: Notice[]; readonly problems: string[] } {
  const notices: Notice[] = [];
  const problems: string[] = [];
  return {
    ...from,
    notices,
    problems,
    problem: (path, says) => {
      problems.push(`${pathText(path)}: ${says}`);
      // Each may be long, and quote others: nobody reads so many.
      if (problems.length >= MAX_LISTED) throw new ApplicationError(from.subject, [...problems, "and perhaps more"]);
    },
    notice: (severity, path, message) => notices.push({ severity, path: pathText(path), message }),
  };
}
