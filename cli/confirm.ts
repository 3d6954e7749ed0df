import { createInterface } from "node:readline/promises";
import { UserError } from "./error";

/**
 * Asks on the terminal before something that cannot be taken back.
 * @param yes the user has said so on the command line already
 * @throws UserError without a terminal, where nobody can be asked
 */
export async function confirmed(question: string, yes: boolean): Promise<boolean> {
  if (yes) return true;
  if (process.stdin.isTTY !== true) throw new UserError("There is no terminal to ask at; nothing was changed", "look at the plan above, then repeat the command with --yes");
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await ask.question(`${question} [y/N] `)).trim());
  } finally {
    ask.close();
  }
}
