import type { CheckFailure } from "../../resource";
import type { ServiceInputs } from "./inputs";

/** Rules of the engine that go beyond the types; each failure would otherwise come in the middle of an update. */
export function checkService(inputs: ServiceInputs): CheckFailure[] {
  return [...checkName(inputs), ...checkMode(inputs), ...checkPorts(inputs), ...checkTargets(inputs), ...checkResources(inputs)];
}

/** swarmkit controlapi/service.go: a DNS label that may hold underscores. */
function checkName({ name }: ServiceInputs): CheckFailure[] {
  if (name.length > 63) return [{ property: "name", reason: `"${name}" has ${name.length} characters; Swarm takes at most 63` }];
  if (/^[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?$/.test(name)) return [];
  return [{ property: "name", reason: `"${name}" is no service name; use letters, digits, "-" and "_", with a letter or digit at both ends` }];
}

function checkMode({ mode, replicas, placement }: ServiceInputs): CheckFailure[] {
  if (mode !== "global") return [];
  const failures: CheckFailure[] = [];
  if (replicas !== undefined) failures.push({ property: "replicas", reason: "a global service runs once on each node; leave replicas out, or use mode replicated" });
  if (placement?.maxReplicasPerNode) failures.push({ property: "placement.maxReplicasPerNode", reason: "a global service runs once on each node anyway; leave it out" });
  return failures;
}

function checkPorts({ ports = [], endpointMode }: ServiceInputs): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const taken = new Map<string, number>();
  ports.forEach((port, place) => {
    const property = `ports[${place}]`;
    const protocol = port.protocol ?? "tcp";
    if (endpointMode === "dnsrr" && (port.mode ?? "ingress") === "ingress") {
      failures.push({ property: `${property}.mode`, reason: 'endpoint mode dnsrr has no address to publish through ingress; use mode "host", or endpointMode "vip"' });
    }
    if (port.published === undefined) return;
    const key = `${port.published}/${protocol}`;
    const other = taken.get(key);
    if (other !== undefined) failures.push({ property: `${property}.published`, reason: `port ${key} is published by ports[${other}] too; choose another` });
    else taken.set(key, place);
  });
  return failures;
}

function checkTargets(inputs: ServiceInputs): CheckFailure[] {
  const lists = { mounts: inputs.mounts, secrets: inputs.secrets, configs: inputs.configs };
  return Object.entries(lists).flatMap(([field, items = []]) =>
    items.flatMap(({ target }, place) => {
      const first = items.findIndex((item) => item.target === target);
      return first === place ? [] : [{ property: `${field}[${place}].target`, reason: `"${target}" is the target of ${field}[${first}] too; each needs its own` }];
    }),
  );
}

/** The least that swarmkit takes (controlapi/service.go validateResources). */
const LEAST = { memory: 4 * 1024 * 1024, cpus: 0.001 };

function checkResources({ resources = {} }: ServiceInputs): CheckFailure[] {
  return (["limits", "reservations"] as const).flatMap((kind) => {
    const { memory, cpus } = resources[kind] ?? {};
    const failures: CheckFailure[] = [];
    if (memory !== undefined && memory < LEAST.memory) failures.push({ property: `resources.${kind}.memory`, reason: `${memory} bytes is too little; Swarm takes at least ${LEAST.memory} (4 MiB)` });
    if (cpus !== undefined && cpus < LEAST.cpus) failures.push({ property: `resources.${kind}.cpus`, reason: `${cpus} is too little; Swarm takes at least ${LEAST.cpus}` });
    return failures;
  });
}
