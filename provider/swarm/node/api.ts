import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { SwarmNode } from "./membership";

/** How often a node's state is asked for while it changes; Swarm has events for nodes, but loses them with the leader. */
const ASK_EVERY = 200;

/** Every node of the Swarm, as this manager lists them. */
export async function listNodes(docker: Docker): Promise<SwarmNode[]> {
  return (await docker.listNodes()) as unknown as SwarmNode[];
}

/** The node, or undefined when the Swarm has none of that id. */
export async function inspectNode(docker: Docker, id: string): Promise<SwarmNode | undefined> {
  try {
    return (await docker.getNode(id).inspect()) as SwarmNode;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}

/** Whether a manager could not answer only because the Swarm has no leader for a moment. */
export function leaderless(error: unknown): boolean {
  return /does not have a leader|deadline exceeded/i.test((error as Error).message);
}

/**
 * Changes a node's spec. Repeats with the newest version when somebody else changed the node in between, and while the
 * Swarm has no leader for a moment (a demoted leader: moby#34384).
 */
export async function updateNode(docker: Docker, id: string, change: (spec: SwarmNode["Spec"]) => SwarmNode["Spec"]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const node = await inspectNode(docker, id);
    if (!node) throw new Error(`the node ${id} is not in the Swarm any more`);
    const wanted = change(node.Spec);
    if (JSON.stringify(wanted) === JSON.stringify(node.Spec)) return;
    try {
      await docker.getNode(id).update({ _query: { version: node.Version.Index }, _body: wanted });
      return;
    } catch (error) {
      const passing = leaderless(error) || /update out of sequence/i.test((error as Error).message);
      if (!passing || attempt >= 10) throw error;
      await sleep(ASK_EVERY * attempt);
    }
  }
}

/** Waits until `reached` of what is observed, asking repeatedly; says what it waited for when the time is over. */
export async function waitUntil<T>(
  what: string,
  observe: () => Promise<T>,
  reached: (value: T) => boolean,
  options: { timeout: number; signal: AbortSignal },
): Promise<T> {
  const until = Date.now() + options.timeout;
  for (;;) {
    const value = await observe();
    if (reached(value)) return value;
    if (Date.now() > until) throw new Error(`waited ${options.timeout / 1000} s in vain for ${what}`);
    await sleep(ASK_EVERY, undefined, { signal: options.signal });
  }
}
