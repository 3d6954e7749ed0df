import { checkEngine, type EngineInputs } from "../../provider/hosts/engineInputs";
import { DAEMON_KEYS } from "./daemonKeys";
import { ENGINE, type ResourceRule } from "./rule";

export const engineSettings: ResourceRule<Pick<EngineInputs, "daemon">> = {
  name: "engine-settings",
  description: "Engines are set up as a Swarm needs them, without live-restore, and listen on no TCP address: an engine's port is root on its host for everyone who reaches it.",
  level: "mandatory",
  types: [ENGINE],
  *check({ daemon }) {
    // The provider's own rules, so that both always say the same; they look at nothing else of the inputs here.
    for (const { reason } of checkEngine({ daemon } as EngineInputs)) yield reason;
  },
};

export const noInsecureRegistries: ResourceRule<Pick<EngineInputs, "daemon">> = {
  name: "no-insecure-registries",
  description: "Engines speak TLS with every registry and check its certificate: without that, whoever sits on the way sees the passwords and can change what is pulled (CIS Docker Benchmark 2.5).",
  level: "mandatory",
  types: [ENGINE],
  allow: "a registry as daemon.json names it, \"registry.example:5000\"",
  *check({ daemon = {} }, allowed) {
    const registries = daemon["insecure-registries"];
    if (registries === undefined || registries === null) return;
    for (const registry of Array.isArray(registries) ? registries : [registries]) {
      if (!allowed.includes(String(registry))) yield `daemon.json's insecure-registries: ${JSON.stringify(registry)} is spoken to without TLS; give the engine the registry's CA certificate instead ("trust")`;
    }
  },
};

export const daemonKeys: ResourceRule<Pick<EngineInputs, "daemon">> = {
  name: "daemon-keys",
  description: "Keys of daemon.json are known ones, with values that keep the host closed: others open ports to everybody, run programs as root, or take away what separates containers from the host.",
  level: "mandatory",
  types: [ENGINE],
  allow: 'a key of daemon.json, "runtimes"',
  *check({ daemon = {} }, allowed) {
    for (const [key, value] of Object.entries(daemon)) {
      if (allowed.includes(key)) continue;
      const known = Object.hasOwn(DAEMON_KEYS, key);
      const problem = known ? DAEMON_KEYS[key]!(value) : "leave it out";
      // The value may be a password, so it is not said.
      if (problem !== undefined) yield `daemon.json's ${JSON.stringify(key)}: ${known ? "its value" : "the key"} is not allowed; ${problem}, or allow the key in the pack's configuration`;
    }
  },
};
