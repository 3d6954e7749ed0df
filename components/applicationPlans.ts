import { ApplicationError, type ApplicationPlan, BundleError, loadPlan, publishedPortClashes } from "./bundle";
import type { Configuration } from "./config";

/**
 * The plans of all applications, checked against the platform and each other before anything is made.
 * @param warn gets what is not as the files of an application say
 * @throws BundleError, ApplicationError
 */
export function applicationPlans(configuration: Configuration, warn: (line: string) => void): ApplicationPlan[] {
  const { applications, swarm } = configuration;
  const plans = eachOrAllFaults(applications, ({ name, bundle, settings }) => {
    // Which files are read is no news beside a diff.
    const notice = (line: string) => void (line.startsWith("Loading ") || warn(`application ${name}: ${line}`));
    return loadPlan(name, { bundle, settings }, { endpointMode: swarm.loadBalancing, encryptNetworks: swarm.encryptNetworks !== false, notice });
  });
  const problems = [...publishedPortClashes([...plans, registryPorts(configuration)]), ...unknownNetworks(plans, configuration), ...sharedNames(plans)];
  if (problems.length > 0) throw new ApplicationError("the applications of this stack", problems);
  return plans;
}

/** What is wrong with one application hides nothing of the others. @throws BundleError, ApplicationError: the only one as it is, several as one */
function eachOrAllFaults<T, R>(items: readonly T[], plan: (item: T) => R): R[] {
  const faults: Error[] = [];
  const plans = items.flatMap((item) => {
    try {
      return [plan(item)];
    } catch (error) {
      if (!(error instanceof ApplicationError || error instanceof BundleError)) throw error;
      faults.push(error);
      return [];
    }
  });
  if (faults.length === 1) throw faults[0];
  if (faults.length > 1) throw new ApplicationError("the applications of this stack", faults.map(({ message }) => message));
  return plans;
}

/** The registry as an application that publishes a port. */
function registryPorts({ registry: { port } }: Configuration) {
  return { stack: "dockyard", services: [{ key: "registry", spec: { ports: [{ target: port, published: port, mode: "host" as const }] } }] };
}

function unknownNetworks(plans: readonly ApplicationPlan[], { networks }: Configuration): string[] {
  const known = networks.map(({ name }) => name);
  return plans.flatMap(({ stack, networks: wanted }) =>
    wanted.flatMap((network) =>
      network.kind === "own" || known.includes(network.network)
        ? []
        : [`${stack}: its settings attach it to the platform's network "${network.network}", which the configuration does not have (dockyard:networks has ${known.join(", ") || "none"}); add it there or correct the name`],
    ),
  );
}

/** Pulumi knows the service "c" of "a-b" and the service "b-c" of "a" by the same name. */
function sharedNames(plans: readonly ApplicationPlan[]): string[] {
  const owners = new Map<string, string>();
  return plans.flatMap(({ stack, services }) =>
    services.flatMap(({ key }) => {
      const name = `${stack}-${key}`;
      const here = `service ${JSON.stringify(key)} of ${stack}`;
      const other = owners.get(name);
      owners.set(name, here);
      return other ? [`${here} and ${other} would be one resource, "${name}", in Pulumi's state; rename one of the applications or services`] : [];
    }),
  );
}
