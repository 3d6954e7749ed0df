/**
 * An argument array as one line for the login shell that sshd puts every command through. Each argument is single-quoted,
 * so the shell reads none of it.
 * @throws RangeError for a NUL byte, which no argument can hold.
 */
export function commandLine(argv: readonly string[]): string {
  return argv.map(quote).join(" ");
}

function quote(argument: string): string {
  if (argument.includes("\0")) throw new RangeError(`an argument holds a NUL byte: ${JSON.stringify(argument)}`);
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}
