import { checkEngine, type EngineInputs } from "../../provider/hosts/engineInputs";
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
