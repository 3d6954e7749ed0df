import type Docker from "dockerode";
import type { Writable } from "node:stream";
import type { Machine } from "../../provider/remote/machine";

/** Where the registry's data is. */
export interface RegistryPlace {
  readonly nodeId: string;
  readonly volume: string;
}

/** Name of the platform's registry in the Swarm. */
const SERVICE = "dockyard_registry";

/**
 * The registry's data while it goes on working. Content has its hash for a name and never changes; what is pushed is written
 * first, what refers to it afterwards. So with the references copied first, all that they refer to is there when the content is
 * copied. Uploads that are not complete are left out. tar's exit code 1 says that something changed meanwhile, which may be.
 * A constant; the folder comes as an argument.
 */
const COPY = `cd "$1/docker/registry/v2" 2>/dev/null || exec tar --create --files-from /dev/null
tar --create --warning=no-file-changed --exclude _uploads --directory "$1" \\
  $(for each in repositories blobs; do [ -d "$each" ] && echo "docker/registry/v2/$each"; done)
[ $? -le 1 ]
`;

/** @throws Error when no task of the registry runs */
export async function findRegistry(docker: Docker): Promise<RegistryPlace> {
  const service = (await docker.getService(SERVICE).inspect()) as { Spec: { TaskTemplate: { ContainerSpec: { Mounts?: { Type: string; Source?: string }[] } } } };
  const tasks = (await docker.listTasks({ filters: { service: [SERVICE], "desired-state": ["running"] } })) as { NodeID?: string; Status: { State: string } }[];
  const task = tasks.find(({ Status, NodeID }) => Status.State === "running" && NodeID);
  const volume = service.Spec.TaskTemplate.ContainerSpec.Mounts?.find(({ Type }) => Type === "volume")?.Source;
  if (!task || volume === undefined) throw new Error(`the registry (service ${SERVICE}) does not run, so its data cannot be found; bring it up first, or leave it out with --no-registry`);
  return { nodeId: task.NodeID!, volume };
}

/** Streams the registry's data as a tar archive. */
export async function fetchRegistry(machine: Machine, volume: string, to: Writable): Promise<void> {
  await machine.pipe(["sh", "-c", COPY, "sh", await mountpoint(machine, volume)], { to });
}

/** Folder of a volume on its host. */
export async function mountpoint(machine: Machine, volume: string): Promise<string> {
  return ((await machine.docker.getVolume(volume).inspect()) as { Mountpoint: string }).Mountpoint;
}
