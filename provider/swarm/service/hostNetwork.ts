import type Docker from "dockerode";
import type { LiveService, NetworkAttachment } from "./engineApi";
import type { ServiceInputs } from "./inputs";

/** What inputs call the network of the hosts themselves. Each Swarm has an id of its own for it, which it gives back. */
export const HOST_NETWORK = "host";

/** The live service with the hosts' own network by its name, if that is where the inputs want it. */
export async function namingHostNetwork(docker: Docker, live: LiveService, { networks }: Pick<ServiceInputs, "networks">): Promise<LiveService> {
  if (!networks?.some(({ id }) => id === HOST_NETWORK)) return live;
  // The scope is what the reference client asks for, too: by the plain name there is only each engine's own.
  const { Id } = (await docker.getNetwork(HOST_NETWORK).inspect({ scope: "swarm" } as never)) as unknown as { Id: string };
  const named = (list?: NetworkAttachment[]) => list?.map((each) => (each.Target === Id ? { ...each, Target: HOST_NETWORK } : each));
  const { TaskTemplate } = live.Spec;
  return { ...live, Spec: { ...live.Spec, TaskTemplate: { ...TaskTemplate, Networks: named(TaskTemplate.Networks) } } };
}
