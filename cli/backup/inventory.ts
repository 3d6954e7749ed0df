import type Docker from "dockerode";
import type { Inventory } from "../../backup/manifest";
import { listNodes } from "../../provider/swarm/node/api";
import { LEASE_CONFIG } from "../../provider/swarm/lease/claim";
import type { SwarmNode } from "../../provider/swarm/node/membership";

type DescribedNode = SwarmNode & { Description: { Engine?: { EngineVersion?: string } } };
interface Listed {
  readonly ID: string;
  readonly Spec: { readonly Name?: string };
}
interface ListedService extends Listed {
  readonly Spec: Listed["Spec"] & { readonly TaskTemplate?: { readonly ContainerSpec?: { readonly Image?: string } } };
}

/** Everything that a Swarm holds, as a manager with a quorum lists it; but not the lease of the last run, which comes and goes. */
export async function readInventory(docker: Docker): Promise<Inventory> {
  const [nodes, services, secrets, configs, networks] = await Promise.all([
    listNodes(docker) as Promise<DescribedNode[]>,
    docker.listServices() as unknown as Promise<ListedService[]>,
    docker.listSecrets() as unknown as Promise<Listed[]>,
    docker.listConfigs() as unknown as Promise<Listed[]>,
    docker.listNetworks({ filters: { scope: ["swarm"] } }),
  ]);
  const named = ({ ID, Spec }: Listed) => ({ id: ID, name: Spec.Name ?? "" });
  return {
    nodes: byName(nodes.map(({ ID, Spec, Status, Description }) => ({ id: ID, name: Description.Hostname, role: Spec.Role, address: Status.Addr, engine: Description.Engine?.EngineVersion ?? "" }))),
    services: byName(services.map((service) => ({ ...named(service), image: service.Spec.TaskTemplate?.ContainerSpec?.Image ?? "" }))),
    secrets: byName(secrets.map(named)),
    configs: byName(configs.map(named).filter(({ name }) => name !== LEASE_CONFIG)),
    networks: byName(networks.map(({ Id, Name }) => ({ id: Id, name: Name }))),
  };
}

function byName<T extends { readonly name: string }>(things: T[]): T[] {
  return things.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
