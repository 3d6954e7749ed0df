import type { Operation } from "../resource";

/** Labels that say which stack a thing in the Swarm belongs to: the reference client's, and Dockyard's own. */
const OWNER_LABELS = ["com.docker.stack.namespace", "dockyard.stack"] as const;

type Labels = Readonly<Record<string, string>> | null | undefined;

/** Whether what exists was made for the same stack: an interrupted run left it, and the next one goes on with it. */
export function isOurs(existing: Labels, wanted: Labels): boolean {
  return OWNER_LABELS.some((label) => existing?.[label] !== undefined && existing[label] === wanted?.[label]);
}

/** For the error about a thing of the same name that is not ours: whose it is and what to do. */
export function foreignThing(what: string, name: string, existing: Labels, difference: string): Error {
  const owner = OWNER_LABELS.map((label) => existing?.[label] && `${label}=${existing[label]}`).filter(Boolean).join(", ");
  return new Error(
    `a ${what} named "${name}" exists already (${owner || "without a stack's label"}) and ${difference}; ` +
      `choose another name, remove the existing ${what}, or give both the same label ${OWNER_LABELS[1]} to take it over`,
  );
}

/**
 * Tells when a refresh finds a thing gone, and another one of its name that was made since: by whom, nobody can tell.
 * @param known the id of the one that is gone
 * @param found what has its name now, if anything does
 */
export function tellReplaced(op: Pick<Operation, "warn">, what: string, name: string, known: string, found: string | undefined): void {
  if (found === undefined) return;
  op.warn(`the ${what} "${name}" that is known, ${known}, is gone, and another of that name is there, ${found}, which this program did not make. It is taken only where it is what is asked for, and nothing uses it before; if nobody here made it, find out who, and remove it`);
}
