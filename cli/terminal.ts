import { visible, visibleInColour, visibleJson } from "../provider/visible";

/** One line, or several, on standard error: what happens, warnings, failures. The one way there, so that nothing gets there unseen. */
export function say(line: string): void {
  process.stderr.write(`${visibleInColour(line)}\n`);
}

/** Lines on standard output: what was asked for. */
export function print(text: string): void {
  process.stdout.write(`${visibleInColour(text)}\n`);
}

/** JSON on standard output, for a reader as well as for a program: what is not visible in it is escaped as JSON has it. */
export function printJson(text: string): void {
  process.stdout.write(`${visibleJson(text)}\n`);
}

/** A file's content on standard output. It goes into a file or another program as it is; to a terminal, visible. */
export function printContent(text: string): void {
  process.stdout.write(process.stdout.isTTY === true ? visible(text) : text);
}

/** Back to the first column, and nothing left on the line. */
const CLEAR = "\r\u001b[2K";

/** The one line of standard error that is written again and again; `""` leaves it empty. */
export function redraw(line: string): void {
  process.stderr.write(`${CLEAR}${visibleInColour(line)}`);
}
