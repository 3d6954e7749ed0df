import type { Operation } from "../resource";

/** How long one list serves all reads, in milliseconds: a refresh asks for everything within moments. */
const FRESH = 3000;

/**
 * One list for all who read within a few seconds. What changes the Swarm calls `forgetRead` afterwards.
 * @param what kind of things and cluster, "services of x3f…"
 */
export async function sharedRead<T>(op: Operation, what: string, list: () => Promise<T>): Promise<T> {
  return op.shared(what, async () => {
    const found = await list();
    setTimeout(() => op.forget(what), FRESH).unref();
    return found;
  });
}
