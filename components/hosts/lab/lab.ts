import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { detectCgroup, HOST_DATA_PATH, hostContainerOptions, hostUploads } from "../../../lab/hostContainer";
import { Component } from "../../component";
import type { HostSource, PlatformHost } from "../host";
import { deriveHostKey } from "../hostKey";
import { loginKeys, type PresentLogin } from "../loginKeys";

/**
 * How a host is run is what it was made with: another set of these is another container, and that one would be without what the
 * platform has put into the host. A lab that is there keeps its own until `down`; hosts that are added get the present ones.
 */
const MADE_WITH = ["capabilities", "securityOpts", "cgroupnsMode", "volumes"];

/** A host of the lab, as the configuration plans it. */
export interface LabHost extends Omit<PlatformHost, "connection" | "machine"> {
  readonly advertiseAddress: string;
}

export interface LabArgs {
  /** What the hosts' containers are made from. */
  image: string;
  /** Bridge network that the hosts stand in, CIDR. */
  subnet: string;
  /** What names of containers, volumes and the bridge begin with: "dockyard-dev-". */
  prefix: string;
  /** Which login key hosts have, counted from 1. */
  loginGeneration: number;
  hosts: readonly LabHost[];
}

/** Hosts that are containers on the local engine: systemd, sshd and an engine of their own in each. */
export class Lab extends Component implements HostSource {
  readonly hosts: readonly PlatformHost[];
  readonly privateKey: pulumi.Output<string>;
  readonly login?: PresentLogin;
  private readonly labels: { label: string; value: string }[];

  constructor(
    name: string,
    private readonly args: LabArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("Lab", name, opts);
    // Whatever is left of a stack whose state was lost is found, and removed, by this label.
    this.labels = [{ label: "dockyard.stack", value: pulumi.getStack() }];

    const keys = loginKeys(args.loginGeneration, (suffix) => new tls.PrivateKey(this.child(suffix), { algorithm: "ED25519" }, this.under()));
    const seed = new tls.PrivateKey(this.child("host-key-seed"), { algorithm: "ED25519" }, this.under());
    this.privateKey = keys.privateKey;
    this.login = keys.present;
    const network = new docker.Network(
      this.child("network"),
      { name: `${args.prefix}lab`, driver: "bridge", ipamConfigs: [{ subnet: args.subnet }], labels: this.labels },
      this.under({ deleteBeforeReplace: true }),
    );
    this.hosts = args.hosts.map((host) => this.host(host, network, keys.first, seed.privateKeyPem));
    this.complete({ hosts: args.hosts.map(({ name }) => name) });
  }

  private host(host: LabHost, network: docker.Network, authorized: pulumi.Output<string>, seed: pulumi.Output<string>): PlatformHost {
    const key = seed.apply((secret) => deriveHostKey(secret, host.name));
    const volume = new docker.Volume(this.child(host.name), { name: `${this.args.prefix}${host.name}`, labels: this.labels }, this.under());
    const container = new docker.Container(
      this.child(host.name),
      {
        ...hostContainerOptions(detectCgroup()),
        name: `${this.args.prefix}${host.name}`,
        hostname: host.name,
        image: this.args.image,
        restart: "unless-stopped",
        volumes: [{ containerPath: HOST_DATA_PATH, volumeName: volume.name }],
        networksAdvanced: [{ name: network.name, ipv4Address: host.advertiseAddress }],
        uploads: hostUploads<pulumi.Output<string>>(pulumi.secret(key.apply(({ privateKey }) => privateKey)), authorized),
        labels: this.labels,
      },
      this.under({ deleteBeforeReplace: true, ignoreChanges: MADE_WITH }),
    );
    const hostKey = pulumi.unsecret(key.apply(({ publicKey }) => publicKey));
    return { ...host, connection: hostKey.apply((pinned) => ({ address: host.advertiseAddress, hostKey: pinned })), machine: [container] };
  }
}
