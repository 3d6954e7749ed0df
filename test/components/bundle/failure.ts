/** The message with which `work` fails; "" when it does not. */
export function failureOf(work: () => unknown): string {
  try {
    work();
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}
