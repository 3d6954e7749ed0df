import { setTimeout as sleep } from "node:timers/promises";
import type { Operation } from "../resource";
import type { ServiceSpec } from "./service/engineApi";
import { engineMessage, listServices, statusOf } from "./service/swarmView";

const INTERVAL = 500;

/** Something in the Swarm that services use: a network, a secret, a config. */
export interface Used {
  /** "network", for messages. */
  readonly what: string;
  readonly name: string;
  remove(): Promise<unknown>;
  /** Whether a service names it. */
  usedBy(spec: ServiceSpec): boolean;
  /** What to do when somebody keeps using it. */
  readonly advice: string;
}

/**
 * Removes the thing as soon as nobody uses it; one that is gone already is fine.
 * @throws Error that names the services which still use it when the time is up
 */
export async function removeWhenFree(op: Operation, used: Used): Promise<void> {
  const deadline = Date.now() + op.timeouts.removal;
  op.status("removing");
  for (;;) {
    op.signal.throwIfAborted();
    const refusal = await refused(used);
    if (refusal === undefined) return;
    if (Date.now() > deadline) throw new Error(`${used.what} "${used.name}" stays: ${await users(op, used)} (${refusal}); ${used.advice}`);
    op.status(`in use; waiting until it is free: ${refusal}`);
    await sleep(INTERVAL);
  }
}

/** Why the engine does not remove it, as long as it is in use; undefined when it is gone. */
async function refused({ remove }: Used): Promise<string | undefined> {
  try {
    await remove();
    return undefined;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    const message = engineMessage(error);
    if (/in use|active endpoints|being used/i.test(message)) return message.replace(/^rpc error: code = \w+ desc = /, "");
    throw error;
  }
}

async function users(op: Operation, used: Used): Promise<string> {
  const services = await op.manager().then(({ docker }) => listServices(docker)).catch(() => []);
  const names = services.filter((service) => used.usedBy(service.Spec)).map((service) => service.Spec.Name).sort();
  return names.length > 0 ? `used by ${names.length === 1 ? "service" : "services"} ${names.join(", ")}` : "a container or a stopping task still uses it";
}
