import { checkEngine } from "../../../provider/hosts/engineInputs";
import { type Problem, valueText } from "../problems";
import type { Sketch } from "../sketch";

const SSH_ONLY = "the engine is reached over SSH and listens on no port";

/** What the platform decides itself, beyond the keys that the provider refuses because an engine in a Swarm cannot have them. */
const OWN_KEYS: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  tls: () => SSH_ONLY,
  tlsverify: () => SSH_ONLY,
  tlscacert: () => SSH_ONLY,
  tlscert: () => SSH_ONLY,
  tlskey: () => SSH_ONLY,
  "insecure-registries": () => "the platform's registry has a certificate that every engine trusts, and others need one too",
  "swarm-default-advertise-addr": () => "the address comes from the host's own (address or privateAddress)",
  "ip-forward": (value) => (value === false ? "containers could reach nothing beyond their host" : undefined),
};

/** Keys of daemon.json that would break the Swarm or open the engine. */
export function daemonProblems({ engine }: Sketch): Problem[] {
  const daemon = engine?.daemon ?? {};
  const refuse = (key: string, reason: string): Problem => ({
    path: ["engine", "daemon", key],
    says: `found ${valueText(daemon[key])}; ${reason}`,
  });
  const own = Object.entries(daemon).flatMap(([key, value]) => {
    const reason = Object.hasOwn(OWN_KEYS, key) ? OWN_KEYS[key]!(value) : undefined;
    return reason ? [refuse(key, `${reason}; leave it out`)] : [];
  });
  const inSwarm = checkEngine({ connection: { address: "any", hostKey: "any" }, host: "any", daemon }).map(({ property, reason }) => {
    const key = property.replace(/^daemon\./, "");
    return refuse(key, reason.replace(`daemon.json's ${key}: `, ""));
  });
  return [...own, ...inSwarm];
}
