/** Everything that is wrong with an application, said at once: one line for each problem, with its path and what to write. */
export class ApplicationError extends Error {
  constructor(
    /** "settings bundles/demo/settings.dev.yaml", "application demo" */
    readonly subject: string,
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    const listed = problems.map((problem) => `\n  - ${problem}`).join("");
    super(problems.length === 1 ? `${subject}: ${problems[0]}` : `${subject}: ${problems.length} problems${listed}`, options);
  }
}

/**
 * Reads a file that some place names. Why it is not read is a problem of that place, as whoever wrote the path has to correct it.
 * @param read throws ApplicationError where the file is not to be read
 */
export function readFor<T>(read: () => T): { readonly content: T } | { readonly refusals: readonly string[] } {
  try {
    return { content: read() };
  } catch (error) {
    if (error instanceof ApplicationError) return { refusals: error.problems };
    throw error;
  }
}
