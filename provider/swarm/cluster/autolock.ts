import type Docker from "dockerode";
import type { Machine } from "../../remote/machine";
import type { SwarmInfo } from "../../remote/manager";
import type { Operation } from "../../resource";
import { waitUntil } from "../node/api";

/** The Swarm's unlock key as a manager that is in quorum tells it; undefined where managers are not locked. Nobody logs it. */
export async function unlockKeyOf(docker: Docker): Promise<string | undefined> {
  const { UnlockKey } = await call<{ UnlockKey: string }>(docker, "GET", "/swarm/unlockkey");
  return UnlockKey || undefined;
}

/** The configured managers whose engine was restarted and waits for the key. One that does not answer is none of them. */
export async function lockedManagers(op: Operation): Promise<Machine[]> {
  const asked = await Promise.all(
    op.managers.map(async (connection) => {
      const machine = await op.machine(connection).catch(() => undefined);
      return machine && (await swarmOf(machine).catch(() => undefined))?.LocalNodeState === "locked" ? [machine] : [];
    }),
  );
  return asked.flat();
}

/**
 * Unlocks the managers that are locked, all before any is waited for: alone, one of three sees no quorum.
 * @param keys the newest first; a manager that was off while the key was rotated still wants the former one
 * @throws Error when none of the keys opens one of them
 */
export async function unlockManagers(op: Operation, keys: readonly string[]): Promise<void> {
  const locked = await lockedManagers(op);
  if (locked.length === 0) return;
  op.status(`unlocking ${locked.map(({ address }) => address).join(", ")}`);
  await Promise.all(locked.map((machine) => unlock(machine, keys)));
  await Promise.all(locked.map((machine) => managesAgain(op, machine)));
}

/** Gives a locked engine its key. One that is not locked any more is left as it is. */
export async function unlock(machine: Machine, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const refusal = await call(machine.docker, "POST", "/swarm/unlock", { UnlockKey: key }).then(() => undefined, (error: Error) => error);
    if (refusal === undefined || (await swarmOf(machine)).LocalNodeState !== "locked") return;
    if (!/invalid/i.test(refusal.message)) throw new Error(`${machine.address}: the Swarm cannot be unlocked: ${refusal.message.replaceAll(key, "[key]")}`);
  }
  throw new Error(
    `${machine.address}: the Swarm is locked, and ${keys.length === 0 ? "the stack's state has no key for it" : "the key in the stack's state does not open it"}. ` +
      'If another manager is unlocked, it tells the key ("docker swarm unlock-key"); with it, run "docker swarm unlock" on this host, then run this again',
  );
}

function managesAgain(op: Operation, machine: Machine): Promise<SwarmInfo> {
  return waitUntil(
    `${machine.address} to manage the Swarm again after it was unlocked`,
    () => swarmOf(machine),
    ({ LocalNodeState, ControlAvailable, Error: trouble }) => LocalNodeState === "active" && ControlAvailable === true && !trouble,
    { timeout: op.timeouts.membership, signal: op.signal },
  );
}

async function swarmOf(machine: Machine): Promise<SwarmInfo> {
  return (await machine.docker.info()).Swarm as SwarmInfo;
}

/** dockerode has no word for these two calls. */
function call<T>(docker: Docker, method: "GET" | "POST", path: string, body?: object): Promise<T> {
  return new Promise((resolve, reject) =>
    docker.modem.dial({ path, method, ...(body && { options: body }), statusCodes: { 200: true, 500: "server error", 503: "node is not part of a swarm" } } as never, (error: Error | null, result: unknown) =>
      error ? reject(error) : resolve(result as T),
    ),
  );
}
