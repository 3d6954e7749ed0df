import * as pulumi from "@pulumi/pulumi";
import * as dockyard from "../../provider/sdk";
import { Component } from "../component";
import { archiveHash } from "../images/archive";
import { OverlayNetwork } from "../network/overlay";
import type { PlannedImage } from "./image";
import type { ApplicationPlan, NetworkPlan, ServicePlan } from "./plan";

export interface ApplicationArgs {
  cluster: pulumi.Input<string>;
  plan: ApplicationPlan;
  /** The platform's registry, for images that the settings relocate to it. */
  registry: { readonly address: string; readonly service: pulumi.Resource };
  /** The platform's networks by name, for bundles that attach to them. */
  networks: Readonly<Record<string, OverlayNetwork>>;
  /** How long a rollout may take where the settings name no time of their own. */
  convergenceTimeout: string;
}

/** One application: its networks, its images in the platform's registry, its services. Everything is decided in its plan. */
export class Application extends Component {
  private readonly images = new Map<string, pulumi.Output<string>>();

  constructor(
    name: string,
    private readonly args: ApplicationArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("Application", name, opts);
    const networks = new Map(args.plan.networks.map((network) => [network.key, this.network(network)]));
    const services = args.plan.services.map((service) => this.service(service, networks));
    this.complete({ services: services.map(({ id }) => id) });
  }

  private network(plan: NetworkPlan): pulumi.Output<string> {
    if (plan.kind === "own") {
      const { kind: _kind, key, ...network } = plan;
      return new OverlayNetwork(this.child(key), { cluster: this.args.cluster, ...network }, this.under()).networkId;
    }
    const network = this.args.networks[plan.network];
    if (network) return network.networkId;
    const known = Object.keys(this.args.networks).join(", ") || "none";
    throw new pulumi.RunError(
      `application ${this.name}: the settings attach it to the platform's network "${plan.network}", which the configuration does not have (dockyard:networks has ${known}); add it there or correct the name`,
    );
  }

  private service(plan: ServicePlan, networks: ReadonlyMap<string, pulumi.Output<string>>): dockyard.Service {
    const { cluster, convergenceTimeout } = this.args;
    return new dockyard.Service(
      this.child(plan.key),
      {
        ...plan.spec,
        convergence: { timeout: convergenceTimeout, ...plan.spec.convergence },
        cluster,
        name: plan.name,
        image: this.image(plan.image),
        networks: plan.networks.map(({ network, aliases }) => ({ id: networks.get(network)!, aliases: [...aliases] })),
      },
      this.under(),
    );
  }

  private image(image: PlannedImage): pulumi.Input<string> {
    if (image.kind === "digest") return image.reference;
    const { archive, repository } = image;
    const reference = this.images.get(repository) ?? this.push(archive, repository);
    this.images.set(repository, reference);
    return reference;
  }

  private push(archive: string, repository: string): pulumi.Output<string> {
    const { address, service } = this.args.registry;
    const args = { source: { archive }, content: archiveHash(archive), repository, registry: address };
    return new dockyard.Image(this.child(repository), args, this.under({ dependsOn: [service] })).reference;
  }
}
