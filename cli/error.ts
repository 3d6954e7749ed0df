/** Something the user can put right: shown as its message and the command that would fix it, without a stack trace. */
export class UserError extends Error {
  constructor(
    message: string,
    readonly fix?: string,
  ) {
    super(message);
  }
}
