import { publishedPortClashes, type PublishingApplication } from "../../components/bundle/publishedPorts";
import type { ServiceInputs } from "../../provider/swarm/service/inputs";
import { isAllowed, JOB, perService, type ResourceRule, SERVICE, type StackResource, type StackRule } from "./rule";

export const publishedPorts: StackRule = {
  name: "published-ports",
  description: "A port is published by one service only: the second one either fails in the middle of an update, or its tasks wait for ever for a host where the port is free.",
  level: "mandatory",
  *checkAll(resources) {
    yield* publishedPortClashes(resources.filter(({ type }) => type === SERVICE || type === JOB).map(publisher));
  },
};

/** The label by which the Docker CLI and this project tell which stack a service is of. */
const STACK_LABEL = "com.docker.stack.namespace";

/** By the names that people know: that of the stack, and that within it. */
function publisher({ props }: StackResource): PublishingApplication {
  const { name = "", labels, ports = [] } = props as Partial<ServiceInputs>;
  const stack = labels?.[STACK_LABEL] ?? "no stack";
  const key = name.startsWith(`${stack}_`) ? name.slice(stack.length + 1) : name;
  return { stack, services: [{ key, spec: { ports } }] };
}

/** Of the Swarm and its engines: management, gossip, overlays. */
const SWARMS_OWN = [2375, 2376, 2377, 4789, 7946];

export const portNumbers: ResourceRule<Pick<ServiceInputs, "name" | "ports">> = {
  name: "port-numbers",
  description: "Services publish 80, 443 and ports from 1024 on, but for those of the Swarm itself: the others belong to the hosts, and who answers on one of them is taken for the host.",
  level: "mandatory",
  types: [SERVICE, JOB],
  allow: perService("53"),
  *check({ name, ports = [] }, allowed) {
    for (const { published } of ports) {
      if (published === undefined || isAllowed(allowed, name, String(published))) continue;
      const free = published === 80 || published === 443 || (published >= 1024 && !SWARMS_OWN.includes(published));
      if (!free) yield `ports: ${published} is the host's; publish 80, 443 or a port from 1024 on (not ${SWARMS_OWN.join(", ")}), or make an exception for this one service`;
    }
  },
};
