import type { Application } from "../model";
import type { Settings } from "./schema";
import { unknownName } from "./values";

/**
 * Settings that do not fit the application: they name services, networks or images that it does not have, or send two
 * archives to one repository. One message each, with the nearest name.
 */
export function referenceProblems(application: Application, settings: Settings): string[] {
  const services = application.services.map((service) => service.key);
  const images = new Set(application.services.map((service) => service.image));
  return [
    ...unknown("services", "service", Object.keys(settings.services ?? {}), services),
    ...unknown("networks", "network", Object.keys(settings.networks ?? {}), [...attachedNetworks(application, settings)]),
    ...unknown("relocate", "image", Object.keys(settings.relocate ?? {}), [...images]),
    ...unknown("secrets", "secret", Object.keys(settings.secrets ?? {}), storedFiles(application, settings, "secrets")),
    ...unknown("configs", "config", Object.keys(settings.configs ?? {}), storedFiles(application, settings, "configs")),
    ...unknown("order", "service", Object.keys(settings.order ?? {}), services),
    ...Object.entries(settings.order ?? {}).flatMap(([key, before]) => unknown(`order.${key}`, "service", before, services)),
    ...undefinedNetworks(application, settings),
    ...sharedRepositories(settings),
  ];
}

/** One repository of the platform's registry is filled from one archive: two would take turns in it. */
function sharedRepositories({ relocate = {} }: Settings): string[] {
  const archives = new Map<string, string>();
  return Object.entries(relocate).flatMap(([image, to]) => {
    if (typeof to === "string") return [];
    const first = archives.get(to.repository) ?? to.archive;
    archives.set(to.repository, first);
    if (first === to.archive) return [];
    return [`relocate[${JSON.stringify(image)}].repository: found "${to.repository}" for the archive ${to.archive}, but ${first} goes there too; give each archive a repository of its own`];
  });
}

function unknown(path: string, what: string, names: readonly string[], known: readonly string[]): string[] {
  return names.filter((name) => !known.includes(name)).map((name) => `${path}: ${unknownName(what, name, [...known].sort())}`);
}

/** Networks that some service is attached to, by the bundle or by its settings. */
function attachedNetworks(application: Application, settings: Settings): Set<string> {
  const added = [settings.defaults, ...Object.values(settings.services ?? {})].flatMap((service) => service?.networks ?? []);
  return new Set([...application.networks.map((network) => network.key), ...added]);
}

/** Secrets or configs of the bundle, and those that some service's settings mount. */
function storedFiles(application: Application, settings: Settings, kind: "secrets" | "configs"): string[] {
  const mounted = [settings.defaults, ...Object.values(settings.services ?? {})].flatMap((service) => (service?.[kind] ?? []).map(({ source }) => source));
  return [...new Set([...(application[kind] ?? []).map(({ key }) => key), ...mounted])];
}

/** A network that only a service's settings name must say what it is: a mistyped one would be created in silence. */
function undefinedNetworks(application: Application, settings: Settings): string[] {
  const known = [...new Set([...application.networks.map((network) => network.key), ...Object.keys(settings.networks ?? {})])];
  const own = Object.entries(settings.services ?? {}).map(([key, service]) => ({ path: `services.${key}`, service }));
  return [{ path: "defaults", service: settings.defaults }, ...own].flatMap(({ path, service }) =>
    (service?.networks ?? [])
      .filter((name) => !known.includes(name))
      .map((name) => `${path}.networks: ${unknownName("network", name, known)}; a new one is defined under networks: { ${JSON.stringify(name)}: {} }`),
  );
}
