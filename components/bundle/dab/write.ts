import type { Application, EnvironmentVariable, Network, Service } from "../model";
import type { Settings } from "../settings/schema";
import type { ServiceSettings } from "../settings/serviceSettings";
import type { Bundlefile, BundleService } from "./bundlefile";

/** An application as a bundle, and as settings that hold what a bundle has no words for. */
export interface WrittenBundle {
  readonly bundle: Bundlefile;
  /** Laid over the bundle, these give the application's plan again. In the types of the model, as a parsed settings file. */
  readonly remainder: Settings;
}

/** Splits an application into the bundle that its developers ship and the settings that go with it. */
export function bundleOf(application: Application): WrittenBundle {
  const { services } = application;
  const jobs = awaitedJobs(application);
  return {
    bundle: { version: "0.1", services: new Map(services.map((service) => [service.key, bundleServiceOf(service)])) },
    remainder: present<Settings>({
      services: byKey(services.map((service) => [service.key, remainderOf(service, jobs)])),
      networks: byKey(application.networks.map((network) => [network.key, networkSettings(network)])),
      secrets: storedFiles(application, "secrets"),
      configs: storedFiles(application, "configs"),
      order: byKey(services.map((service) => [service.key, dependenciesOf(service)])),
    }),
  };
}

function bundleServiceOf(service: Service): BundleService {
  return {
    image: service.image,
    command: service.command,
    args: service.args,
    env: service.environment.filter(fitsBundle).map(({ name, value }) => (value === undefined ? name : `${name}=${value}`)),
    labels: new Map(Object.entries(service.labels)),
    ports: service.exposes.map(({ port, protocol }) => ({ port, protocol })),
    workingDir: service.run.workingDir,
    user: service.run.user,
    networks: service.networks,
  };
}

/** In a bundle every `{{` stands for itself, so a value with a template goes to the settings. */
const fitsBundle = ({ value, literal }: EnvironmentVariable): boolean => literal || value === undefined || !value.includes("{{");

/** The model's options and the settings have the same words, by design. */
function remainderOf(service: Service, jobs: ReadonlySet<string>): ServiceSettings {
  const { workingDir: _dir, user: _user, ...run } = service.run;
  const lastByName = new Map(service.environment.map((variable) => [variable.name, variable]));
  const templates = [...lastByName.values()].filter((variable) => !fitsBundle(variable));
  return present<ServiceSettings>({
    ...(structuredClone(run) as ServiceSettings),
    ...(jobs.has(service.key) && { job: run.job ?? true }),
    containerLabels: byKey(Object.entries(service.containerLabels)),
    environment: byKey(templates.map(({ name, value }) => [name, value!])),
    aliases: byKey(Object.entries(service.aliases ?? {}).map(([network, names]) => [network, [...names]])),
  });
}

/** What others wait for to complete: settings know an order, but no conditions. */
function awaitedJobs({ services }: Application): ReadonlySet<string> {
  return new Set(services.flatMap(({ dependsOn = [] }) => dependsOn.filter(({ condition }) => condition === "completed").map(({ service }) => service)));
}

function dependenciesOf({ dependsOn = [] }: Service): string[] {
  return [...new Set(dependsOn.map(({ service }) => service))];
}

/** A bundle's networks are the application's own; whatever else is known of one is the settings'. */
function networkSettings(network: Network): NonNullable<Settings["networks"]>[string] {
  if (network.kind === "external") return { external: network.network };
  const { key: _key, kind: _kind, labels, ...options } = network;
  return { ...options, ...(labels !== undefined && { labels: { ...labels } }) };
}

/** Those that some service mounts: settings for others would be taken for mistyped. */
function storedFiles(application: Application, kind: "secrets" | "configs"): Settings["secrets"] {
  const used = new Set(application.services.flatMap(({ run }) => (run[kind] ?? []).map(({ source }) => source)));
  const files = (application[kind] ?? []).filter(({ key }) => used.has(key));
  return byKey(files.map(({ key, ...file }) => [key, structuredClone(file)])) as Settings["secrets"];
}

/** A block of these, without the empty ones; undefined when nothing is left. */
function byKey<T extends string | object>(entries: readonly (readonly [string, T])[]): Record<string, T> | undefined {
  const kept = entries.filter(([, value]) => typeof value === "string" || Object.keys(value).length > 0);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** Without the members that are undefined. */
function present<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}
