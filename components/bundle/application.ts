import * as pulumi from "@pulumi/pulumi";
import * as dockyard from "../../provider/sdk";
import { Component } from "../component";
import { contentName } from "../contentName";
import { archiveHash } from "../images/archive";
import { OverlayNetwork } from "../network/overlay";
import { contentOf } from "./content";
import type { PlannedImage } from "./image";
import type { ApplicationPlan, NetworkPlan, ServicePlan } from "./plan";
import type { FileKind, MountedFilePlan, StoredFilePlan } from "./storedFiles";

export interface ApplicationArgs {
  cluster: pulumi.Input<string>;
  plan: ApplicationPlan;
  /** The platform's registry, for images that the settings relocate to it. */
  registry: { readonly address: string; readonly login: pulumi.Input<string>; readonly service: pulumi.Resource };
  /** The platform's networks by name, for bundles that attach to them. */
  networks: Readonly<Record<string, OverlayNetwork>>;
  /** Whether every host's kernel can encrypt networks. Default false. */
  encryptable?: pulumi.Input<boolean>;
}

/** Label of a service that says which login it pulls with. */
const LOGIN_LABEL = "dockyard.registry-login";

/** A secret or config as services name it. */
interface StoredFile {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
}

/** One application: its networks, secrets and configs, its images in the platform's registry, its jobs and services. */
export class Application extends Component {
  private readonly images = new Map<string, dockyard.Image>();
  private readonly networks: ReadonlyMap<string, pulumi.Output<string>>;
  private readonly files: Readonly<Record<FileKind, ReadonlyMap<string, StoredFile>>>;
  private readonly deployed = new Map<string, pulumi.CustomResource>();

  constructor(
    name: string,
    private readonly args: ApplicationArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("Application", name, opts);
    const { plan } = args;
    this.networks = new Map(plan.networks.map((network) => [network.key, this.network(network)]));
    this.files = { secrets: this.storedFiles("secrets"), configs: this.storedFiles("configs") };
    for (const service of plan.services) this.deploy(service);
    this.complete({ services: [...this.deployed.values()].map(({ id }) => id) });
  }

  private network(plan: NetworkPlan): pulumi.Output<string> {
    if (plan.kind === "own") {
      const { kind: _kind, key, ...network } = plan;
      return new OverlayNetwork(this.child(key), { cluster: this.args.cluster, encryptable: this.args.encryptable, ...network }, this.under()).networkId;
    }
    return this.args.networks[plan.network]!.networkId; // applicationPlans has seen that the platform has it
  }

  private storedFiles(kind: FileKind): ReadonlyMap<string, StoredFile> {
    return new Map(this.args.plan[kind].map((file) => [file.key, this.storedFile(kind, file)]));
  }

  private storedFile(kind: FileKind, plan: StoredFilePlan): StoredFile {
    const what = kind === "secrets" ? "secret" : "config";
    const type = kind === "secrets" ? dockyard.Secret : dockyard.Config;
    const logical = this.child(`${what}-${plan.key}`);
    const { cluster } = this.args;
    if (plan.kind === "external") {
      const found = new type(logical, { cluster, name: plan.name, external: true }, this.under());
      return { id: found.id, name: pulumi.output(plan.name) };
    }
    const data = contentOf(plan.source, `${what} ${plan.key} of application ${this.name}`);
    const name = pulumi.unsecret(data.apply((content) => contentName(plan.nameBase, content)));
    const made = new type(logical, { cluster, name, data, labels: { ...plan.labels } }, this.under());
    return { id: made.id, name };
  }

  /** Makes the service after those that it depends on, whatever the order of the plan; the plan has no circle. */
  private deploy(plan: ServicePlan): pulumi.CustomResource {
    const there = this.deployed.get(plan.key);
    if (there) return there;
    const { cluster } = this.args;
    const before = plan.dependsOn.map((key) => this.deploy(this.args.plan.services.find((service) => service.key === key)!));
    const type = plan.job ? dockyard.Job : dockyard.Service;
    const made = new type(
      this.child(plan.key),
      {
        ...plan.spec,
        labels: this.labels(plan),
        initialReplicas: plan.initialReplicas,
        cluster,
        name: plan.name,
        image: this.image(plan.image),
        networks: plan.networks.map(({ network, aliases }) => ({ id: this.networks.get(network)!, aliases: [...aliases] })),
        secrets: this.mounted("secrets", plan.secrets),
        configs: this.mounted("configs", plan.configs),
      },
      this.inNetworks(plan, before),
    );
    this.deployed.set(plan.key, made);
    return made;
  }

  /** Its networks wait for the whole Swarm. A service that named that again would have every host in its state. */
  private inNetworks(plan: ServicePlan, dependsOn: pulumi.Resource[]): pulumi.CustomResourceOptions {
    return plan.networks.length > 0 ? { parent: this, dependsOn } : this.under({ dependsOn });
  }

  private mounted(kind: FileKind, files: readonly MountedFilePlan[]) {
    if (files.length === 0) return undefined;
    return files.map(({ file, ...place }) => ({ ...this.files[kind].get(file)!, ...place }));
  }

  /**
   * Swarm keeps with a service the login that it was last updated with. With the login's mark on it, another password is a change of
   * every service that pulls from the platform's registry; a label restarts nothing. It comes by way of the image: whatever the mark is
   * made of would otherwise stand in the state of every service, twice.
   */
  private labels({ spec, image, job }: ServicePlan): Record<string, pulumi.Input<string>> | undefined {
    return image.kind === "digest" || job ? spec.labels : { ...spec.labels, [LOGIN_LABEL]: this.pushed(image).login };
  }

  private image(image: PlannedImage): pulumi.Input<string> {
    return image.kind === "digest" ? image.reference : this.pushed(image).reference;
  }

  /** The image in the platform's registry: one for all services that run it. */
  private pushed({ archive, repository }: Exclude<PlannedImage, { kind: "digest" }>): dockyard.Image {
    const there = this.images.get(repository);
    if (there) return there;
    const { address, service, login } = this.args.registry;
    const args = { source: { archive }, content: archiveHash(archive), repository, registry: address, login };
    const image = new dockyard.Image(this.child(repository), args, this.under({ dependsOn: [service] }));
    this.images.set(repository, image);
    return image;
  }
}
