import { setTimeout as sleep } from "node:timers/promises";
import type { Machine } from "../remote/machine";
import type { SwarmInfo } from "../remote/manager";
import { type Operation, Refused } from "../resource";
import type { SwarmNode } from "../swarm/node/membership";
import { restartRefused } from "./restartSafety";

/** The lock that every restart of an engine in a Swarm takes: one node of the cluster at a time. */
export const ENGINE_RESTART = "engine-restart";

const ANSWER_TIMEOUT = 60_000;
const READY_TIMEOUT = 120_000;
const POLL = 250;

/**
 * Does what takes the engine away for a moment (`restart`). On a node of a Swarm only one at a time in the whole cluster,
 * never one that the quorum needs, and the next only when this one is ready again.
 */
export async function restartSafely(op: Operation, machine: Machine, restart: () => Promise<void>): Promise<void> {
  if ((await swarmOf(machine))?.LocalNodeState !== "active") {
    await restart();
    return;
  }
  op.status("waiting until no other engine restarts");
  await op.exclusively(ENGINE_RESTART, async () => {
    const before = await swarmOf(machine);
    if (before?.ControlAvailable) {
      const refusal = restartRefused(await nodesSeenBy(machine), before.NodeID!);
      if (refusal) throw new Refused(`${machine.address}: the engine of this manager needs a restart, but ${refusal}`);
    }
    op.status("restarting the engine");
    await restart();
    op.status("waiting until the node is ready again");
    await readyAgain(op, machine, before?.ControlAvailable === true);
  });
}

/** Waits until the engine answers, at most a minute. */
export async function engineAnswers(machine: Machine, signal: AbortSignal): Promise<void> {
  await until(ANSWER_TIMEOUT, signal, `${machine.address}: the engine does not answer`, async () => {
    await machine.docker.ping();
    return undefined;
  });
}

async function readyAgain(op: Operation, machine: Machine, manager: boolean): Promise<void> {
  await until(READY_TIMEOUT, op.signal, `${machine.address}: the node is not ready again after the restart of its engine`, async () => {
    const swarm = (await machine.docker.info()).Swarm as SwarmInfo;
    if (swarm.LocalNodeState === "locked") throw new Refused(`${machine.address}: the Swarm is locked since the engine restarted; run "docker swarm unlock" on it, then run this again`);
    if (swarm.LocalNodeState !== "active") return `state ${swarm.LocalNodeState}`;
    if (!manager && op.managers.length === 0) return undefined; // nobody there who could say more
    const seenBy = manager ? machine : (await op.manager()).machine;
    const self = (await nodesSeenBy(seenBy)).find(({ ID }) => ID === swarm.NodeID);
    if (self?.Status.State !== "ready") return `the managers see it as ${self?.Status.State ?? "unknown"}`;
    if (manager && self.ManagerStatus?.Reachability !== "reachable") return "the other managers do not reach it";
    return undefined;
  });
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
  try {
    return (await machine.docker.info()).Swarm as SwarmInfo;
  } catch {
    return undefined;
  }
}

async function nodesSeenBy(machine: Machine): Promise<SwarmNode[]> {
  return (await machine.docker.listNodes()) as unknown as SwarmNode[];
}
