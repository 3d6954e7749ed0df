import * as pulumi from "@pulumi/pulumi";
import * as dockyard from "../../provider/sdk";
import { knownHoles } from "../../provider/hosts/knownHoles";
import { Component } from "../component";
import type { PlatformHost } from "./host";
import type { PresentLogin } from "./loginKeys";

export interface MachinesArgs {
  hosts: readonly PlatformHost[];
  /** What each host has to bring along; see Host. */
  requirements: { diskFree?: number; clockSkew?: number; features?: string[] };
  /** Subnets that the platform uses inside the Swarm: no route of a host may collide with them. */
  pools: string[];
  /** The key that is to log in instead of the one that hosts were made with; left out: nothing is changed there. */
  login?: PresentLogin;
  /** How long a new host may take to answer, a duration. */
  bootTimeout: string;
  engine: { package: { source: string; version?: string }; daemon: Record<string, unknown> };
  /** The registry that the engines trust, and the PEM of its CA. */
  trust: { registry: string; certificate: pulumi.Input<string> };
  /** Names that the hosts resolve without a DNS server, with their addresses; of several the first that answers is taken. */
  names: Record<string, string | string[]>;
}

/** A host whose engine is ready to join the Swarm. */
export interface Machine extends PlatformHost {
  readonly machineId: pulumi.Output<string>;
  readonly engine: dockyard.Engine;
}

/** Every host passed preflight, and its engine runs with the platform's settings. */
export class Machines extends Component {
  readonly machines: readonly Machine[];
  /** Names of the hosts whose kernel cannot encrypt networks. */
  readonly withoutEsp: pulumi.Output<string[]>;
  /** Known holes of the engines that a newer release of their line mends, a line each. */
  readonly holes: pulumi.Output<string[]>;

  constructor(
    name: string,
    private readonly args: MachinesArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("Machines", name, opts);
    const checked = args.hosts.map((host) => this.check(host));
    this.withoutEsp = pulumi.all(checked.map(({ features }) => features)).apply((all) => args.hosts.flatMap(({ name }, index) => (all[index]!.includes("esp") ? [] : [name])));
    this.machines = args.hosts.map((host, index) => this.prepare(host, checked[index]!, checked));
    this.holes = pulumi
      .all(this.machines.map(({ name, engine: { version, runc } }) => pulumi.all([version, runc]).apply(([known, its]) => ({ name, version: known, runc: its }))))
      .apply((engines) => holesByHost(engines, args.engine.package.source));
    this.complete();
  }

  private check(host: PlatformHost): dockyard.Host {
    const { requirements, pools, bootTimeout } = this.args;
    return new dockyard.Host(
      host.name,
      { connection: host.connection, name: host.name, requirements, pools, addresses: [host.advertiseAddress], timeout: bootTimeout, instance: instanceOf(host) },
      this.under({ dependsOn: [...host.machine] }),
    );
  }

  /** Waits for the checks of all hosts: one that cannot be taken keeps the others as they were. */
  private prepare(host: PlatformHost, checked: dockyard.Host, all: readonly dockyard.Host[]): Machine {
    const { engine, trust, names, login } = this.args;
    // A machine that goes takes everything on it along; one that stays gets back what was its own.
    const going = host.machine[0] && { deletedWith: host.machine[0] };
    if (login) new dockyard.Login(host.name, { connection: host.connection, host: checked.id, ...login }, this.under({ dependsOn: [...all], ...going }));
    const trusting = new dockyard.Trust(host.name, { connection: host.connection, host: checked.id, ...trust }, this.under({ dependsOn: [...all], ...going }));
    const running = new dockyard.Engine(
      host.name,
      { connection: host.connection, host: checked.id, package: engine.package, daemon: engine.daemon, names },
      // With its CA in place an engine trusts the registry from its first moment on, and whoever waits for it waits for that.
      this.under({ dependsOn: [...all, trusting], ...going }),
    );
    return { ...host, machineId: checked.id, engine: running };
  }
}

/** What several hosts have in common is one line: "m1, m2: engine …". */
function holesByHost(engines: readonly { name: string; version: string; runc?: string }[], source: string): string[] {
  const hosts = new Map<string, string[]>();
  for (const { name, version, runc } of engines) {
    for (const hole of knownHoles({ version, runc, source: source === "docker" ? source : "distribution" })) hosts.set(hole, [...(hosts.get(hole) ?? []), name]);
  }
  return [...hosts].map(([hole, names]) => `${names.join(", ")}: ${hole}`);
}

/** What the source knows the machine by: another container is another machine, also at the same address. */
function instanceOf(host: PlatformHost): pulumi.Output<string> | undefined {
  const [machine] = host.machine;
  return machine && pulumi.CustomResource.isInstance(machine) ? machine.id : undefined;
}
