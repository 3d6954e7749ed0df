import type Docker from "dockerode";
import type { LiveNode, LiveService, LiveTask } from "./engineApi";

/** Milliseconds after which a call to the Swarm is given up; another manager may answer. */
const CALL_TIMEOUT = 15_000;
/** More services than this, and one list of all tasks is less work for the engine than looking each one up. */
const FILTER_LIMIT = 40;

const options = (filters: Record<string, string[]>) => ({ filters, abortSignal: AbortSignal.timeout(CALL_TIMEOUT) }) as never;

/** The services with these ids, as far as they exist. */
export async function listServices(docker: Docker, ids?: readonly string[]): Promise<LiveService[]> {
  const some = ids !== undefined && ids.length <= FILTER_LIMIT;
  const wanted = ids && new Set(ids);
  const found = (await docker.listServices(options(some ? { id: [...ids] } : {}))) as unknown as LiveService[];
  return wanted ? found.filter((service) => wanted.has(service.ID)) : found;
}

/** The service of exactly that name. */
export async function serviceNamed(docker: Docker, name: string): Promise<LiveService | undefined> {
  const found = (await docker.listServices(options({ name: [name] }))) as unknown as LiveService[];
  return found.find((service) => service.Spec.Name === name);
}

/**
 * The tasks of the services, which have to exist.
 * @param newest only those of each service's newest version
 */
export async function listTasks(docker: Docker, services: readonly string[], newest = false): Promise<LiveTask[]> {
  const filters: Record<string, string[]> = services.length <= FILTER_LIMIT ? { service: [...services] } : {};
  // Not in the API's documentation, but what the reference client's own progress display asks with since 17.06.
  if (newest) filters["_up-to-date"] = ["true"];
  const wanted = new Set(services);
  const tasks = (await docker.listTasks(options(filters))) as unknown as LiveTask[];
  return tasks.filter((task) => wanted.has(task.ServiceID));
}

/** All tasks, also those whose service is gone while their containers still stop. */
export async function listAllTasks(docker: Docker): Promise<LiveTask[]> {
  return (await docker.listTasks(options({}))) as unknown as LiveTask[];
}

/** The Swarm's nodes by id. */
export async function listNodes(docker: Docker): Promise<Map<string, LiveNode>> {
  const nodes = (await docker.listNodes({ abortSignal: AbortSignal.timeout(CALL_TIMEOUT) } as never)) as unknown as LiveNode[];
  return new Map(nodes.map((node) => [node.ID, node]));
}

/** The HTTP status of an error of the Docker API. */
export const statusOf = (error: unknown): number | undefined => (error as { statusCode?: number }).statusCode;

/** What the engine said, without the client's wrapping. */
export function engineMessage(error: unknown): string {
  const { json, message } = error as { json?: { message?: string }; message: string };
  return json?.message ?? message;
}
