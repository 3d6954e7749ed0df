import type { SwarmNode } from "../swarm/node/membership";
import { hasMajority, majority } from "../swarm/node/quorum";
import { isOlder } from "./packagePin";

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
  if (silent.length === 0 || hasMajority({ reachable: answering, of: managers.length })) return undefined;
  const names = silent.map(({ Description, ID }) => Description.Hostname || ID).join(", ");
  return `with it away only ${answering} of ${managers.length} managers would answer, ${majority(managers.length)} are needed; bring back ${names} first`;
}

/**
 * Why this node's engine must not get that version, or undefined when it may: managers are asked to speak for workers that they know less
 * than. Workers go first, so those of the same configuration have the version by then; what is left are workers that are not in it.
 */
export function versionRefused(nodes: readonly SwarmNode[], self: string, version: string): string | undefined {
  if (nodes.find(({ ID }) => ID === self)?.ManagerStatus === undefined) return undefined;
  const ahead = nodes.filter((node) => node.ManagerStatus === undefined && isOlder(version, engineOf(node)));
  if (ahead.length === 0) return undefined;
  const names = ahead.map((node) => `${node.Description.Hostname || node.ID} (${engineOf(node)})`).join(", ");
  return `with ${version} it would be older than ${names}, and a manager must not be older than a worker. Bring such a worker to ${version} or take it out of the Swarm, or write a newer package.version`;
}

const engineOf = ({ Description }: SwarmNode) => Description.Engine?.EngineVersion ?? "";

/** Of nodes that may restart side by side. */
export const WORKER_RANK = 0;

/** Who restarts first: workers, then managers, the leader last, so that it changes once and late. */
export function restartRank(nodes: readonly SwarmNode[], self: string): number {
  const status = nodes.find(({ ID }) => ID === self)?.ManagerStatus;
  return status === undefined ? WORKER_RANK : status.Leader ? 2 : 1;
}
