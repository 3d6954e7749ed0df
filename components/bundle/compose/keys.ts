import { DEPLOY_KEYS } from "./keys/deploy";
import { SERVICE_KEYS } from "./keys/service";
import { TOP_KEYS } from "./keys/top";

/**
 * What becomes of a key:
 * - honoured: as the Compose Specification says
 * - changed: something near it; `what` says what (a note when the file has it)
 * - ignored: nothing; `what` says what happens instead (a warning when the file has it)
 * - refused: the file is not deployed, as the application would not be the one that was meant
 */
export type Effect = "honoured" | "changed" | "ignored" | "refused";

/** One key of a Compose file: how it is written from the top (`*` a name, `[]` an item of a list), what becomes of it, in words. */
export type KeyRow = readonly [key: string, effect: Effect, what?: string, dockerStack?: DockerStack];

/** What `docker stack deploy` does with a key, where that differs: the two columns are the reason to have this one. */
export type DockerStack = "honours" | "ignores with a warning" | "ignores in silence" | "refuses" | "does not know";

/** Every key of Compose files, version 3 and Compose Specification. What is below a key without rows of its own goes with it. */
export const COMPOSE_KEYS: readonly KeyRow[] = [...TOP_KEYS, ...SERVICE_KEYS, ...DEPLOY_KEYS];
