import type { Application, EnvironmentVariable, Labels, Network, RunOptions, Service, StoredFile } from "./model";
import type { Settings } from "./settings/schema";
import type { ServiceSettings } from "./settings/serviceSettings";

/**
 * The application as the operator wants it: the bundle, over it the settings' defaults, over them the service's own
 * settings. Blocks merge name by name, lists and single values replace; `networks` of the settings add to the bundle's.
 */
export function withSettings(application: Application, settings: Settings): Application {
  const services = application.services.map((service) => {
    const layers = [settings.defaults, ownSettings(settings, service.key)].filter((layer) => layer !== undefined);
    return layers.reduce(applied, service);
  });
  return {
    services: services.map((service) => ordered(service, settings)),
    networks: networksOf(application, settings),
    secrets: storedFiles(application.secrets, settings.secrets),
    configs: storedFiles(application.configs, settings.configs),
  };
}

/** Where the settings name a secret or config of the bundle, it is all theirs. */
function storedFiles(written: readonly StoredFile[] = [], over: Readonly<Record<string, Omit<StoredFile, "key">>> = {}): StoredFile[] {
  const kept = written.filter(({ key }) => !Object.hasOwn(over, key));
  return [...kept, ...Object.entries(over).map(([key, file]) => ({ key, ...file }))];
}

function ordered(service: Service, { order = {} }: Settings): Service {
  const first = Object.hasOwn(order, service.key) ? order[service.key]! : [];
  if (first.length === 0) return service;
  return { ...service, dependsOn: [...(service.dependsOn ?? []), ...first.map((key) => ({ service: key, condition: "started" as const }))] };
}

function ownSettings({ services = {} }: Settings, key: string): ServiceSettings | undefined {
  return Object.hasOwn(services, key) ? services[key] : undefined;
}

function applied(service: Service, settings: ServiceSettings): Service {
  const { environment = {}, labels = {}, containerLabels = {}, command, args, networks = [], aliases, ...run } = settings;
  return {
    ...service,
    command: command ?? service.command,
    args: args ?? service.args,
    environment: environmentOf(service.environment, environment),
    labels: merged<Labels>(service.labels, labels),
    containerLabels: merged<Labels>(service.containerLabels, containerLabels),
    networks: [...service.networks, ...networks],
    ...(aliases !== undefined && { aliases: { ...service.aliases, ...aliases } }),
    run: merged<RunOptions>(service.run, run),
  };
}

function environmentOf(written: readonly EnvironmentVariable[], over: Readonly<Record<string, string | null>>): EnvironmentVariable[] {
  const kept = written.filter((variable) => !Object.hasOwn(over, variable.name));
  const set = Object.entries(over).flatMap(([name, value]) => (value === null ? [] : [{ name, value, literal: false }]));
  return [...kept, ...set];
}

/** `over` laid on `base`: blocks name by name, everything else as a whole; what is undefined says nothing. */
function merged<T extends object>(base: T, over: T): T {
  const entries = Object.entries(base) as [string, unknown][];
  const result = new Map(entries);
  for (const [name, value] of Object.entries(over) as [string, unknown][]) {
    const below = result.get(name);
    if (value !== undefined) result.set(name, isBlock(below) && isBlock(value) ? merged(below, value) : value);
  }
  return Object.fromEntries(result) as T;
}

const isBlock = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);

function networksOf(application: Application, { networks = {} }: Settings): Network[] {
  const keys = new Set([...application.networks.map((network) => network.key), ...Object.keys(networks)]);
  const own = (key: string): Network => application.networks.find((network) => network.key === key) ?? { key, kind: "own" };
  return [...keys].map((key) => {
    if (!Object.hasOwn(networks, key)) return own(key);
    const { external, ...options } = networks[key]!;
    return external === undefined ? { ...own(key), ...options, kind: "own" } as Network : { key, kind: "external", network: external };
  });
}
