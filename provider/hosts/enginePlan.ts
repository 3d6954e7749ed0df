import { isDeepStrictEqual } from "node:util";
import { Refused } from "../resource";
import { type Daemon, changedKeys, mergeDaemon, parseDaemon, renderDaemon } from "./daemonJson";
import type { PackageSource } from "./engineInputs";
import { namesIn, type Names } from "./hostsFile";
import { majorOf, matchesPin } from "./packagePin";
import { type Action, actionFor, stronger } from "./reloadable";

/** The block of /etc/hosts that belongs to the Engine. */
export const NAMES_BLOCK = "names";

/** What an engine is to be. */
export interface EngineWish {
  readonly package: { readonly source: PackageSource; readonly version?: string };
  readonly daemon: Daemon;
  readonly names: Names;
  /** Keys of daemon.json that were ours before; what is wanted no more goes. */
  readonly formerKeys: readonly string[];
}

/** What a look at a host shows of its engine. */
export interface EngineFacts {
  readonly machineId: string;
  /** The package that dockerd belongs to. */
  readonly package: { readonly source: PackageSource; readonly version: string } | undefined;
  /** Version of the installed dockerd, however it came. */
  readonly engineVersion: string | undefined;
  readonly enabled: boolean;
  readonly active: boolean;
  /** What the running engine still needs to take over the file, from a run that was cut off. */
  readonly pending: Action;
  /** Whether the engine is in a Swarm. */
  readonly inSwarm: boolean;
  /** Whether nobody set it up yet: it is not installed, or as its package left it, with no daemon.json, no container and in no Swarm. */
  readonly fresh: boolean;
  /** Whether the host's packet filter sees what crosses a bridge. */
  readonly bridgeFilter: boolean;
  /** Content of daemon.json, undefined where there is none. */
  readonly daemonText: string | undefined;
  /** Content of /etc/hosts. */
  readonly hostsText: string;
}

export type EngineStep =
  | { readonly kind: "names"; readonly names: Names }
  /** `then` is what has to follow; it is noted on the host, so that a run that is cut off here is finished by the next. */
  | { readonly kind: "daemon"; readonly text: string | undefined; readonly then: Action }
  | { readonly kind: "install"; readonly source: PackageSource; readonly version: string | undefined; readonly upgrade: boolean }
  | { readonly kind: "enable" }
  | { readonly kind: "start" | "reload" | "restart"; readonly because: string; readonly before: string | undefined };

/**
 * The steps from what is to what is wanted; none when it is there. Configuration is written before the package is
 * installed, so that an engine never runs with another one, and the engine is touched last and as little as possible.
 * @throws Refused for what cannot be done to an engine in place
 */
export function planEngine(wish: EngineWish, facts: EngineFacts): EngineStep[] {
  const daemon = planDaemon(wish, facts);
  const install = planInstall(wish, facts);
  return [
    ...planNames(wish.names, facts.hostsText),
    ...(daemon.changed ? [{ kind: "daemon", text: daemon.text, then: facts.active ? daemon.action : "none" } as const] : []),
    ...(install ? [install] : []),
    ...(facts.enabled || install ? [] : [{ kind: "enable" } as const]),
    ...planRunning(facts, install !== undefined, daemon),
  ];
}

/** What the user sees while a step runs. */
export function titleOf(step: EngineStep): string {
  switch (step.kind) {
    case "names":
      return "writing names to /etc/hosts";
    case "daemon":
      return "writing daemon.json";
    case "install":
      return `${step.upgrade ? "changing the version of" : "installing"} the engine (${step.source}${step.version ? ` ${step.version}` : ""})`;
    case "enable":
      return "enabling the engine at boot";
    case "start":
      return `starting the engine (${step.because})`;
    case "reload":
      return `reloading the configuration of the engine (${step.because})`;
    case "restart":
      return `restarting the engine (${step.because})`;
  }
}

interface DaemonPlan {
  readonly changed: boolean;
  readonly text: string | undefined;
  readonly action: Action;
  readonly because: string;
}

function planDaemon(wish: EngineWish, facts: EngineFacts): DaemonPlan {
  const before = daemonIn(facts.daemonText);
  const after = mergeDaemon(before, wish.daemon, wish.formerKeys);
  const { action, because } = actionFor(before, after);
  const moved = because.filter((key) => key === "data-root" || key === "userns-remap");
  if (facts.inSwarm && moved.length > 0) {
    throw new Refused(
      `daemon.json's ${moved.join(" and ")} cannot change on a node of a Swarm: the engine would look elsewhere for its data and forget its membership, ` +
        "images and volumes. Remove the host from the configuration, run `pulumi up`, and add it again with the new value",
    );
  }
  const pending = facts.pending === "none" ? [] : ["a change that an earlier run has written"];
  return {
    changed: changedKeys(before, after).length > 0,
    text: renderDaemon(after),
    action: stronger(action, facts.pending),
    because: [...because, ...pending].join(", "),
  };
}

/**
 * The daemon.json that is found.
 * @throws Refused when it is none
 */
export function daemonIn(text: string | undefined): Daemon {
  try {
    return parseDaemon(text);
  } catch (error) {
    throw new Refused((error as Error).message);
  }
}

function planInstall({ package: wanted }: EngineWish, facts: EngineFacts): (EngineStep & { kind: "install" }) | undefined {
  if (facts.engineVersion === undefined) return { kind: "install", ...wanted, version: wanted.version, upgrade: false };
  if (facts.package && facts.package.source !== wanted.source) {
    throw new Refused(
      `the engine is the package of source "${facts.package.source}" (${facts.package.version}), "${wanted.source}" is asked for. ` +
        `Write package.source: ${facts.package.source}, or take the host out of the Swarm, remove that package and run this again`,
    );
  }
  const installed = facts.package?.version ?? facts.engineVersion;
  if (wanted.version === undefined || matchesPin(installed, wanted.version)) return undefined;
  if (!facts.package) {
    throw new Refused(`the engine (${facts.engineVersion}) belongs to no package, so version ${wanted.version} cannot be installed over it. Remove it, or leave package.version out`);
  }
  refuseJump(facts, wanted.version);
  return { kind: "install", source: wanted.source, version: wanted.version, upgrade: true };
}

/** Nobody tests an engine against nodes two majors away, and what a newer one wrote an older one may not read. */
function refuseJump({ inSwarm, engineVersion }: EngineFacts, wanted: string): void {
  const [from, to] = [majorOf(engineVersion ?? ""), majorOf(wanted)];
  if (!inSwarm || from === undefined || to === undefined || Math.abs(to - from) < 2) return;
  const way = to > from ? `${from + 1} first` : `${from - 1} first`;
  throw new Refused(`the engine is ${engineVersion}, and ${wanted} is more than one major version away; nodes of a Swarm go one at a time: write package.version: ${way}`);
}

function planNames(names: Names, hostsText: string): EngineStep[] {
  const found = namesIn(hostsText, NAMES_BLOCK);
  const keys = Object.keys(names);
  const same = keys.length === Object.keys(found).length && keys.every((name) => isDeepStrictEqual([found[name]].flat(), [names[name]].flat()));
  return same ? [] : [{ kind: "names", names }];
}

/** After a package the engine is started in any case; where it ran, a restart is part of the change of its version. */
function planRunning(facts: EngineFacts, installed: boolean, daemon: DaemonPlan): EngineStep[] {
  const before = facts.daemonText;
  if (installed) return [{ kind: facts.active ? "restart" : "start", because: "new package", before }];
  if (!facts.active) return [{ kind: "start", because: daemon.because ? `it did not run; changed: ${daemon.because}` : "it did not run", before }];
  return daemon.action === "none" ? [] : [{ kind: daemon.action, because: daemon.because, before }];
}
