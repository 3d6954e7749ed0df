/** Something that an operator should know about an application, although it is no error. */
export interface Notice {
  /** "info": a change that was to be expected. "warning": something is not as its file says, or is risky. */
  readonly severity: "info" | "warning";
  /** Where it is in the application, "services.web.privileged". */
  readonly path: string;
  /** What happens instead, or what to do. */
  readonly message: string;
}

export const noticeLine = ({ severity, path, message }: Notice): string => `${severity}: ${path}: ${message}`;
