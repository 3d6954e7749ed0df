import * as pulumi from "@pulumi/pulumi";
import type { EngineChanges, PlannedNode, ProviderTimeouts, RegistryLogin } from "./configuration";
import type { ManagerConnection } from "./remote/connection";
import type { Proxies } from "./remote/way";
import type { ClusterInputs } from "./swarm/cluster/cluster";
import type { NodeInputs } from "./swarm/node/inputs";
import type { Owner } from "./swarm/owner/owner";
import type { ServiceInputs } from "./swarm/service/inputs";

/*
 * The provider's resources as a program sees them. Inputs are those of the kinds (checked there); every output that is
 * named here exists on the kind.
 */

/** Plain data whose parts may be known only later, at any depth. */
export type Later<T> = pulumi.Input<
  T extends readonly (infer E)[] ? Later<E>[] : T extends object ? { [K in keyof T]: Later<T[K]> } : T
>;
export type Args<T> = { [K in keyof T]: Later<T[K]> };

export interface ProviderArgs {
  /** Whose the platform is; a platform of another owner is not changed. */
  owner?: Later<Owner>;
  /** Key to log in with on hosts whose connection names no file, or several of which the first is the present one; kept secret. */
  privateKey?: pulumi.Input<string>;
  /** Commands that lead to hosts, by the name that their connections give as `proxy`. */
  proxies?: Proxies;
  /** The Swarm's managers, in the order in which they are asked. */
  managers: Later<ManagerConnection[]>;
  /** Every node that the Swarm is to have: a change is looked through as a whole before its first step. */
  nodes?: readonly PlannedNode[];
  engines?: EngineChanges;
  /** Logins for registries by address; kept secret. */
  registries?: Later<Record<string, RegistryLogin>>;
  timeouts?: ProviderTimeouts;
}

/** Reaches hosts and the Swarm. One for a platform: it keeps one SSH connection a host. */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    const json = (value: unknown) => (value === undefined ? undefined : pulumi.output(value).apply((known) => JSON.stringify(known)));
    super(
      "dockyard",
      name,
      {
        owner: json(args.owner),
        privateKey: args.privateKey === undefined ? undefined : pulumi.secret(args.privateKey),
        proxies: json(args.proxies),
        managers: json(args.managers),
        nodes: json(args.nodes),
        engines: json(args.engines),
        registries: args.registries === undefined ? undefined : pulumi.secret(json(args.registries)!),
        timeouts: json(args.timeouts),
      },
      opts,
    );
  }
}

/** A machine that passed preflight. Its id is its machine-id. */
export class Host extends pulumi.CustomResource {
  declare readonly hostname: pulumi.Output<string>;
  /** Kernel features that work; see Feature. */
  declare readonly features: pulumi.Output<string[]>;

  constructor(name: string, args: Record<string, unknown>, opts?: pulumi.CustomResourceOptions) {
    super("dockyard:hosts:Host", name, { hostname: undefined, features: undefined, ...args }, opts);
  }
}

/** The SSH key of the platform's that logs in on a host. */
export class Login extends pulumi.CustomResource {
  constructor(name: string, args: Record<string, unknown>, opts?: pulumi.CustomResourceOptions) {
    super("dockyard:hosts:Login", name, args, opts);
  }
}

/** The Docker engine of a host, with its settings and the names it knows. */
export class Engine extends pulumi.CustomResource {
  declare readonly version: pulumi.Output<string>;
  /** Undefined where the engine does not tell it. */
  declare readonly runc: pulumi.Output<string | undefined>;

  constructor(name: string, args: Record<string, unknown>, opts?: pulumi.CustomResourceOptions) {
    super("dockyard:hosts:Engine", name, { version: undefined, runc: undefined, ...args }, opts);
  }
}

/** One CA that a host's engine trusts for a registry. */
export class Trust extends pulumi.CustomResource {
  constructor(name: string, args: Record<string, unknown>, opts?: pulumi.CustomResourceOptions) {
    super("dockyard:hosts:Trust", name, { file: undefined, ...args }, opts);
  }
}

/** The Swarm and its cluster-wide settings. Its id is the cluster's. */
export class Cluster extends pulumi.CustomResource {
  declare readonly createdAt: pulumi.Output<string>;

  constructor(name: string, args: Args<ClusterInputs>, opts?: pulumi.CustomResourceOptions) {
    // The unlock keys are for the provider itself, which gets them back with the state; they are encrypted there.
    const secret = { additionalSecretOutputs: ["unlockKey", "formerUnlockKey"] };
    super("dockyard:swarm:Cluster", name, { createdAt: undefined, ...args }, pulumi.mergeOptions(opts, secret));
  }
}

/** A host's membership in the Swarm. Its id is the node's. */
export class Node extends pulumi.CustomResource {
  constructor(name: string, args: Args<NodeInputs>, opts?: pulumi.CustomResourceOptions) {
    super("dockyard:swarm:Node", name, args, opts);
  }
}

/** An overlay network. Its id is the one that services name. */
export class Network extends pulumi.CustomResource {
  constructor(name: string, args: Record<string, unknown>, opts?: pulumi.CustomResourceOptions) {
    super("dockyard:swarm:Network", name, args, opts);
  }
}

/** A Swarm secret; its data is secret in state and never shown. */
export class Secret extends pulumi.CustomResource {
  constructor(name: string, args: { data?: pulumi.Input<string> } & Record<string, unknown>, opts?: pulumi.CustomResourceOptions) {
    super("dockyard:swarm:Secret", name, { ...args, data: args.data === undefined ? undefined : pulumi.secret(args.data) }, opts);
  }
}

/** A Swarm config; its data is secret in state and never shown, as it may come from where secrets do. */
export class Config extends pulumi.CustomResource {
  constructor(name: string, args: Record<string, unknown>, opts?: pulumi.CustomResourceOptions) {
    super("dockyard:swarm:Config", name, { ...args, data: args.data === undefined ? undefined : pulumi.secret(args.data) }, { ...opts, additionalSecretOutputs: ["data"] });
  }
}

/** A Swarm service; created and updated means converged. */
export class Service extends pulumi.CustomResource {
  constructor(name: string, args: Args<ServiceInputs>, opts?: pulumi.CustomResourceOptions) {
    super("dockyard:swarm:Service", name, args, opts);
  }
}

/** One task that runs to its end, once for each change; created and updated means that it ended well. */
export class Job extends pulumi.CustomResource {
  constructor(name: string, args: Args<ServiceInputs>, opts?: pulumi.CustomResourceOptions) {
    super("dockyard:swarm:Job", name, args, opts);
  }
}

/** An image in the platform's registry, or loaded onto hosts. */
export class Image extends pulumi.CustomResource {
  /** What a service names to run exactly this image. */
  declare readonly reference: pulumi.Output<string>;
  /** As it was given. */
  declare readonly login: pulumi.Output<string>;

  constructor(name: string, args: Record<string, unknown>, opts?: pulumi.CustomResourceOptions) {
    super("dockyard:registry:Image", name, { reference: undefined, ...args }, opts);
  }
}

/** The proof that a host's engine gets into a registry. */
export class Access extends pulumi.CustomResource {
  constructor(name: string, args: Record<string, unknown>, opts?: pulumi.CustomResourceOptions) {
    super("dockyard:registry:Access", name, args, opts);
  }
}

/** Spreads tasks again over the nodes, once for each count. */
export class Rebalance extends pulumi.CustomResource {
  constructor(name: string, args: Record<string, unknown>, opts?: pulumi.CustomResourceOptions) {
    super("dockyard:swarm:Rebalance", name, args, opts);
  }
}
