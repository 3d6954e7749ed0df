import type { ServiceInputs } from "../../provider/swarm/service/inputs";
import { JOB, type ResourceRule, SERVICE } from "./rule";

const ALLOW = "the service's full name";

export const memoryLimit: ResourceRule<Pick<ServiceInputs, "name" | "resources">> = {
  name: "memory-limit",
  description: "Tasks have a memory limit: one that leaks takes all memory of its host, and the kernel then kills whatever it finds there, the engine included (CIS Docker Benchmark 5.11).",
  level: "advisory",
  types: [SERVICE, JOB],
  allow: ALLOW,
  *check({ name, resources }, allowed) {
    if (resources?.limits?.memory !== undefined || allowed.includes(name)) return;
    yield "resources.limits.memory: there is none; set one in the application's settings";
  },
};

export const notRoot: ResourceRule<Pick<ServiceInputs, "name" | "user">> = {
  name: "not-root",
  description: "Tasks run as a user that is written down and is not root: root in a container is one flaw of the kernel away from root on the host, and an image can change its user without notice (CIS Docker Benchmark 4.1).",
  level: "advisory",
  types: [SERVICE, JOB],
  allow: ALLOW,
  *check({ name, user = "" }, allowed) {
    if (allowed.includes(name)) return;
    if (user === "") yield "user: there is none, so it is the image's, which often is root; name one in the application's settings";
    else if (!/^(?!(?:root|toor)(?::|$))(?:[a-z_][a-z0-9_.-]{0,31}|0{0,9}[1-9]\d{0,9})(?::(?:[a-z_][a-z0-9_.-]{0,31}|\d{1,10}))?$/i.test(user)) yield `user: "${user}" is root, or nothing that can be told from it; name another in the application's settings`;
  },
};

/** Not on jobs: these have no health, they end. */
export const healthCheck: ResourceRule<Pick<ServiceInputs, "name" | "healthcheck">> = {
  name: "health-check",
  description: "Services say how to find out whether a task works: without that, a task counts as good once it has started, and a rollout replaces every good one with it (CIS Docker Benchmark 5.27).",
  level: "advisory",
  types: [SERVICE],
  allow: ALLOW,
  *check({ name, healthcheck }, allowed) {
    if (allowed.includes(name)) return;
    if (healthcheck === undefined) yield "healthcheck: there is none, unless the image has one; write one in the application's settings";
    else if (healthcheck.test?.[0] === "NONE") yield "healthcheck: is switched off; write one in the application's settings";
  },
};
