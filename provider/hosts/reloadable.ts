import { isDeepStrictEqual } from "node:util";
import { changedKeys, type Daemon } from "./daemonJson";

/** What a running engine needs to take over a new configuration, from harmless to not. */
export const ACTIONS = ["none", "reload", "restart"] as const;
export type Action = (typeof ACTIONS)[number];

/** Keys that the engine resets to their default when a reload finds them gone (moby daemon/reload.go). */
const RELOADED_AND_RESET = new Set(["max-concurrent-downloads", "max-concurrent-uploads", "max-download-attempts", "features"]);

/** Keys that a reload takes over when they are set, but leaves as they were when they are gone (same file: IsValueSet). */
const RELOADED_WHEN_SET = new Set([
  "authorization-plugins",
  "debug",
  "default-runtime",
  "insecure-registries",
  "labels",
  "live-restore",
  "registry-mirrors",
  "runtimes",
  "shutdown-timeout",
]);

/** What it takes to bring a running engine from one configuration to the other, and the keys that ask for it. */
export function actionFor(before: Daemon, after: Daemon): { action: Action; because: string[] } {
  const changed = changedKeys(before, after);
  const needRestart = changed.filter((key) => !reloadable(key, before, after));
  if (needRestart.length > 0) return { action: "restart", because: needRestart };
  return { action: changed.length > 0 ? "reload" : "none", because: changed };
}

/** The stronger of two. */
export function stronger(a: Action, b: Action): Action {
  return ACTIONS.indexOf(a) > ACTIONS.indexOf(b) ? a : b;
}

function reloadable(key: string, before: Daemon, after: Daemon): boolean {
  // The image store is chosen once, when the engine starts.
  if (key === "features" && !isDeepStrictEqual(imageStore(before), imageStore(after))) return false;
  return RELOADED_AND_RESET.has(key) || (RELOADED_WHEN_SET.has(key) && key in after);
}

function imageStore(daemon: Daemon): unknown {
  return (daemon["features"] as Record<string, unknown> | undefined)?.["containerd-snapshotter"];
}
