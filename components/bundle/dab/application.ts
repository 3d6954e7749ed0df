import type { Application, EnvironmentVariable, Protocol, RunOptions, Service } from "../model";
import type { Bundlefile, BundleService } from "./bundlefile";

/**
 * The application that a bundle describes, by the mapping of the 1.12.6 client: WorkingDir and User are kept (later
 * clients dropped them in silence), no default network is added, and ports are those of the containers only.
 */
export function applicationOf(bundle: Bundlefile): Application {
  const services = [...(bundle.services ?? [])].map(([key, service]) => serviceOf(key, service));
  const networks = new Set(services.flatMap((service) => service.networks));
  return { services, networks: [...networks].map((key) => ({ key, kind: "own" })) };
}

function serviceOf(key: string, service: BundleService): Service {
  return {
    key,
    image: service.image,
    command: service.command,
    args: service.args,
    environment: service.env.map(variableOf),
    labels: Object.fromEntries(service.labels),
    containerLabels: {},
    exposes: service.ports.map(({ port, protocol }) => ({ port, protocol: protocolOf(protocol) })),
    networks: service.networks,
    run: runOf(service),
  };
}

function runOf({ workingDir, user }: BundleService): RunOptions {
  return { ...(workingDir === undefined ? {} : { workingDir }), ...(user === undefined ? {} : { user }) };
}

/** Bundles are older than Swarm's templates, so a `{{` in one is meant as it stands. */
function variableOf(entry: string): EnvironmentVariable {
  const equals = entry.indexOf("=");
  return equals < 0
    ? { name: entry, value: undefined, literal: true }
    : { name: entry.slice(0, equals), value: entry.slice(equals + 1), literal: true };
}

/** As the engine reads it: in any case, and whatever it does not know is tcp. */
function protocolOf(written: string): Protocol {
  const protocol = written.toLowerCase();
  return protocol === "udp" || protocol === "sctp" ? protocol : "tcp";
}
