/** How many keys are tried on one connection: sshd closes it after six (MaxAuthTries). */
const TRIES = 4;

/** The keys of a text that holds several PEM blocks one after the other, the first one first. Pure. */
export function privateKeys(text: string): string[] {
  return text.match(/-----BEGIN [A-Z ]+-----[\s\S]*?-----END [A-Z ]+-----/g)?.map((key) => `${key}\n`) ?? [text];
}

/** Those that are worth a try: the first ones, and the very last, which is what a new machine begins with. Pure. */
export function worthTrying(keys: readonly string[]): string[] {
  return keys.length <= TRIES ? [...keys] : [...keys.slice(0, TRIES - 1), keys.at(-1)!];
}
