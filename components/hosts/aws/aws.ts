import type { Region } from "@pulumi/aws";
// Not the package as a whole, which takes ten times as long to load.
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { Provider } from "@pulumi/aws/provider";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import type { HostSource, PlatformHost, S3Storage } from "../host";
import type { PresentLogin } from "../loginKeys";
import { AwsEdge } from "./edge";
import { AwsInstances } from "./instances";
import { AwsNetwork } from "./network";
import type { AwsPlan } from "./plan";
import { AwsRoles } from "./roles";
import { AwsSecurity } from "./security";
import type { Traffic } from "./securityRules";
import { AwsStorage } from "./storage";
import { AwsWatch } from "./watch";

export interface AwsArgs {
  plan: AwsPlan;
  /** What the platform's own traffic is, which the security groups let pass. */
  traffic: Traffic;
  /** Hosts that serve the registry's images from S3; undefined when they are kept in a volume. */
  registryHosts?: readonly string[];
}

/** Hosts that are EC2 instances, with all that they stand on. */
export class Aws extends Component implements HostSource {
  readonly hosts: readonly PlatformHost[];
  readonly privateKey?: pulumi.Output<string>;
  readonly login?: PresentLogin;
  readonly registryStorage?: pulumi.Output<S3Storage>;
  readonly outputs: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, { plan, traffic, registryHosts }: AwsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("Aws", name, opts);
    const below = this.under();
    const account = getCallerIdentityOutput({}, { parent: this }).accountId;
    const { settings } = plan;

    const network = new AwsNetwork(this.child("network"), plan, account, below);
    const security = new AwsSecurity(this.child("security"), plan, network.vpc, traffic, below);
    const storage = new AwsStorage(this.child("storage"), plan, account, { registry: registryHosts !== undefined }, below);
    const roles = new AwsRoles(this.child("roles"), plan, storage, registryHosts ?? [], below);
    const instances = new AwsInstances(this.child("hosts"), plan, { network, security, roles }, below);
    const edge = settings.edge?.balancer ? new AwsEdge(this.child("edge"), plan, { network, security, instances }, below) : undefined;
    if (settings.flowLogs !== undefined || settings.alarms !== undefined) new AwsWatch(this.child("watch"), plan, { network, instances, account }, below);

    this.hosts = instances.hosts;
    this.privateKey = instances.privateKey;
    this.login = instances.presentLogin;
    this.registryStorage = storage.registry?.bucket.apply((bucket) => ({ bucket, region: settings.region, ...(settings.kmsKey !== undefined && { key: settings.kmsKey }) }));
    this.outputs = { ...(edge && { edge: edge.address }), ...(storage.backups && { backups: storage.backups.bucket }) };
    this.complete({ hosts: plan.machines.map((machine) => machine.name) });
  }
}

/** The hosts of a plan, made through a provider for the plan's region. */
export function awsHosts(args: AwsArgs, opts?: pulumi.ComponentResourceOptions): Aws {
  const provider = new Provider("aws", { region: args.plan.settings.region as Region }, opts);
  return new Aws("aws", args, { ...opts, providers: { aws: provider } });
}
