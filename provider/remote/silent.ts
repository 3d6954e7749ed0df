import { ConnectFailed } from "./ssh";

/**
 * Whether a host gave no answer at all: it is down, or cut off. A refused login or another host key is an answer.
 * A refresh goes on without such a host: the others are worth a look, and nothing is known of this one.
 */
export function gaveNoAnswer(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof ConnectFailed) return each.retry;
  }
  return false;
}
