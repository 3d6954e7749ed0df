import { createInterface } from "node:readline/promises";
import { visibleInColour } from "../provider/visible";
import { UserError } from "./error";

/** How a question is answered that nobody was asked. */
export interface Unasked {
  /** The user has said so on the command line already. */
  readonly yes: boolean;
  /** Without a terminal nobody can be asked: a command whose plan has to be looked at refuses, another one takes its call for a decision. */
  readonly withoutTerminal: "refuse" | "go ahead";
}

/**
 * Asks on the terminal before something that cannot be taken back.
 * @throws UserError without a terminal, where that is refused
 */
export async function confirmed(question: string, { yes, withoutTerminal }: Unasked): Promise<boolean> {
  if (yes) return true;
  if (process.stdin.isTTY !== true) {
    if (withoutTerminal === "go ahead") return true;
    throw new UserError("There is no terminal to ask at; nothing was changed", "look at the plan above, then repeat the command with --yes");
  }
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await ask.question(visibleInColour(`${question} [y/N] `))).trim());
  } finally {
    ask.close();
  }
}
