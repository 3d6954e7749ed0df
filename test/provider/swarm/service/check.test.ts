import { checkService } from "../../../../provider/swarm/service/check";
import type { ServiceInputs } from "../../../../provider/swarm/service/inputs";

const refused = (inputs: Partial<ServiceInputs>) => checkService({ cluster: "c", name: "web", image: "i", ...inputs }).map(({ property }) => property);

test.each<[string, Partial<ServiceInputs>, string[]]>([
  ["an ordinary service", { name: "shop_web-1", ports: [{ target: 80, published: 80 }] }, []],
  ["a name with a dot", { name: "a.b" }, ["name"]],
  ["a name that is too long", { name: "a".repeat(64) }, ["name"]],
  ["the longest name", { name: "a".repeat(63) }, []],
  ["replicas of a global service", { mode: "global", replicas: 2 }, ["replicas"]],
  ["a port published twice", { ports: [{ target: 1, published: 80 }, { target: 2, published: 80 }] }, ["ports[1].published"]],
  ["a port published twice for different protocols", { ports: [{ target: 1, published: 80 }, { target: 2, published: 80, protocol: "udp" }] }, []],
  ["ingress without a virtual address", { endpointMode: "dnsrr", ports: [{ target: 1 }] }, ["ports[0].mode"]],
  ["host ports without a virtual address", { endpointMode: "dnsrr", ports: [{ target: 1, mode: "host" }] }, []],
  ["two mounts in one place", { mounts: [{ type: "tmpfs", target: "/a" }, { type: "tmpfs", target: "/a" }] }, ["mounts[1].target"]],
  ["a limit that no container lives with", { resources: { limits: { memory: 1024 } } }, ["resources.limits.memory"]],
])("%s", (_what, inputs, properties) => expect(refused(inputs)).toEqual(properties));
