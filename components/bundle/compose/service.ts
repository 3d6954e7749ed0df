import type { Dependency, ExposedPort, Protocol, Service } from "../model";
import type { Context } from "./context";
import { containerLabelsOf, environmentOf } from "./environment";
import { mountsOf } from "./mounts";
import { range } from "./ports";
import { runOf } from "./run";
import type { ComposeFileData, ComposeService } from "./schema";
import { splitWords } from "./words";

/** A service of the file in the words of the model. */
export function serviceOf(key: string, service: ComposeService, file: ComposeFileData, context: Context): Service {
  const networks = networksOf(service);
  const aliases = Object.fromEntries(Object.entries(networks).flatMap(([network, options]) => (options?.aliases?.length ? [[network, options.aliases]] : [])));
  const dependsOn = dependenciesOf(key, service, file, context);
  if (service.image === undefined || service.image === "") {
    const advice = "write the name of an image; nothing is built at a deployment";
    context.problem(["services", key, "image"], `found nothing; ${advice}`);
  }
  return {
    key,
    image: service.image ?? "",
    command: commandOf(key, "entrypoint", service, context),
    args: commandOf(key, "command", service, context),
    environment: environmentOf(key, service, context),
    labels: service.deploy?.labels ?? {},
    containerLabels: containerLabelsOf(key, service, context),
    exposes: exposesOf(key, service, context),
    networks: Object.keys(networks),
    ...(Object.keys(aliases).length > 0 && { aliases }),
    ...(dependsOn.length > 0 && { dependsOn }),
    run: runOf(key, service, mountsOf(key, service, file.volumes, context), context),
  };
}

/** Whoever names no network is on the application's default one. */
function networksOf({ networks = {} }: ComposeService): NonNullable<ComposeService["networks"]> {
  return Object.keys(networks).length === 0 ? { default: undefined } : networks;
}

function commandOf(key: string, which: "entrypoint" | "command", service: ComposeService, { problem, notice }: Context): readonly string[] {
  const written = service[which];
  if (written === undefined) return [];
  const words = typeof written === "string" ? splitWords(written) : written;
  if (words === undefined) problem(["services", key, which], "opens a quote that nothing closes; write the command as a list of words");
  if (words?.length === 0) notice("warning", ["services", key, which], "changed: is empty, which Swarm takes for the image's own");
  return words ?? [];
}

/** Ports inside that others reach: those that are published, and `expose`. */
function exposesOf(key: string, { ports = [], expose = [] }: ComposeService, { problem }: Context): ExposedPort[] {
  const published = ports.map(({ target, protocol = "tcp" as Protocol }) => ({ port: target, protocol }));
  const exposed = expose.flatMap((text, index): ExposedPort[] => {
    const [, ports = "", protocol = "tcp"] = /^(\d+(?:-\d+)?)(?:\/(tcp|udp|sctp))?$/i.exec(text) ?? [];
    const numbers = range(ports);
    if (ports === "" || numbers === undefined) {
      problem(["services", key, "expose", index], `found ${JSON.stringify(text)}; write a port such as "80" or "53/udp"`);
      return [];
    }
    return numbers.map((port) => ({ port, protocol: protocol.toLowerCase() as Protocol }));
  });
  const byText = new Map([...published, ...exposed].map((port) => [`${port.port}/${port.protocol}`, port]));
  return [...byText.values()];
}

const CONDITIONS = { service_started: "started", service_healthy: "healthy", service_completed_successfully: "completed" } as const;

function dependenciesOf(key: string, { depends_on = {} }: ComposeService, { services = {} }: ComposeFileData, { notice }: Context): Dependency[] {
  return Object.entries(depends_on).flatMap(([service, options]): Dependency[] => {
    if (options?.required === false && !Object.hasOwn(services, service)) {
      notice("info", ["services", key, "depends_on", service], "ignored: is not required, and not part of this deployment");
      return [];
    }
    return [{ service, condition: CONDITIONS[options?.condition ?? "service_started"] }];
  });
}
