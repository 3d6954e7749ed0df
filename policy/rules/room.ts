import { roomProblem, tasksInUpdate } from "../../components/network/plan";
import type { NetworkInputs } from "../../provider/swarm/networkSpec";
import type { ServiceInputs } from "../../provider/swarm/service/inputs";
import { JOB, NETWORK, NODE, SERVICE, type StackRule } from "./rule";

export const networkRoom: StackRule = {
  name: "network-room",
  description: "A network's subnet has an address for every task, virtual address and host on it, also in the middle of an update that starts new tasks first: in a full network tasks wait for ever, and only the leader's journal says why.",
  level: "mandatory",
  allow: "the network's full name",
  *checkAll(resources, allowed) {
    const nodes = resources.filter(({ type }) => type === NODE).length;
    const services = resources.filter(({ type }) => type === SERVICE || type === JOB);
    for (const network of resources.filter(({ type }) => type === NETWORK)) {
      const { name, subnet } = network.props as Partial<NetworkInputs>;
      if (name === undefined || subnet === undefined || allowed.includes(name)) continue;
      const attached = services.filter((service) => service.uses("networks").includes(network.name)).map(({ props }) => props as Partial<ServiceInputs>);
      const tasks = attached.reduce((sum, service) => sum + tasksAtWorst(service, nodes), 0);
      const virtualAddresses = attached.filter(({ endpointMode }) => endpointMode !== "dnsrr").length;
      const problem = roomProblem(subnet, { nodes, virtualAddresses, tasks });
      if (problem !== undefined) yield `subnet: network ${name}: ${problem}`;
    }
  },
};

function tasksAtWorst({ mode, replicas, initialReplicas, updateConfig }: Partial<ServiceInputs>, nodes: number): number {
  return tasksInUpdate(mode === "global" ? nodes : (replicas ?? initialReplicas ?? 1), updateConfig);
}
