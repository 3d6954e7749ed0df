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
