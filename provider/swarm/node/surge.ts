import type Docker from "dockerode";
import type { Operation } from "../../resource";
import type { LiveService, ServiceSpec } from "../service/engineApi";
import { listAllTasks, listServices, statusOf } from "../service/swarmView";
import { inSequence } from "../service/sequence";
import { watchOf } from "../service/watch";
import { listNodes } from "./api";
import type { SwarmNode } from "./membership";
import { endangered, movingSpec, settledSpec } from "./surgePlan";

/** How long a service that was moved has to stay up before the node goes, in milliseconds. */
const STABLE = 1000;

/**
 * Starts elsewhere what runs on this node alone, and waits until it is healthy there, so that draining the node interrupts
 * nothing. What cannot be moved is told. The node must be paused already. May be repeated after a kill anywhere: a service that was being moved keeps its own settings in a label until it has them back.
 */
export async function startElsewhere(op: Operation, docker: Docker, cluster: string, node: SwarmNode): Promise<void> {
  const name = node.Description.Hostname;
  const services = await listServices(docker);
  await settleMoved(docker, services);
  const found = endangered(services, await listAllTasks(docker), node, await listNodes(docker));
  if (found.length === 0) return;
  for (const { service, stays } of found) if (stays !== undefined) op.warn(`service ${service.Spec.Name} is interrupted while ${name} goes down: ${stays}`);
  const moving = found.filter(({ stays }) => stays === undefined).map(({ service }) => service);
  if (moving.length === 0) return;
  op.status(`starting elsewhere first: ${moving.map(({ Spec }) => Spec.Name).join(", ")}`);
  await Promise.all(moving.map((service) => move(op, docker, cluster, service, name)));
}

/** One that does not come up elsewhere keeps its task here until the drain; that is told, and holds nobody up. */
async function move(op: Operation, docker: Docker, cluster: string, service: LiveService, from: string): Promise<void> {
  const error = await forAMoment(op, docker, cluster, service, movingSpec);
  if (error) op.warn(`service ${service.Spec.Name} is interrupted while ${from} goes down: it did not come up elsewhere: ${error.message}`);
}

/**
 * Changes a service for a moment, waits until it has converged, and gives it its own settings back.
 * @param changed see {@link movingSpec} and {@link raisedSpec}, which {@link settledSpec} takes back, also after a kill
 * @returns why it did not converge
 */
export async function forAMoment(op: Operation, docker: Docker, cluster: string, { ID }: LiveService, changed: (spec: ServiceSpec) => ServiceSpec): Promise<Error | undefined> {
  let failed: Error | undefined;
  try {
    const staleVersion = await change(docker, ID, changed);
    await watchOf(cluster).converged({ op, id: ID, timeout: op.timeouts.drain, stable: STABLE, staleVersion });
  } catch (error) {
    op.signal.throwIfAborted();
    failed = error as Error;
  }
  await change(docker, ID, settledSpec);
  return failed;
}

/** Gives services that a killed run was moving their own settings back. */
export async function settleMoved(docker: Docker, services: readonly LiveService[]): Promise<void> {
  await Promise.all(services.filter(({ Spec }) => settledSpec(Spec) !== undefined).map(({ ID }) => change(docker, ID, settledSpec)));
}

/** Changes the live spec; a service that is gone by now needs nothing. @returns the version that was there before */
async function change(docker: Docker, id: string, wanted: (spec: ServiceSpec) => ServiceSpec | undefined): Promise<number | undefined> {
  try {
    return await inSequence(async () => {
      const live = (await docker.getService(id).inspect()) as LiveService;
      const spec = wanted(live.Spec);
      if (spec) await docker.getService(id).update({ _query: { version: live.Version.Index }, _body: spec } as never);
      return live.Version.Index;
    });
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
