import type { ServiceInputs } from "../../provider/swarm/service/inputs";
import { isAllowed, JOB, perService, type ResourceRule, SERVICE } from "./rule";

/** Names that mean something to the engine, its tools or this project; everybody else's labels have names of their own. */
const RESERVED = /^(?:com\.docker|io\.docker|org\.dockerproject|dockyard)(?:\.|$)/i;
const STACK = "com.docker.stack.namespace";
/** Those of a stack, and the mark of the login that its services pull with. */
const KNOWN = [STACK, "com.docker.stack.image", "dockyard.registry-login"];

export const reservedLabels: ResourceRule<Pick<ServiceInputs, "name" | "labels" | "containerLabels">> = {
  name: "reserved-labels",
  description: "Labels that Docker or this project give a meaning to are only there for what they mean: by them services are listed, owned, moved and removed, so a wrong one makes somebody else's service part of a stack.",
  level: "mandatory",
  types: [SERVICE, JOB],
  allow: perService("com.docker.lb.hosts"),
  *check({ name, labels = {}, containerLabels = {} }, allowed) {
    for (const [property, all] of Object.entries({ labels, containerLabels })) {
      for (const [label, value] of Object.entries(all)) {
        if (!RESERVED.test(label) || isAllowed(allowed, name, label)) continue;
        if (!KNOWN.includes(label)) yield `${property}: ${JSON.stringify(label)} is not allowed; give it a name of your own, "org.example.${label.split(".").at(-1)}"`;
        else if (label === STACK && !name.startsWith(`${value}_`)) yield `${property}: ${STACK} names another stack than the service's own name does; write what stands before the "_" in ${JSON.stringify(name)}`;
      }
    }
  },
};
