import type Docker from "dockerode";
import type { RegistryAuth } from "../../resource";
import { restarted, updateNeeded } from "./adopt";
import { diffService, type Effect, hardest } from "./effects";
import type { LiveService, ServiceSpec } from "./engineApi";
import { HOST_NETWORK, namingHostNetwork } from "./hostNetwork";
import type { ServiceInputs } from "./inputs";
import { joiningTurns } from "./joining";
import { observe } from "./observed";
import { inSequence } from "./sequence";
import { toSpec } from "./spec";
import { statusOf } from "./swarmView";

/** Creates the service, see {@link JoiningTurns} for when; its image is taken as it is written. Gives its id. */
export async function createService(docker: Docker, inputs: ServiceInputs, auth: RegistryAuth | undefined): Promise<string> {
  await joiningTurns(inputs.cluster).turn((inputs.networks ?? []).map(({ id }) => id).filter((network) => network !== HOST_NETWORK));
  // The types lack this overload without a login.
  const service = (await docker.createService(auth as never, toSpec(inputs) as never)) as unknown as Docker.Service;
  return service.id as string;
}

/** An update that the engine took. */
export interface Sent {
  /** The version that was there before. */
  readonly staleVersion: number;
  /** What it does to the tasks, by what really differed. */
  readonly effect: Effect;
}

/**
 * Brings the live service to the inputs. Replicas and forced restarts that the inputs leave open stay.
 * @param restart send it even if nothing differs, and have every task replaced
 * @returns undefined when there was nothing to send
 */
export async function updateService(docker: Docker, id: string, inputs: ServiceInputs, auth: RegistryAuth | undefined, { restart = false } = {}): Promise<Sent | undefined> {
  return inSequence(async () => {
    const live = await namingHostNetwork(docker, await inspect(docker, id, inputs.name), inputs);
    const spec = restart ? restarted(toSpec(inputs, live.Spec)) : updateNeeded(live, inputs);
    if (!spec) return undefined;
    await send(docker, live, spec, auth);
    return { staleVersion: live.Version.Index, effect: restart ? "replaces tasks" : effectOn(live, inputs) };
  });
}

/** Sent again only because the engine had given up, it replaces what had failed. */
function effectOn(live: LiveService, inputs: ServiceInputs): Effect {
  const found = { ...observe(inputs, live.Spec), convergence: inputs.convergence };
  const changes = diffService({ inputs: found, outputs: {} }, inputs, []);
  return changes.length === 0 ? "replaces tasks" : hardest(changes);
}

async function inspect(docker: Docker, id: string, name: string): Promise<LiveService> {
  try {
    return (await docker.getService(id).inspect()) as LiveService;
  } catch (error) {
    if (statusOf(error) === 404) throw new Error(`the service "${name}" (${id}) is gone from the Swarm; refresh, and it is made anew`, { cause: error });
    throw error;
  }
}

async function send(docker: Docker, live: LiveService, spec: ServiceSpec, auth: RegistryAuth | undefined): Promise<void> {
  await docker.getService(live.ID).update(auth as never, { _query: { version: live.Version.Index }, _body: spec } as never);
}
