import type { HostEntry } from "../support/configuration";

/** A host of the soak, as its configuration has it. */
export type SoakHost = HostEntry & { readonly availability: "active" | "pause" | "drain" };

/** What the soak changes from time to time: the hosts, a version of the application, a setting of all engines, a count of rotations. */
export interface SoakState {
  readonly hosts: readonly SoakHost[];
  readonly release: number;
  readonly logSize: number;
  readonly joinTokens: number;
}

/** One planned change: what it is called, and what the configuration says afterwards. */
export interface SoakChange {
  readonly name: string;
  readonly state: SoakState;
}

/** Nodes that take tasks at least, so that two replicas and a rollout of theirs find room. */
const ROOM = 4;

/**
 * A change that the rules allow, picked by `next`: managers stay three, the first host keeps the registry and is left alone by what would
 * move it. Pure.
 * @param spare workers that may be added
 */
export function randomChange(state: SoakState, spare: readonly SoakHost[], next: () => number): SoakChange {
  const kinds = [drains(state), returns(state), labels(state), roles(state), removals(state), additions(state, spare), ...others(state).map((each) => [each])];
  // First the kind, then which one of it: there are many labels and few restarts.
  return pick(pick(kinds.filter((changes) => changes.length > 0), next), next);
}

const pick = <T>(from: readonly T[], next: () => number): T => from[Math.floor(next() * from.length)]!;

const withHost = (state: SoakState, name: string, change: Partial<SoakHost>): SoakState => ({ ...state, hosts: state.hosts.map((host) => (host.name === name ? { ...host, ...change } : host)) });
const taking = ({ hosts }: SoakState) => hosts.filter(({ availability }) => availability === "active");

function drains(state: SoakState): SoakChange[] {
  if (taking(state).length <= ROOM) return [];
  return taking(state).slice(1).flatMap(({ name }) => (["drain", "pause"] as const).map((availability) => ({ name: `${availability} ${name}`, state: withHost(state, name, { availability }) })));
}

function returns(state: SoakState): SoakChange[] {
  return state.hosts.filter(({ availability }) => availability !== "active").map(({ name }) => ({ name: `activate ${name}`, state: withHost(state, name, { availability: "active" }) }));
}

function labels(state: SoakState): SoakChange[] {
  return state.hosts.slice(1).map((host) => ({ name: `label ${host.name}`, state: withHost(state, host.name, { labels: { turn: String(Number(host.labels?.["turn"] ?? 0) + 1) } }) }));
}

/** A worker becomes a manager and a manager a worker, both at once. */
function roles(state: SoakState): SoakChange[] {
  const of = (role: "manager" | "worker") => state.hosts.slice(1).filter((host) => host.role === role);
  return of("worker").flatMap((up) =>
    of("manager").map((down) => ({ name: `promote ${up.name}, demote ${down.name}`, state: withHost(withHost(state, up.name, { role: "manager" }), down.name, { role: "worker" }) })),
  );
}

function removals(state: SoakState): SoakChange[] {
  const going = state.hosts.slice(1).filter(({ role, availability }) => role === "worker" && (availability !== "active" || taking(state).length > ROOM));
  return going.map(({ name }) => ({ name: `remove ${name}`, state: { ...state, hosts: state.hosts.filter((host) => host.name !== name) } }));
}

function additions(state: SoakState, spare: readonly SoakHost[]): SoakChange[] {
  return spare.filter(({ name }) => !state.hosts.some((host) => host.name === name)).map((host) => ({ name: `add ${host.name}`, state: { ...state, hosts: [...state.hosts, host] } }));
}

function others(state: SoakState): SoakChange[] {
  return [
    { name: `release ${state.release + 1}`, state: { ...state, release: state.release + 1 } },
    { name: "restart every engine", state: { ...state, logSize: state.logSize + 1 } },
    { name: "rotate the join tokens", state: { ...state, joinTokens: state.joinTokens + 1 } },
  ];
}
