import Docker from "dockerode";
import type { DockerObject } from "./interrupted";

/** Everything that the program makes on the local engine carries this label, with the name of the stack. */
export const STACK_LABEL = "dockyard.stack";
/** Images that the set-up made on the local engine carry this label. */
export const IMAGE_LABEL = "dockyard.image";

/**
 * Removes one object of the local engine by name, if it belongs to this stack.
 * @returns whether it was there and is gone now; something of the same name that is not ours is left alone.
 */
export async function removeByName(object: DockerObject, stack: string): Promise<boolean> {
  const docker = new Docker();
  try {
    if ((await labelsOf(docker, object))[STACK_LABEL] !== stack) return false;
    await remove(docker, object);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * Removes whatever of a stack is left on the local engine: containers first, because they hold the others.
 * @returns what was removed.
 */
export async function removeLeftovers(stack: string): Promise<DockerObject[]> {
  const found = await findLeftovers(stack);
  const docker = new Docker();
  for (const kind of ["container", "network", "volume"] as const) {
    await Promise.all(found.filter((each) => each.kind === kind).map((each) => remove(docker, each).catch(ignoreMissing)));
  }
  return found;
}

/** What carries the label of this stack on the local engine. */
export async function findLeftovers(stack: string): Promise<DockerObject[]> {
  const docker = new Docker();
  const filters = { label: [`${STACK_LABEL}=${stack}`] };
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...containers.map(({ Id, Names }): DockerObject => ({ kind: "container", name: Names[0]?.replace(/^\//, "") ?? Id })),
    ...networks.map(({ Name }): DockerObject => ({ kind: "network", name: Name })),
    ...(volumes.Volumes ?? []).map(({ Name }): DockerObject => ({ kind: "volume", name: Name })),
  ];
}

/** Removes the images that the set-up made. @returns their number. */
export async function removeImages(): Promise<number> {
  const docker = new Docker();
  const images = await docker.listImages({ filters: { label: [IMAGE_LABEL] } });
  await Promise.all(images.map(({ Id }) => docker.getImage(Id).remove({ force: true }).catch(ignoreMissing)));
  return images.length;
}

async function labelsOf(docker: Docker, { kind, name }: DockerObject): Promise<Record<string, string>> {
  if (kind === "container") return (await docker.getContainer(name).inspect()).Config.Labels ?? {};
  if (kind === "network") return (await docker.getNetwork(name).inspect()).Labels ?? {};
  return (await docker.getVolume(name).inspect()).Labels ?? {};
}

async function remove(docker: Docker, { kind, name }: DockerObject): Promise<void> {
  if (kind === "container") await docker.getContainer(name).remove({ force: true, v: true });
  else if (kind === "network") await docker.getNetwork(name).remove();
  else await docker.getVolume(name).remove();
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

function isMissing(error: unknown): boolean {
  return (error as { statusCode?: number }).statusCode === 404;
}
