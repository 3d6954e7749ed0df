import type { ServiceInputs } from "../../provider/swarm/service/inputs";
import { isAllowed, JOB, perService, type ResourceRule, SERVICE } from "./rule";

/** Each container has its own of these, and none takes anything from its neighbours: Kubernetes' safe ones, and the queue of connections. */
const SYSCTLS = [
  "kernel.shm_rmid_forced",
  "net.core.somaxconn",
  ...["ip_local_port_range", "ip_local_reserved_ports", "ip_unprivileged_port_start", "ping_group_range"].map((name) => `net.ipv4.${name}`),
  ...["fin_timeout", "keepalive_intvl", "keepalive_probes", "keepalive_time", "rmem", "syncookies", "wmem"].map((name) => `net.ipv4.tcp_${name}`),
];

export const sysctls: ResourceRule<Pick<ServiceInputs, "name" | "sysctls">> = {
  name: "sysctls",
  description: "Kernel parameters are those that are each container's own and harmless: others route, spoof or use up memory of the host (Kubernetes' level \"baseline\").",
  level: "mandatory",
  types: [SERVICE, JOB],
  allow: perService("net.ipv4.ip_forward"),
  *check({ name, sysctls: parameters = {} }, allowed) {
    for (const parameter of Object.keys(parameters)) {
      if (!SYSCTLS.includes(parameter) && !isAllowed(allowed, name, parameter)) yield `sysctls: ${JSON.stringify(parameter)} is none of ${SYSCTLS.join(", ")}; leave it out, or make an exception for this one service`;
    }
  },
};

/** The most that each may be raised to; without one any number will do, -1 included, as the memory limit or the container bounds it. */
const ULIMITS: Readonly<Record<string, number | undefined>> = {
  as: undefined,
  // A dump goes where the host's core_pattern says, with all that was in memory.
  core: 0,
  cpu: undefined,
  data: undefined,
  fsize: undefined,
  locks: undefined,
  memlock: undefined,
  nofile: 1_048_576,
  nproc: 65_536,
  rss: undefined,
  sigpending: 65_536,
  stack: undefined,
};

export const ulimits: ResourceRule<Pick<ServiceInputs, "name" | "ulimits">> = {
  name: "ulimits",
  description: "Limits of processes are known ones, and bounded where the host has one supply for all: priorities beat the engine itself, and processes or files without a limit use up the host's.",
  level: "mandatory",
  types: [SERVICE, JOB],
  allow: perService("rtprio"),
  *check({ name, ulimits: limits = [] }, allowed) {
    for (const { name: limit, soft, hard } of limits) {
      if (isAllowed(allowed, name, limit)) continue;
      const most = ULIMITS[limit];
      if (!Object.hasOwn(ULIMITS, limit)) yield `ulimits: ${JSON.stringify(limit)} is none of ${Object.keys(ULIMITS).join(", ")}; leave it out, or make an exception for this one service`;
      else if (most !== undefined && [soft, hard].some((value) => value < 0 || value > most)) yield `ulimits: ${limit} is more than ${most}; write that, or less`;
    }
  },
};
