import type { NetworkInputs } from "../../provider/swarm/networkSpec";
import type { ServiceInputs } from "../../provider/swarm/service/inputs";
import { privateRange } from "./addresses";
import { JOB, NETWORK, type ResourceRule, SERVICE } from "./rule";

export const encryptedOverlay: ResourceRule<Pick<NetworkInputs, "name" | "encrypted">> = {
  name: "encrypted-overlay",
  description: "Overlay networks are encrypted between hosts: what services say to each other is otherwise in the clear on the wire, and anyone there can send packets into the overlay. Encryption costs throughput and needs IPsec in the kernels, so a network between trusted hosts may go without.",
  level: "advisory",
  types: [NETWORK],
  allow: "the network's full name",
  *check({ name, encrypted }, allowed) {
    if (encrypted !== true && !allowed.includes(name)) yield `encrypted: network ${name} is not; write "encrypted: true", or allow it in the pack's configuration`;
  },
};

export const networkOptions: ResourceRule<Pick<NetworkInputs, "name" | "subnet" | "ipv6Subnet">> = {
  name: "network-options",
  description: "Overlay networks have addresses for private use: a subnet of the internet hides what is really there, and sends what was meant for it to whoever is on the network.",
  level: "mandatory",
  types: [NETWORK],
  allow: "the network's full name",
  *check({ name, subnet, ipv6Subnet }, allowed) {
    if (allowed.includes(name)) return;
    for (const [property, range] of Object.entries({ subnet, ipv6Subnet })) {
      const problem = range === undefined ? undefined : privateRange(range);
      if (problem !== undefined) yield `${property}: ${range} of ${name} is not for private use; ${problem}`;
    }
  },
};

/** Names that every engine has for networks of its own; any other is the id of an overlay. */
const ENGINES_OWN = ["host", "bridge", "none", "ingress", "docker_gwbridge", "default", "nat"];
/** The platform's registry, where a bucket has its images: the credentials of the instance are not reached from anywhere else. */
const ON_THE_HOST = ["dockyard_registry"];

export const serviceNetworks: ResourceRule<Pick<ServiceInputs, "name" | "networks">> = {
  name: "service-networks",
  description: "Services are attached to overlay networks and to nothing else: on the host's own network they see all of its traffic, listen beside the engine, and reach what answers the host alone, the cloud's credentials among it.",
  level: "mandatory",
  types: [SERVICE, JOB],
  allow: "the service's full name",
  *check({ name, networks = [] }, allowed) {
    if ([...ON_THE_HOST, ...allowed].includes(name)) return;
    for (const { id } of networks) {
      // Swarm's ids are letters and digits; a name, a path or "container:…" is none.
      if (ENGINES_OWN.includes(id.toLowerCase()) || !/^[\w.-]+$/.test(id)) yield `networks: ${JSON.stringify(id)} is no overlay network; attach the service to one, or allow the service`;
    }
  },
};
