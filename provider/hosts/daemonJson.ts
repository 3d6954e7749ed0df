import { isDeepStrictEqual } from "node:util";

/** Content of an engine's configuration file, or the part of it that is ours. */
export type Daemon = Readonly<Record<string, unknown>>;

export const DAEMON_JSON = "/etc/docker/daemon.json";

/**
 * Reads a daemon.json; no file is an empty one.
 * @throws SyntaxError with the file's name when it is not a JSON object
 */
export function parseDaemon(text: string | undefined): Daemon {
  if (text === undefined || text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`${DAEMON_JSON} is not JSON (${(error as Error).message}); correct or remove the file`, { cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SyntaxError(`${DAEMON_JSON} holds no JSON object; correct or remove the file`);
  }
  return value as Daemon;
}

/** The file's text in canonical form, keys sorted at every level; undefined (no file) when nothing is to be set. */
export function renderDaemon(daemon: Daemon): string | undefined {
  return Object.keys(daemon).length === 0 ? undefined : `${JSON.stringify(sorted(daemon), null, 2)}\n`;
}

/** What is found, with our keys as wanted. Keys that were ours before and are wanted no more go; all others stay. */
export function mergeDaemon(found: Daemon, wanted: Daemon, formerKeys: readonly string[]): Daemon {
  const others = Object.entries(found).filter(([key]) => !(key in wanted) && !formerKeys.includes(key));
  return { ...Object.fromEntries(others), ...wanted };
}

/** The given keys as they are found; absent ones stay absent. */
export function pickDaemon(found: Daemon, keys: readonly string[]): Daemon {
  return Object.fromEntries(Object.entries(found).filter(([key]) => keys.includes(key)));
}

/** The keys in which two configurations differ, sorted. */
export function changedKeys(before: Daemon, after: Daemon): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.filter((key) => !isDeepStrictEqual(before[key], after[key]));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
