import type { ServiceInputs } from "../../provider/swarm/service/inputs";
import { byBytes } from "./byteOrder";
import { PlannedImage, ResolveImage, relocated, unpinnedImageProblem } from "./image";
import { withSettings } from "./merge";
import type { Application, Labels, Network, Service } from "./model";
import { ApplicationError } from "./problems";
import { publishedPortClashes } from "./publishedPorts";
import { runProblems } from "./runProblems";
import { fullName, serviceNameProblem } from "./serviceName";
import { referenceProblems } from "./settings/references";
import type { Settings } from "./settings/schema";
import { STACK_LABEL, serviceSpec } from "./swarm/serviceSpec";

/** What a stack needs in the Swarm, in canonical order: the same application and settings give the same plan, however permuted. */
export interface ApplicationPlan {
  readonly stack: string;
  readonly networks: readonly NetworkPlan[];
  readonly services: readonly ServicePlan[];
}

/** A network to create, or one of the platform to attach to. */
export type NetworkPlan = OwnNetworkPlan | ExternalNetworkPlan;

export interface OwnNetworkPlan {
  readonly kind: "own";
  readonly key: string;
  /** Full name, `STACK_KEY`. */
  readonly name: string;
  readonly labels: Labels;
  readonly attachable: boolean;
  readonly encrypted: boolean;
  readonly internal: boolean;
  /** CIDR; left out, the platform's planner or Swarm picks one. */
  readonly subnet?: string;
}

export interface ExternalNetworkPlan {
  readonly kind: "external";
  readonly key: string;
  /** Name of the network in the platform's configuration. */
  readonly network: string;
}

export interface ServicePlan {
  readonly key: string;
  /** Full name, `STACK_KEY`. */
  readonly name: string;
  readonly image: PlannedImage;
  /** Everything of the Swarm service but the ids that only exist once other resources do. */
  readonly spec: ServiceSpec;
  /** By key of `ApplicationPlan.networks`, with the names the service answers to there. */
  readonly networks: readonly { readonly network: string; readonly aliases: readonly string[] }[];
}

export type ServiceSpec = Omit<ServiceInputs, "cluster" | "image" | "networks">;

/** What the platform adds to the files of an application. */
export interface PlanOptions {
  /** Where images come from. Default: the settings' relocations, else the digest in the bundle. */
  readonly resolveImage?: ResolveImage;
  /** Endpoint mode of services for which neither bundle nor settings name one. Default: the engine's, "vip". */
  readonly endpointMode?: "vip" | "dnsrr";
}

/**
 * Plans an application as a stack, with the reference client's names, labels and aliases.
 * @throws ApplicationError with all problems: settings for what is not there, names that Swarm refuses, images that
 * nothing pins, options against each other, ports published twice
 */
export function planApplication(stack: string, application: Application, settings: Settings = {}, options: PlanOptions = {}): ApplicationPlan {
  const resolveImage = options.resolveImage ?? relocated(settings.relocate ?? {});
  const wanted = withSettings(withPlatformDefaults(application, options), settings);
  const plan: ApplicationPlan = {
    stack,
    networks: byKey(wanted.networks).map((network) => networkPlan(stack, network)),
    services: byKey(wanted.services).map((service) => servicePlan(stack, service, resolveImage)),
  };
  const problems = [
    ...referenceProblems(application, settings),
    ...nameProblems(plan),
    ...byKey(wanted.services).flatMap((service) => [...imageProblems(service, resolveImage), ...runProblems(service)]),
    ...publishedPortClashes([plan]),
  ];
  if (problems.length > 0) throw new ApplicationError(`application ${stack}`, problems);
  return plan;
}

function withPlatformDefaults(application: Application, { endpointMode }: PlanOptions): Application {
  if (endpointMode === undefined) return application;
  return { ...application, services: application.services.map((service) => ({ ...service, run: { endpointMode, ...service.run } })) };
}

function byKey<T extends { readonly key: string }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => byBytes(a.key, b.key));
}

function networkPlan(stack: string, network: Network): NetworkPlan {
  if (network.kind === "external") return network;
  const { key, attachable = false, encrypted = false, internal = false, subnet } = network;
  const plan = { kind: "own" as const, key, name: fullName(stack, key), labels: { [STACK_LABEL]: stack }, attachable, encrypted, internal };
  return subnet === undefined ? plan : { ...plan, subnet };
}

function servicePlan(stack: string, service: Service, resolveImage: ResolveImage): ServicePlan {
  const networks = [...new Set(service.networks)].sort(byBytes);
  return {
    key: service.key,
    name: fullName(stack, service.key),
    // An image that nothing pins is a problem of its own, so this plan is never handed out with the image as written.
    image: resolveImage(service.image) ?? { kind: "digest", reference: service.image },
    spec: serviceSpec(stack, service),
    networks: networks.map((network) => ({ network, aliases: [service.key] })),
  };
}

function nameProblems({ networks, services }: ApplicationPlan): string[] {
  const named = [
    ...services.map((service) => ({ what: `service ${JSON.stringify(service.key)}`, name: service.name })),
    ...networks.flatMap((network) => (network.kind === "own" ? [{ what: `network ${JSON.stringify(network.key)}`, name: network.name }] : [])),
  ];
  return named.flatMap(({ what, name }) => {
    const problem = serviceNameProblem(name);
    return problem === undefined ? [] : [`${what}: ${problem}`];
  });
}

function imageProblems({ key, image }: Service, resolveImage: ResolveImage): string[] {
  return resolveImage(image) === undefined ? [`service ${JSON.stringify(key)}: ${unpinnedImageProblem(image)}`] : [];
}
