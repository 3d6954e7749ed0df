import { publishedPortClashes, type PublishingApplication } from "../../components/bundle/publishedPorts";
import type { ServiceInputs } from "../../provider/swarm/service/inputs";
import { JOB, SERVICE, type StackResource, type StackRule } from "./rule";

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
