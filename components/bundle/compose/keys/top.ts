import type { KeyRow } from "../keys";

const CONTENT_HASH = "the beginning of the name; a hash of the content follows, so that a change makes another object";

/** Keys outside of services. */
export const TOP_KEYS: readonly KeyRow[] = [
  ["version", "honoured", "has no meaning any more"],
  ["name", "ignored", "the stack's name is the application's in the platform's configuration", "does not know"],
  ["include", "refused", "list the files of the application under `bundle` in the platform's configuration", "does not know"],
  ["models", "refused", "no orchestrator of models is part of the platform; run the model as a service", "does not know"],
  ["services", "honoured"],

  ["networks", "honoured"],
  ["networks.*.name", "honoured", "the full name of an own network; of an external one, its name in the platform's configuration"],
  ["networks.*.driver", "changed", "networks are overlays, whatever other driver is named", "honours"],
  ["networks.*.driver_opts", "honoured", "`encrypted` and `com.docker.network.driver.mtu`; others are refused"],
  ["networks.*.external", "honoured", "the network of this name in the platform's configuration, or of the name in `name`"],
  ["networks.*.attachable", "honoured"],
  ["networks.*.internal", "honoured"],
  ["networks.*.labels", "honoured"],
  ["networks.*.enable_ipv4", "ignored", "Swarm's networks always have IPv4", "does not know"],
  ["networks.*.enable_ipv6", "ignored", "Swarm's networks have IPv4 only", "does not know"],
  ["networks.*.ipam", "honoured"],
  ["networks.*.ipam.driver", "ignored", "the engine's own allocator is used"],
  ["networks.*.ipam.options", "ignored", "the engine's own allocator is used", "does not know"],
  ["networks.*.ipam.config", "honoured", "one IPv4 subnet; more are refused"],
  ["networks.*.ipam.config[].subnet", "honoured"],
  ["networks.*.ipam.config[].gateway", "ignored", "the engine takes the first address", "ignores in silence"],
  ["networks.*.ipam.config[].ip_range", "ignored", "tasks get any address of the subnet", "ignores in silence"],
  ["networks.*.ipam.config[].aux_addresses", "ignored", "no address is kept free", "ignores in silence"],

  ["volumes", "honoured", "made on each host when the first task needs it"],
  ["volumes.*.name", "honoured"],
  ["volumes.*.driver", "honoured"],
  ["volumes.*.driver_opts", "honoured"],
  ["volumes.*.external", "honoured", "its name is taken as it stands; each host must have it"],
  ["volumes.*.labels", "honoured"],

  ["secrets", "honoured", "only those that a service mounts are made"],
  ["secrets.*.name", "changed", CONTENT_HASH, "honours"],
  ["secrets.*.file", "honoured"],
  ["secrets.*.environment", "honoured", undefined, "does not know"],
  ["secrets.*.external", "honoured"],
  ["secrets.*.labels", "honoured"],
  ["secrets.*.driver", "refused", "the platform makes secrets from their content; write file or environment, or give it in the settings", "honours"],
  ["secrets.*.driver_opts", "refused", "goes with driver", "honours"],
  ["secrets.*.template_driver", "refused", "templates in secrets are not expanded; write the content out", "honours"],

  ["configs", "honoured", "only those that a service mounts are made"],
  ["configs.*.name", "changed", CONTENT_HASH, "honours"],
  ["configs.*.file", "honoured"],
  ["configs.*.content", "honoured", undefined, "does not know"],
  ["configs.*.environment", "honoured", undefined, "does not know"],
  ["configs.*.external", "honoured"],
  ["configs.*.labels", "honoured"],
  ["configs.*.template_driver", "refused", "templates in configs are not expanded; write the content out", "honours"],
];
