import type { ServiceInputs } from "../../provider/swarm/service/inputs";
import { isAllowed, JOB, perService, type ResourceRule, SERVICE } from "./rule";

/** What a container has of itself; to name one of them gives nothing that leaving everything out would not give. */
const ENGINE_DEFAULT = ["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"];

export const capabilities: ResourceRule<Pick<ServiceInputs, "name" | "capabilityAdd">> = {
  name: "capabilities",
  description: "No capability is added but those that the engine gives every container: most others are one step away from root on the host (CIS Docker Benchmark 5.4; Kubernetes' level \"baseline\", and NET_RAW).",
  level: "mandatory",
  types: [SERVICE, JOB],
  allow: perService("NET_ADMIN"),
  *check({ name, capabilityAdd = [] }, allowed) {
    const exceptions = allowed.map((entry) => entry.replace(/[^:]+$/, capabilityName));
    for (const capability of capabilityAdd.map(capabilityName)) {
      if (!ENGINE_DEFAULT.includes(capability) && !isAllowed(exceptions, name, capability)) {
        yield `capabilityAdd: ${JSON.stringify(capability)} is none of ${ENGINE_DEFAULT.join(", ")}; do without it, or make an exception for this one service`;
      }
    }
  },
};

/** As the engine reads it: case and the prefix mean nothing. */
export function capabilityName(written: string): string {
  return written.toUpperCase().replace(/^CAP_/, "");
}
