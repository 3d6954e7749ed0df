import * as pulumi from "@pulumi/pulumi";
import * as dockyard from "../../provider/sdk";
import { Component } from "../component";

export interface OverlayArgs {
  cluster: pulumi.Input<string>;
  /** Name in the Swarm. */
  name: string;
  /** CIDR from the address planner; left out, Swarm picks one from its own pool. */
  subnet?: string;
  /** "new": if it is made anew, and every host can; one that exists stays as it is, as it does when this is left out. */
  encrypted?: boolean | "new";
  /** Whether every host's kernel can encrypt. Default false. */
  encryptable?: pulumi.Input<boolean>;
  attachable?: boolean;
  internal?: boolean;
  mtu?: number;
  labels?: Record<string, string>;
}

/** An overlay network across all hosts. Swarm cannot change one: whatever differs makes it anew, and everything on it. */
export class OverlayNetwork extends Component {
  /** What services name it by. */
  readonly networkId: pulumi.Output<string>;

  constructor(name: string, args: OverlayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("OverlayNetwork", name, opts);
    const { encrypted, encryptable, ...rest } = args;
    const decided = encrypted === "new" ? pulumi.output(encryptable).apply((can) => (can ? encrypted : undefined)) : encrypted;
    const network = new dockyard.Network(this.name, { ...rest, encrypted: decided }, this.under());
    this.networkId = network.id;
    this.complete({ networkId: this.networkId });
  }
}
