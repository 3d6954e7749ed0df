import * as pulumi from "@pulumi/pulumi";
import * as dockyard from "../../provider/sdk";
import type { Owner } from "../../provider/swarm/owner/owner";
import { Component } from "../component";
import type { Machine } from "../hosts/machines";

export interface SwarmArgs {
  machines: readonly Machine[];
  /** Whose the platform is. */
  owner: pulumi.Input<Owner>;
  /** See Cluster. */
  settings: { addressPool: string[]; subnetSize: number; dataPathPort: number; taskHistory: number; certificateExpiry: string; autolock: boolean; rotation: { ca: number; joinTokens: number; unlockKey: number } };
}

/** The Swarm and the membership of every host in it. */
export class Swarm extends Component {
  /** The cluster's id. */
  readonly cluster: pulumi.Output<string>;
  /** What to depend on when a complete Swarm is needed. */
  readonly nodes: readonly dockyard.Node[];

  constructor(name: string, args: SwarmArgs, opts?: pulumi.ComponentResourceOptions) {
    super("Swarm", name, opts);
    const managers = args.machines.filter(({ role }) => role === "manager");
    const workers = args.machines.filter(({ role }) => role === "worker");
    const first = managers[0];
    if (!first) throw new Error("a Swarm needs at least one manager");

    const cluster = new dockyard.Cluster(
      this.child("cluster"),
      { owner: args.owner, ...args.settings, init: { connection: first.connection, advertiseAddress: first.advertiseAddress } },
      this.under({ dependsOn: managers.map(({ engine }) => engine) }),
    );
    this.cluster = cluster.id;
    const join = (machine: Machine, after: pulumi.Resource[]) =>
      new dockyard.Node(
        machine.name,
        {
          cluster: cluster.id,
          connection: machine.connection,
          name: machine.name,
          machine: machine.machineId,
          advertiseAddress: machine.advertiseAddress,
          role: machine.role,
          availability: machine.availability,
          labels: machine.labels,
        },
        this.under({ dependsOn: [machine.engine, ...after] }),
      );
    const managing = managers.map((machine) => join(machine, []));
    // Workers come after the managers, and so leave before them: no worker is left without anyone to ask.
    this.nodes = [...managing, ...workers.map((machine) => join(machine, managing))];
    this.complete({ cluster: this.cluster });
  }
}
