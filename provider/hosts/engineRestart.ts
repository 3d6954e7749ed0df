import { setTimeout as sleep } from "node:timers/promises";
import type { Machine } from "../remote/machine";
import type { SwarmInfo } from "../remote/manager";
import { type Operation, Refused } from "../resource";
import { unlock, unlockKeyOf } from "../swarm/cluster/autolock";
import { updateNode } from "../swarm/node/api";
import { drainNode } from "../swarm/node/drain";
import { RETURN_LABEL, type SwarmNode } from "../swarm/node/membership";
import { notWhole } from "../swarm/node/whole";
import { restartRank, restartRefused, versionRefused, WORKER_RANK } from "./restartSafety";

/** The turn that every restart of an engine in a Swarm waits for. */
export const ENGINE_RESTART = "engine-restart";

/** How long the cluster must have been whole before the next engine may go. */
const SETTLED = 2000;
const POLL = 250;

/**
 * Does what takes the engine away for a moment (`restart`). On a node of a Swarm only one at a time in the whole cluster (of workers as
 * many as `engine.workersAtOnce`), workers before managers and the leader last; never one that the quorum needs. The node is emptied first, and takes tasks again when
 * the cluster is whole; then the next one goes. None goes after one that did not come back.
 * @param version that the engine gets meanwhile; undefined when it keeps its own
 */
export async function restartSafely(op: Operation, machine: Machine, version: string | undefined, restart: () => Promise<void>): Promise<void> {
  const swarm = await swarmOf(machine);
  if (swarm?.LocalNodeState !== "active") {
    await restart();
    return;
  }
  op.status("waiting for its turn to restart");
  const nodes = (await clusterSeenBy(op, machine, swarm)) ?? [];
  const rank = restartRank(nodes, swarm.NodeID!);
  const turn = { name: machine.address, rank, atOnce: rank === WORKER_RANK ? op.engines.workersAtOnce : 1 };
  const inTurn = (work: () => Promise<void>) => op.leased(() => op.inTurn(ENGINE_RESTART, turn, work));
  await inTurn(async () => {
    const cluster = (await clusterSeenBy(op, machine, await swarmOf(machine))) ?? [];
    const refusal = restartRefused(cluster, swarm.NodeID!);
    if (refusal) throw new Refused(`${machine.address}: the engine of this manager needs a restart, but ${refusal}`);
    const behind = version && versionRefused(cluster, swarm.NodeID!, version);
    if (behind) throw new Refused(`${machine.address}: the engine of this manager keeps its version: ${behind}`);
    // Asked before: with a single manager nobody could tell it afterwards.
    const key = swarm.ControlAvailable ? await unlockKeyOf(machine.docker) : undefined;
    await whileEmpty(op, cluster, swarm.NodeID!, async () => {
      op.status("restarting the engine");
      await restart();
      op.status("waiting until the cluster is whole again");
      await wholeAgain(op, machine, cluster, key);
    });
  });
}

/**
 * Empties the node, does the work, and gives it back to the scheduler as it was. What it was is kept in a label of the node, so
 * that a run that is killed in between is finished by the next. A node is not emptied where no other could take its tasks.
 */
async function whileEmpty(op: Operation, cluster: readonly SwarmNode[], id: string, work: () => Promise<void>): Promise<void> {
  const node = cluster.find(({ ID }) => ID === id);
  const elsewhere = cluster.some(({ ID, Spec, Status }) => ID !== id && Spec.Availability === "active" && Status.State === "ready");
  const returns = node?.Spec.Labels?.[RETURN_LABEL] ?? node?.Spec.Availability;
  if (!node || !elsewhere || returns === "drain") return work();
  const { docker, clusterId } = await op.manager();
  await updateNode(docker, id, (spec) => ({ ...spec, Labels: { ...spec.Labels, [RETURN_LABEL]: returns! } }));
  await drainNode(op, docker, clusterId, node);
  await work();
  await updateNode((await op.manager()).docker, id, ({ Labels: { [RETURN_LABEL]: _back, ...labels } = {}, ...spec }) => ({ ...spec, Availability: returns as SwarmNode["Spec"]["Availability"], Labels: labels }));
}

/** Waits until the engine answers. */
export async function engineAnswers(op: Operation, machine: Machine): Promise<void> {
  await until(op.timeouts.engine, op.signal, `${machine.address}: the engine does not answer`, async () => {
    await machine.docker.ping();
    return undefined;
  });
}

/**
 * Waits until the node is back and the cluster is what it was. A new leader first takes every node for unknown, and a manager
 * that has just started still shows what it knew before, so it must stay so for a moment.
 */
async function wholeAgain(op: Operation, machine: Machine, before: readonly SwarmNode[], key: string | undefined): Promise<void> {
  let since: number | undefined;
  await until(op.timeouts.engine, op.signal, `${machine.address}: the cluster is not whole again after the restart of this engine`, async () => {
    const obstacle = await inTheWay(op, machine, before, key).catch((error: Error) => {
      since = undefined;
      throw error;
    });
    since = obstacle === undefined ? (since ?? Date.now()) : undefined;
    return obstacle ?? (Date.now() - since! < SETTLED ? "it has only just become whole" : undefined);
  });
}

async function inTheWay(op: Operation, machine: Machine, before: readonly SwarmNode[], key: string | undefined): Promise<string | undefined> {
  const swarm = await swarmAt(machine);
  if (swarm.LocalNodeState === "locked") {
    if (key === undefined) throw new Refused(`${machine.address}: the Swarm is locked since the engine restarted; run "docker swarm unlock" on it, then run this again`);
    await unlock(machine, [key]);
    return "it has only just been unlocked";
  }
  if (swarm.LocalNodeState !== "active") return `its state is ${swarm.LocalNodeState}`;
  const now = await clusterSeenBy(op, machine, swarm);
  return now && notWhole(before, now);
}

/** The nodes as this manager sees them, or, for a worker, a manager of the configuration; undefined where there is none to ask. */
async function clusterSeenBy(op: Operation, machine: Machine, swarm: SwarmInfo | undefined): Promise<SwarmNode[] | undefined> {
  if (!swarm?.ControlAvailable && op.managers.length === 0) return undefined;
  const manager = swarm?.ControlAvailable ? machine : (await op.manager()).machine;
  return (await manager.docker.listNodes()) as unknown as SwarmNode[];
}

/** Asks again until nothing is in the way any more; an answer that fails counts as something in the way. */
async function until(timeout: number, signal: AbortSignal, message: string, obstacle: () => Promise<string | undefined>): Promise<void> {
  const end = Date.now() + timeout;
  for (;;) {
    signal.throwIfAborted();
    const found = await obstacle().catch((error: Error) => {
      if (error instanceof Refused) throw error;
      return error.message;
    });
    if (found === undefined) return;
    if (Date.now() > end) throw new Error(`${message} (waited ${timeout / 1000} s; last: ${found})`);
    await sleep(POLL, undefined, { signal });
  }
}

/** The engine's word on its Swarm; undefined when it does not answer. */
async function swarmOf(machine: Machine): Promise<SwarmInfo | undefined> {
  return swarmAt(machine).catch(() => undefined);
}

async function swarmAt(machine: Machine): Promise<SwarmInfo> {
  return (await machine.docker.info()).Swarm as SwarmInfo;
}
