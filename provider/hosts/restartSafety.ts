import type { SwarmNode } from "../swarm/node/membership";
import { majority } from "../swarm/node/quorum";

/**
 * Why this node's engine must not be restarted now, or undefined when it may; a worker always may. While it is away a majority of all managers
 * must answer; where that can never be (one or two managers), it may as long as all of them answer now.
 */
export function restartRefused(nodes: readonly SwarmNode[], self: string): string | undefined {
  const managers = nodes.filter(({ ManagerStatus }) => ManagerStatus !== undefined);
  if (!managers.some(({ ID }) => ID === self)) return undefined;
  const others = managers.filter(({ ID }) => ID !== self);
  const silent = others.filter(({ ManagerStatus }) => ManagerStatus!.Reachability !== "reachable");
  const answering = others.length - silent.length;
  if (silent.length === 0 || answering >= majority(managers.length)) return undefined;
  const names = silent.map(({ Description, ID }) => Description.Hostname || ID).join(", ");
  return `with it away only ${answering} of ${managers.length} managers would answer, ${majority(managers.length)} are needed; bring back ${names} first`;
}

/** Of nodes that may restart side by side. */
export const WORKER_RANK = 0;

/** Who restarts first: workers, then managers, the leader last, so that it changes once and late. */
export function restartRank(nodes: readonly SwarmNode[], self: string): number {
  const status = nodes.find(({ ID }) => ID === self)?.ManagerStatus;
  return status === undefined ? WORKER_RANK : status.Leader ? 2 : 1;
}
