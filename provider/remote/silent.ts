import type { Operation } from "../resource";
import type { Connection } from "./connection";
import type { Machine } from "./machine";
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

/** The host, for a look at it; undefined where it gives no answer, which its Host tells. @throws ConnectFailed when it answers otherwise */
export async function machineToLookAt(op: Operation, connection: Connection): Promise<Machine | undefined> {
  try {
    return await op.machine(connection);
  } catch (error) {
    if (gaveNoAnswer(error)) return undefined;
    throw error;
  }
}
