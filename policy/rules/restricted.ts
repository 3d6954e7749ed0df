import type { EngineInputs } from "../../provider/hosts/engineInputs";
import type { NetworkInputs } from "../../provider/swarm/networkSpec";
import type { ServiceInputs } from "../../provider/swarm/service/inputs";
import { capabilityName } from "./capabilities";
import { ENGINE, JOB, NETWORK, type ResourceRule, SERVICE } from "./rule";
import { isBind } from "./volumes";

/*
 * What Kubernetes' level "restricted" asks for on top of "baseline", in Swarm's words, and limits. Off unless the pack's
 * configuration asks for it; policy/restricted.json does, for all of them.
 */

const SERVICE_ALLOW = "the service's full name";
const common = { level: "disabled", types: [SERVICE, JOB], allow: SERVICE_ALLOW } as const;

export const restrictedUser: ResourceRule<Pick<ServiceInputs, "name" | "user" | "groups">> = {
  ...common,
  name: "restricted-user",
  description: "Tasks run as a user with a number that is not 0: what a name stands for is the image's to say, root included.",
  *check({ name, user = "", groups = [] }, allowed) {
    if (allowed.includes(name)) return;
    if (!/^[1-9]\d{0,9}(?::[1-9]\d{0,9})?$/.test(user)) yield `user: ${JSON.stringify(user)} is not allowed; write a number, or two as in "1000:1000", none of them 0`;
    for (const group of groups) if (!/^[1-9]\d{0,9}$/.test(group)) yield `groups: ${JSON.stringify(group)} is not allowed; write a number that is not 0`;
  },
};

export const restrictedCapabilities: ResourceRule<Pick<ServiceInputs, "name" | "capabilityAdd" | "capabilityDrop">> = {
  ...common,
  name: "restricted-capabilities",
  description: "Tasks drop all capabilities and get back NET_BIND_SERVICE at most: a user that is not root needs no other.",
  *check({ name, capabilityAdd = [], capabilityDrop = [] }, allowed) {
    if (allowed.includes(name)) return;
    if (!capabilityDrop.some((each) => each.toUpperCase() === "ALL")) yield 'capabilityDrop: "ALL" is not among them; write it';
    const added = capabilityAdd.filter((each) => capabilityName(each) !== "NET_BIND_SERVICE");
    if (added.length > 0) yield `capabilityAdd: ${added.map((each) => JSON.stringify(each)).join(", ")} is not allowed; only NET_BIND_SERVICE is`;
  },
};

export const restrictedRootFilesystem: ResourceRule<Pick<ServiceInputs, "name" | "readOnly">> = {
  ...common,
  name: "restricted-root-filesystem",
  description: "The containers' root file system is read-only: who gets in can leave no program behind. Volumes and tmpfs mounts are for what is written.",
  *check({ name, readOnly }, allowed) {
    if (readOnly !== true && !allowed.includes(name)) yield "readOnly: it is not true; write that, and mount a tmpfs where something is written";
  },
};

export const restrictedHost: ResourceRule<Pick<ServiceInputs, "name" | "mounts" | "ports" | "networks">> = {
  ...common,
  name: "restricted-host",
  description: "Tasks have nothing of their host: no folder, not its network, no port of it alone. They can then run on any host and see none.",
  *check({ name, mounts = [], ports = [], networks = [] }, allowed) {
    if (allowed.includes(name)) return;
    for (const [place, mount] of mounts.entries()) if (mount.type === "bind" || isBind(mount)) yield `mounts[${place}]: it is a folder of the host; mount a volume`;
    for (const { published, mode } of ports) if (mode === "host") yield `ports: ${published ?? "a port"} is published on the host that runs the task (mode host); write mode ingress`;
    if (networks.some(({ id }) => id === "host")) yield "networks: it is on the host's own network; attach it to an overlay";
  },
};

export const restrictedLimits: ResourceRule<Pick<ServiceInputs, "name" | "resources">> = {
  ...common,
  name: "restricted-limits",
  description: "Tasks have limits of memory, processors and processes: one that is taken over can then starve nobody else.",
  *check({ name, resources: { limits = {} } = {} }, allowed) {
    if (allowed.includes(name)) return;
    const missing = (["memory", "cpus", "pids"] as const).filter((each) => limits[each] === undefined);
    if (missing.length > 0) yield `resources.limits: there is no ${missing.join(", ")}; set one in the application's settings`;
  },
};

/** What Kubernetes asks of each container (allowPrivilegeEscalation: false, seccompProfile), Swarm's services leave to the engine. */
export const restrictedEngine: ResourceRule<Pick<EngineInputs, "daemon">> = {
  level: "disabled",
  types: [ENGINE],
  allow: "a key of daemon.json",
  name: "restricted-engine",
  description: "Engines let no process gain privileges by setuid, filter system calls by their own profile, and keep containers of the default bridge apart: a service cannot ask for that itself.",
  *check({ daemon = {} }, allowed) {
    if (daemon["no-new-privileges"] !== true && !allowed.includes("no-new-privileges")) yield `daemon.json's "no-new-privileges": it is not true; write that`;
    if (!["builtin", undefined].includes(daemon["seccomp-profile"] as string | undefined) && !allowed.includes("seccomp-profile")) yield `daemon.json's "seccomp-profile": it is not the engine's own; leave it out`;
    if (daemon["icc"] !== false && !allowed.includes("icc")) yield `daemon.json's "icc": it is not false; write that`;
  },
};

export const restrictedNetwork: ResourceRule<Pick<NetworkInputs, "name" | "attachable">> = {
  level: "disabled",
  types: [NETWORK],
  allow: "the network's full name",
  name: "restricted-network",
  description: "Overlay networks are for services alone: into an attachable one any container that somebody starts by hand may come.",
  *check({ name, attachable }, allowed) {
    if (attachable !== undefined && attachable !== false && !allowed.includes(name)) yield `attachable: containers outside of services may join ${name}; leave it out, or allow the network`;
  },
};
