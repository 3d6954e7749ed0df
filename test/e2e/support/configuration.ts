import { parse, stringify } from "yaml";
import { projectFile, type Platform } from "./platform";

/** Configuration of a stack, by key, without the project's prefix. */
export interface StackConfiguration {
  readonly hosts: HostsSection;
  readonly engine?: Record<string, unknown>;
  readonly pki?: Record<string, unknown>;
  readonly swarm?: Record<string, unknown>;
  readonly registry: Record<string, unknown>;
  readonly networks?: readonly Record<string, unknown>[];
  readonly applications?: readonly ApplicationEntry[];
  readonly backup?: Record<string, unknown>;
}

export interface ApplicationEntry {
  readonly name: string;
  /** One file, or several Compose files that are laid over each other. */
  readonly bundle: string | readonly string[];
  readonly settings?: string;
}

export interface HostsSection {
  readonly source: "lab" | "bare";
  readonly subnet?: string;
  readonly loginGeneration?: number;
  readonly hosts: readonly HostEntry[];
}

export interface HostEntry {
  readonly name: string;
  readonly address: string;
  readonly role?: "manager" | "worker";
  readonly zone?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly hostKey?: string;
  readonly keyFile?: string;
}

/** Lab hosts in 10.213.NUMBER.0/24: three managers, the first of which keeps all data. */
export function labHosts(number: number, managers = 3): HostsSection {
  const host = (index: number): HostEntry => ({
    name: `m${index + 1}`,
    role: "manager",
    address: `10.213.${number}.${11 + index}`,
    zone: "abc"[index % 3]!,
    ...(index === 0 && { labels: { registry: "true", storage: "true" } }),
  });
  return { source: "lab", subnet: `10.213.${number}.0/24`, hosts: Array.from({ length: managers }, (_, index) => host(index)) };
}

/** The platform as Pulumi.dev.yaml has it, without applications. */
export function platformOn(hosts: HostsSection, rest: Partial<StackConfiguration> = {}): StackConfiguration {
  return {
    hosts,
    swarm: { loadBalancing: "dnsrr" },
    registry: { node: "registry=true" },
    networks: [{ name: "platform", attachable: true }],
    ...rest,
  };
}

/** One of the project's example applications, with its settings for the laboratory. */
export function example(name: "demo" | "voting") {
  return { name, bundle: `bundles/${name}/${name}.dab`, settings: `bundles/${name}/settings.dev.yaml` };
}

/** An example application with one of its services set otherwise. */
export function exampleWith(platform: Platform, name: "demo" | "voting", service: string, change: Record<string, unknown>) {
  const settings = parse(projectFile(example(name).settings)) as { services: Record<string, object> };
  settings.services[service] = { ...settings.services[service], ...change };
  return { ...example(name), settings: platform.write(`${name}.yaml`, stringify(settings)) };
}

/** The shop of the project's examples, an application of a Compose file, with its settings changed. */
export function shop(platform: Platform, change: (settings: ShopSettings) => void = () => {}): ApplicationEntry {
  const settings = parse(projectFile("bundles/shop/settings.dev.yaml")) as ShopSettings;
  change(settings);
  return { name: "shop", bundle: "bundles/shop/compose.yaml", settings: platform.write("shop.settings.yaml", stringify(settings)) };
}

interface ShopSettings {
  readonly services: Record<string, Record<string, unknown>>;
  readonly relocate: Record<string, { archive: string; repository: string }>;
}

/** An application of one service "web" that tells of itself on port 80, see the stand-in's own description. */
export function standInApplication(platform: Platform, name: string, service: Record<string, unknown>) {
  const bundle = { Version: "0.1", Services: { web: { Image: "example/standin", Networks: ["default"], Ports: [{ Port: 80, Protocol: "tcp" }] } } };
  const settings = {
    services: { web: { endpointMode: "dnsrr", environment: { STANDIN_PORTS: "80" }, ...service } },
    relocate: { "example/standin": { archive: ".dockyard/images/standin.tar", repository: `${name}/standin` } },
  };
  return { name, bundle: platform.write(`${name}.dab`, JSON.stringify(bundle)), settings: platform.write(`${name}.yaml`, stringify(settings)) };
}
