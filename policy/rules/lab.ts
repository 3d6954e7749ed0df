import type { ResourceRule, StackResource } from "./rule";

const CONTAINER = "docker:index/container:Container";
const LABEL = "dockyard.stack";

/** Inputs of the resources of @pulumi/docker, as far as rules look at them. */
interface Labelled {
  readonly labels?: readonly { readonly label: string; readonly value?: string }[];
}

/** Whether a resource is a container that serves as a host of the laboratory. */
export function isLabHost({ type, props }: Pick<StackResource, "type" | "props">): boolean {
  return type === CONTAINER && isLabelled(props as Labelled);
}

export const labLabel: ResourceRule<Labelled> = {
  name: "lab-label",
  description: `Containers, networks and volumes on the local engine have the label ${LABEL}: by it alone is found, and removed, what a stack left whose state was lost.`,
  level: "mandatory",
  types: [CONTAINER, "docker:index/network:Network", "docker:index/volume:Volume"],
  *check(props) {
    if (!isLabelled(props)) yield `labels: there is no ${LABEL}; write it, with the name of the stack`;
  },
};

function isLabelled({ labels = [] }: Labelled): boolean {
  return labels.some(({ label, value }) => label === LABEL && value !== undefined && value !== "");
}
