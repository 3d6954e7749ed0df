import * as ebs from "@pulumi/aws/ebs";
import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { defaults } from "../../config/defaults";
import { deriveHostKey } from "../hostKey";
import type { PlatformHost } from "../host";
import { loginKeys, type PresentLogin } from "../loginKeys";
import { ACCESS_PROXY } from "../proxies";
import { AwsComponent } from "./awsComponent";
import { userData } from "./boot/userData";
import { machineImage } from "./image";
import type { AwsNetwork } from "./network";
import type { AwsMachine, AwsPlan } from "./plan";
import type { AwsRoles } from "./roles";
import type { AwsSecurity } from "./security";

/** What instances stand on. */
export interface Ground {
  readonly network: AwsNetwork;
  readonly security: AwsSecurity;
  readonly roles: AwsRoles;
}

/** Where the data disk is attached; on Nitro it only has to differ from the others. */
const DATA_DEVICE = "/dev/sdf";

/** One instance for each host, each a resource of its own, with a disk for the engine's data. */
export class AwsInstances extends AwsComponent {
  readonly hosts: readonly PlatformHost[];
  /** Secret key that logs in; undefined when the configuration names a public key. */
  readonly privateKey?: pulumi.Output<string>;
  /** The key that is to log in instead of the one that instances were made with. */
  readonly presentLogin?: PresentLogin;
  /** Instances by the name of their host. */
  readonly instances: ReadonlyMap<string, ec2.Instance>;
  private readonly login: pulumi.Output<string>;
  private readonly keyPair: ec2.KeyPair;
  private readonly seed: tls.PrivateKey;
  private readonly ami: pulumi.Output<string>;

  constructor(
    name: string,
    plan: AwsPlan,
    private readonly ground: Ground,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("AwsInstances", name, plan, opts);
    const { publicKey } = plan.settings.access;
    const key = (suffix: string) => new tls.PrivateKey(this.child(suffix), { algorithm: "ED25519" }, this.under());
    const keys = publicKey === undefined ? loginKeys(plan.settings.loginGeneration, key) : undefined;
    this.privateKey = keys?.privateKey;
    this.presentLogin = keys?.present;
    this.login = keys ? keys.first.apply((line) => line.trim()) : pulumi.output(publicKey!);
    this.seed = new tls.PrivateKey(this.child("host-key-seed"), { algorithm: "ED25519" }, this.under());
    this.keyPair = new ec2.KeyPair(this.child("login"), { publicKey: this.login, tags: this.tags("login") }, this.under());
    this.ami = machineImage(plan.settings.machineImage, { parent: this });
    const made = plan.machines.map((machine) => this.host(machine));
    this.hosts = made.map(({ host }) => host);
    this.instances = new Map(made.map(({ host, instance }) => [host.name, instance]));
    this.complete({ hosts: plan.machines.map((machine) => machine.name) });
  }

  private host(machine: AwsMachine): { host: PlatformHost; instance: ec2.Instance } {
    const { settings } = this.plan;
    const key = this.seed.privateKeyPem.apply((secret) => deriveHostKey(secret, machine.resource));
    const disk = this.dataDisk(machine);
    const instance = this.instance(machine, disk, key);
    const attached = new ec2.VolumeAttachment(
      this.child(`${machine.resource}-data`),
      { instanceId: instance.id, volumeId: disk.id, deviceName: DATA_DEVICE },
      // A disk in use cannot be taken off; it comes free when its instance ends.
      this.under({ deletedWith: instance }),
    );
    const reachable: pulumi.Resource[] = [attached, this.ground.network, this.ground.security];
    const publicly = settings.access.address === "public" ? this.publicAddress(machine, instance) : undefined;
    if (publicly) reachable.push(publicly);
    const hostKey = pulumi.unsecret(key.apply(({ publicKey }) => publicKey));
    const connection = pulumi.all([publicly?.publicIp ?? machine.address, hostKey]).apply(([address, pinned]) => ({ address, user: defaults.aws.user, hostKey: pinned, ...this.way() }));
    const { name, role, availability, labels, address } = machine;
    return { instance, host: { name, role, availability, labels, advertiseAddress: address, connection, machine: [instance, ...reachable] } };
  }

  /** What else of the connection is the same for all hosts. */
  private way() {
    const { keyFile, proxyCommand } = this.plan.settings.access;
    return { ...(keyFile !== undefined && { keyFile }), ...(proxyCommand !== undefined && { proxy: ACCESS_PROXY }) };
  }

  private dataDisk({ resource, zone, dataDisk }: AwsMachine): ebs.Volume {
    return new ebs.Volume(
      this.child(`${resource}-data`),
      { availabilityZone: zone, type: "gp3", size: dataDisk, encrypted: true, kmsKeyId: this.plan.settings.kmsKey, tags: this.tags(`${resource}-data`) },
      this.under(),
    );
  }

  private instance(machine: AwsMachine, disk: ebs.Volume, key: pulumi.Output<ReturnType<typeof deriveHostKey>>): ec2.Instance {
    const { settings, stack } = this.plan;
    const { network, security, roles } = this.ground;
    const boot = pulumi.all([key, disk.id, this.login]).apply(([hostKey, dataVolume, authorizedKey]) =>
      userData({ name: machine.name, user: defaults.aws.user, authorizedKey, hostKey, dataVolume, ...(settings.alarms && { metrics: { region: settings.region, stack } }) }),
    );
    return new ec2.Instance(
      this.child(machine.resource),
      {
        ami: this.ami,
        instanceType: machine.type,
        subnetId: network.hosts[machine.zone],
        privateIp: machine.address,
        vpcSecurityGroupIds: this.groups(machine).map((group) => security.id(group)),
        iamInstanceProfile: roles.of(machine.group),
        keyName: this.keyPair.keyName,
        userData: pulumi.secret(boot),
        disableApiTermination: machine.protect,
        instanceMarketOptions: machine.market === "spot" ? { marketType: "spot", spotOptions: { spotInstanceType: "one-time", instanceInterruptionBehavior: "terminate" } } : undefined,
        // Hop limit 1: containers on bridges and overlays do not get to the instance's credentials.
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1, instanceMetadataTags: "disabled" },
        rootBlockDevice: { volumeType: "gp3", volumeSize: machine.rootDisk, encrypted: true, kmsKeyId: settings.kmsKey, deleteOnTermination: true, tags: this.tags(`${machine.resource}-root`) },
        monitoring: settings.alarms !== undefined,
        tags: { ...this.tags(machine.name), "dockyard.host": machine.name },
      },
      this.under({
        protect: machine.protect,
        deleteBeforeReplace: false,
        additionalSecretOutputs: ["userData"],
        // What is read at first boot alone. A newer image, another login or another script are for machines to come.
        ignoreChanges: ["ami", "userData", "keyName"],
        // On the way down the disk goes after the instance that has it in use.
        dependsOn: [disk],
      }),
    );
  }

  private groups({ role, group }: AwsMachine) {
    const { edge } = this.plan.settings;
    const serves = edge !== undefined && (edge.groups === undefined || edge.groups.includes(group));
    return ["members" as const, ...(role === "manager" ? (["managers"] as const) : []), ...(serves ? (["edge"] as const) : [])];
  }

  /** An address that stays when the instance is stopped and started. */
  private publicAddress({ resource }: AwsMachine, instance: ec2.Instance): ec2.Eip {
    return new ec2.Eip(this.child(resource), { domain: "vpc", instance: instance.id, tags: this.tags(resource) }, this.under());
  }
}
