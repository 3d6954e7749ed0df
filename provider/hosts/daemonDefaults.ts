import { isDeepStrictEqual } from "node:util";
import { type Daemon, pickDaemon } from "./daemonJson";

/**
 * What an engine gets that is set up by us, group by group: whoever writes one key of a group has the whole group as his own, because an
 * option of one log driver is an error for another.
 */
const GROUPS: readonly Daemon[] = [
  // The engine's own default keeps every line for ever. Still plain JSON lines, which collectors of logs read.
  { "log-driver": "json-file", "log-opts": { "max-size": "20m", "max-file": "5" } },
  // Nothing in a container becomes more than it was started as: set-uid programs (sudo, ping of old images) do not.
  { "no-new-privileges": true },
  // One process a published port, as root, which also hides whose request it is. The packet filter does the same.
  { "userland-proxy": false },
];

/** What a look at a host says about who set its engine up. */
export interface EngineOrigin {
  /** Content of daemon.json. */
  readonly found: Daemon;
  /** Whether it is nobody's: not installed yet, or as its package left it, without configuration, Swarm or container. */
  readonly fresh: boolean;
  /** Whether the packet filter sees what crosses a bridge; without it an engine does not start without its proxies. */
  readonly bridgeFilter: boolean;
}

/**
 * The defaults that an engine gets as it is set up, kept in the state from then on. One that somebody else set up keeps its own; but a file that
 * says just that is ours: a run that was killed before it could tell left it.
 */
export function daemonDefaults({ found, fresh, bridgeFilter }: EngineOrigin): Daemon {
  const groups = GROUPS.filter((group) => {
    const keys = Object.keys(group);
    if ("userland-proxy" in group && !bridgeFilter) return false;
    return keys.every((key) => isDeepStrictEqual(found[key], group[key])) || (fresh && keys.every((key) => !(key in found)));
  });
  return Object.assign({}, ...groups) as Daemon;
}

/** What daemon.json is to have of us: what is written, and the engine's defaults where nothing of their group is written. */
export function effectiveDaemon(written: Daemon | undefined, defaults: Daemon | undefined): Daemon {
  const open = GROUPS.map((group) => Object.keys(group)).filter((keys) => keys.every((key) => !(key in (written ?? {}))));
  return { ...pickDaemon(defaults ?? {}, open.flat()), ...written };
}

/**
 * What would have to be written to describe the file that is found: the written keys as they are there, and those defaults that
 * somebody changed or took out (null), so that the next update puts them right.
 */
export function writtenAsFound(written: Daemon | undefined, defaults: Daemon | undefined, found: Daemon): Daemon {
  const changed = Object.entries(effectiveDaemon(written, defaults)).filter(([key, value]) => !(key in (written ?? {})) && !isDeepStrictEqual(found[key], value));
  return { ...pickDaemon(found, Object.keys(written ?? {})), ...Object.fromEntries(changed.map(([key]) => [key, found[key] ?? null])) };
}
