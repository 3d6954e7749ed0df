import { fullName, MAX_NAME_LENGTH, serviceNameProblem } from "../../bundle/serviceName";
import type { Problem } from "../problems";
import type { Sketch } from "../sketch";

/** Networks that every engine or Swarm has. */
const ENGINE_NETWORKS = ["ingress", "bridge", "host", "none", "docker_gwbridge"];
/** Stack names that the platform's own services have. */
const OWN_STACKS = ["dockyard"];

/** Names of networks and applications: accepted by Swarm, given once, and nobody else's. */
export function nameProblems({ networks = [], applications = [] }: Sketch): Problem[] {
  const stacks = applications.flatMap((application) => (application?.name ? [application.name] : []));
  return [
    ...networks.flatMap((network, index) => problem(["networks", index, "name"], network?.name, [(name) => networkName(name, stacks)])),
    ...applications.flatMap((application, index) => problem(["applications", index, "name"], application?.name, [applicationName])),
    ...repeated("networks", networks),
    ...repeated("applications", applications),
  ];
}

function problem(path: Problem["path"], name: string | undefined, rules: readonly ((name: string) => string | undefined)[]): Problem[] {
  const says = name === undefined ? undefined : rules.map((rule) => rule(name)).find((found) => found !== undefined);
  return says === undefined ? [] : [{ path, says }];
}

function networkName(name: string, stacks: readonly string[]): string | undefined {
  const refusal = serviceNameProblem(name);
  if (refusal) return `found ${refusal}`;
  if (ENGINE_NETWORKS.includes(name)) return `found "${name}", which is a network of the engine itself; write another name`;
  const stack = stacks.find((candidate) => name.startsWith(fullName(candidate, "")));
  return (
    stack &&
    `found "${name}", which would pass for a network of application "${stack}"; write a name that does not begin with "${fullName(stack, "")}"`
  );
}

function applicationName(name: string): string | undefined {
  const refusal = serviceNameProblem(name);
  if (refusal) return `found ${refusal}`;
  // At least one letter has to be left for the service.
  const longest = MAX_NAME_LENGTH - fullName("", "x").length;
  if (name.length > longest)
    return `found "${name}", which leaves no room for the names of its services (NAME_service, at most ${MAX_NAME_LENGTH} characters); write a shorter one`;
  return OWN_STACKS.includes(name) ? `found "${name}", which is the stack of the platform's own services; write another name` : undefined;
}

function repeated(key: "networks" | "applications", list: readonly ({ readonly name?: string } | undefined)[]): Problem[] {
  return list.flatMap((entry, index) => {
    const first = entry?.name === undefined ? -1 : list.findIndex((other) => other?.name === entry.name);
    return first >= 0 && first < index
      ? [{ path: [key, index, "name"], says: `found "${entry!.name}", which ${key}[${first}] has already; give each its own name` }]
      : [];
  });
}
