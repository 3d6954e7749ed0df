/*
 * Rules as plain data and functions, without Pulumi: policy/index.ts hands them to the CLI. What they read may be unknown
 * at preview; reading it throws there, so a rule reads no more than it needs and yields what it finds as it goes.
 */

/** "mandatory" stops a preview or an update, "advisory" only tells, "disabled" waits for a configuration that asks for it. */
export type Level = "mandatory" | "advisory" | "disabled";

interface Described {
  /** What the pack's configuration and the reports call it; part of the pack's interface. */
  readonly name: string;
  /** What is asked for, and why. */
  readonly description: string;
  readonly level: Level;
  /** What an entry of the rule's setting "allow" means; left out, there are no exceptions but another level. */
  readonly allow?: string;
}

/** A rule on one resource at a time. */
export interface ResourceRule<Props> extends Described {
  /** Type tokens of the resources it looks at. */
  readonly types: readonly string[];
  /** What is wrong, one message each. `allowed` holds the exceptions of the configuration. */
  check(props: Props, allowed: readonly string[]): Iterable<string>;
}

/** A resource as a rule on the whole stack sees it. */
export interface StackResource {
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  readonly protect: boolean;
  readonly props: Readonly<Record<string, unknown>>;
  /** Logical names of the resources that one of its properties is made of; known where the property itself is not yet. */
  uses(property: string): readonly string[];
}

/** A rule on all resources of a stack together. */
export interface StackRule extends Described {
  checkAll(resources: readonly StackResource[], allowed: readonly string[]): Iterable<string>;
}

export const SERVICE = "dockyard:swarm:Service";
export const JOB = "dockyard:swarm:Job";
export const NETWORK = "dockyard:swarm:Network";
export const NODE = "dockyard:swarm:Node";
export const ENGINE = "dockyard:hosts:Engine";
export const PRIVATE_KEY = "tls:index/privateKey:PrivateKey";

/** Whether an exception names the thing, for all services ("/dev/snd") or for this one ("shop_player:/dev/snd"). */
export function isAllowed(allowed: readonly string[], service: string, thing: string): boolean {
  return allowed.includes(thing) || allowed.includes(`${service}:${thing}`);
}

/** The meaning of exceptions as {@link isAllowed} takes them. */
export const perService = (thing: string): string => `${thing}, for every service, or "service:${thing}" with the service's full name, for one`;
