import type { ServiceInputs } from "../../provider/swarm/service/inputs";
import { byBytes, sorted } from "./byteOrder";
import { PlannedImage, ResolveImage, relocated, unpinnedImageProblem } from "./image";
import { withSettings } from "./merge";
import type { Application, Labels, Network, Service } from "./model";
import { dependenciesOf, orderProblems, withAwaitedJobs } from "./order";
import { ApplicationError } from "./problems";
import { publishedPortClashes } from "./publishedPorts";
import { runProblems } from "./runProblems";
import { fullName, serviceNameProblem } from "./serviceName";
import { referenceProblems } from "./settings/references";
import type { Settings } from "./settings/schema";
import { MountedFilePlan, mountedFilePlans, StoredFilePlan, storedFilePlans, storedFileProblems } from "./storedFiles";
import { STACK_LABEL, serviceSpec } from "./swarm/serviceSpec";

/** What a stack needs in the Swarm, in canonical order: the same application and settings give the same plan, however permuted. */
export interface ApplicationPlan {
  readonly stack: string;
  readonly networks: readonly NetworkPlan[];
  /** Those that some service mounts. */
  readonly secrets: readonly StoredFilePlan[];
  readonly configs: readonly StoredFilePlan[];
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
  /** "new": if it is made anew; that, and nothing, leaves one that exists as it is. */
  readonly encrypted?: boolean | "new";
  readonly internal: boolean;
  /** CIDR; left out, the platform's planner or Swarm picks one. */
  readonly subnet?: string;
  /** Largest packet in bytes; left out, the engine's. */
  readonly mtu?: number;
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
  /** By key of `ApplicationPlan.secrets`. */
  readonly secrets: readonly MountedFilePlan[];
  /** By key of `ApplicationPlan.configs`. */
  readonly configs: readonly MountedFilePlan[];
  /** Keys of the services that must have converged (a job: ended well) before this one changes. Never a circle. */
  readonly dependsOn: readonly string[];
  /** Its tasks run to their end, once for each change of it. Its restart policy is in `spec`. */
  readonly job: boolean;
  /** The count at creation where `spec.replicas` is open; left out, 1. Never a difference afterwards. */
  readonly initialReplicas?: number;
}

export type ServiceSpec = Omit<ServiceInputs, "cluster" | "image" | "networks" | "secrets" | "configs">;

/** What the platform adds to the files of an application. */
export interface PlanOptions {
  /** Where images come from. Default: the settings' relocations, else the digest in the bundle. */
  readonly resolveImage?: ResolveImage;
  /** Endpoint mode of services for which neither bundle nor settings name one. Default: the engine's, "vip". */
  readonly endpointMode?: "vip" | "dnsrr";
  /** Whether networks of which neither bundle nor settings say it are encrypted when they are made. Default: they are not. */
  readonly encryptNetworks?: boolean;
}

/**
 * Plans an application as a stack, with the reference client's names, labels and aliases.
 * @throws ApplicationError with all problems: settings for what is not there, names that Swarm refuses, images that
 * nothing pins, options against each other, ports published twice, services that wait for each other
 */
export function planApplication(stack: string, application: Application, settings: Settings = {}, options: PlanOptions = {}): ApplicationPlan {
  const resolveImage = options.resolveImage ?? relocated(settings.relocate ?? {});
  const wanted = withAwaitedJobs(withSettings(withPlatformDefaults(application, options), settings));
  const plan: ApplicationPlan = {
    stack,
    networks: byKey(wanted.networks).map((network) => networkPlan(stack, network, options)),
    secrets: storedFilePlans(stack, wanted, "secrets"),
    configs: storedFilePlans(stack, wanted, "configs"),
    services: byKey(wanted.services).map((service) => servicePlan(stack, service, resolveImage)),
  };
  const problems = [
    ...referenceProblems(application, settings),
    ...nameProblems(plan),
    ...byKey(wanted.services).flatMap((service) => [...imageProblems(service, resolveImage), ...runProblems(service)]),
    ...storedFileProblems(stack, wanted, "secrets"),
    ...storedFileProblems(stack, wanted, "configs"),
    ...orderProblems(wanted),
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

function networkPlan(stack: string, network: Network, { encryptNetworks }: PlanOptions): NetworkPlan {
  if (network.kind === "external") return network;
  const { key, name = fullName(stack, key), labels, attachable = false, internal = false, subnet, mtu } = network;
  const encrypted = network.encrypted ?? (encryptNetworks ? "new" : undefined);
  const plan = { kind: "own" as const, key, name, labels: sorted({ ...labels, [STACK_LABEL]: stack }), attachable, internal };
  return { ...plan, ...(encrypted !== undefined && { encrypted }), ...(subnet !== undefined && { subnet }), ...(mtu !== undefined && { mtu }) };
}

function servicePlan(stack: string, service: Service, resolveImage: ResolveImage): ServicePlan {
  const networks = [...new Set(service.networks)].sort(byBytes);
  return {
    key: service.key,
    name: fullName(stack, service.key),
    // An image that nothing pins is a problem of its own, so this plan is never handed out with the image as written.
    image: resolveImage(service.image) ?? { kind: "digest", reference: service.image },
    spec: serviceSpec(stack, service),
    networks: networks.map((network) => ({ network, aliases: aliasesOn(service, network) })),
    secrets: mountedFilePlans(service.run.secrets),
    configs: mountedFilePlans(service.run.configs),
    dependsOn: dependenciesOf(service),
    job: service.run.job ?? false,
    ...initialReplicas(service),
  };
}

function aliasesOn({ key, aliases = {} }: Service, network: string): string[] {
  return [...new Set([key, ...(Object.hasOwn(aliases, network) ? aliases[network]! : [])])].sort(byBytes);
}

/** Pinned counts need none, and a job's count is always pinned: it is how often it runs. */
function initialReplicas({ run }: Service): { initialReplicas?: number } {
  const open = run.mode !== "global" && run.replicas === undefined && !run.job;
  return open && run.initialReplicas !== undefined ? { initialReplicas: run.initialReplicas } : {};
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
