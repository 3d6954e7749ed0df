import Docker from "dockerode";
import { madeByRun, type DockerObject } from "./interrupted";

/** Everything that the program makes on the local engine carries this label, with the name of the stack. */
export const STACK_LABEL = "dockyard.stack";
/** Images that the set-up made on the local engine carry this label. */
export const IMAGE_LABEL = "dockyard.image";

/**
 * Removes one container or network of the local engine by name, if an interrupted run of this stack made it.
 * @param since when that run began.
 * @returns whether it was there and is gone now; something of the same name that is not the run's is left alone.
 */
export async function removeHalfMade(object: DockerObject, stack: string, since: Date): Promise<boolean> {
  const docker = new Docker();
  try {
    if (!madeByRun(await describe(docker, object), stack, since)) return false;
    await remove(docker, object);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Removes what {@link findLeftovers} found: containers first, because they hold the others. */
export async function removeLeftovers(found: readonly DockerObject[]): Promise<void> {
  const docker = new Docker();
  for (const kind of ["container", "network", "volume"] as const) {
    await Promise.all(found.filter((each) => each.kind === kind).map((each) => remove(docker, each).catch(ignoreMissing)));
  }
}

/** What carries the label of this stack on the local engine. It may belong to a stack of the same name in another checkout. */
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

/** Removes the images that the set-up made, except those that a container still uses. @returns how many are gone. */
export async function removeImages(): Promise<number> {
  const docker = new Docker();
  const images = await docker.listImages({ filters: { label: [IMAGE_LABEL] } });
  const gone = await Promise.all(images.map(({ Id }) => docker.getImage(Id).remove().then(() => true, keepUsed)));
  return gone.filter(Boolean).length;
}

function keepUsed(error: { statusCode?: number }): false {
  if (error.statusCode !== 409 && error.statusCode !== 404) throw error;
  return false;
}

async function describe(docker: Docker, { kind, name }: DockerObject): Promise<{ stack: string | undefined; created: string }> {
  const { labels, created } =
    kind === "container"
      ? await docker.getContainer(name).inspect().then(({ Config, Created }) => ({ labels: Config.Labels, created: Created }))
      : await docker.getNetwork(name).inspect().then(({ Labels, Created }) => ({ labels: Labels, created: Created }));
  return { stack: (labels as Record<string, string> | undefined)?.[STACK_LABEL], created };
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
