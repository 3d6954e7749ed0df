import { homedir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Where what is expensive to make is kept, outside the checkout so that a fresh clone finds it again:
 * DOCKYARD_CACHE, else `dockyard` under XDG_CACHE_HOME, else ~/.cache/dockyard. Always absolute.
 */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  if (env.DOCKYARD_CACHE) return resolve(env.DOCKYARD_CACHE);
  // The XDG specification: a relative path is invalid and counts as not set.
  const xdg = env.XDG_CACHE_HOME?.startsWith("/") ? env.XDG_CACHE_HOME : join(homedir(), ".cache");
  return join(xdg, "dockyard");
}
