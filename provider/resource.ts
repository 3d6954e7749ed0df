import type * as z from "zod";
import type { PlannedNode, ProviderConfiguration } from "./configuration";
import type { Connection } from "./remote/connection";
import type { Machine } from "./remote/machine";
import type { SwarmManager } from "./remote/manager";
import type { Claimant } from "./swarm/owner/owner";
import type { Waiting } from "./turns";

/** One difference between what is and what is asked for, as a preview shows it. */
export interface Change {
  /** Property path, "placement.constraints[0]". */
  readonly path: string;
  readonly kind: "add" | "update" | "delete";
  /** The resource cannot be changed in this and is made anew. */
  readonly replace?: boolean;
}

/** An input that is refused, with the path of the property that is wrong. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** What a resource has to work with while one of its verbs runs. */
export interface Operation extends Claimant {
  /** Aborted when the user cancels; verbs stop at the next step boundary. */
  readonly signal: AbortSignal;
  /** One line of progress in Pulumi's display, replaced by the next. */
  status(message: string): void;
  /** A line that stays in Pulumi's output. */
  warn(message: string): void;
  /**
   * The host's one SSH connection. Throws when it does not answer within the provider's `connectTimeout`; with `wait`
   * it keeps trying for that many milliseconds, for a host that is still booting.
   */
  machine(connection: Connection, options?: { wait?: number }): Promise<Machine>;
  /** Logs in on the host anew, with nothing but the first of the provider's keys. Throws when it is refused. */
  proveLogin(connection: Connection): Promise<void>;
  /** The first manager that answers and sees a quorum, asked for at run time. */
  manager(): Promise<SwarmManager>;
  /** How long to wait for what, in milliseconds, from the provider's configuration. */
  readonly timeouts: Readonly<Record<"command" | "engine" | "membership" | "drain" | "removal" | "rotation" | "convergence", number>>;
  /** Keeps other stacks and machines from changing the cluster meanwhile. @throws Refused when one of them does so now */
  leased<T>(work: () => Promise<T>): Promise<T>;
  /** For what changes the platform outside of the Swarm. @throws Refused when the Swarm is another owner's by now; see `assertOwned` */
  assertOwned(): Promise<void>;
  /** The managers of the configuration, in its order. */
  readonly managers: readonly Connection[];
  /** The nodes of the configuration; empty where the program does not say. */
  readonly nodes: readonly PlannedNode[];
  /** How engines are changed that are in a Swarm. */
  readonly engines: ProviderConfiguration["engines"];
  /** The stack that the resource belongs to. */
  readonly stack: string;
  /**
   * Credentials for the registry that `image` lives in, as the Docker API wants them; undefined when it needs none. Those to push with
   * are for one call to an engine: whatever hosts keep is "pull", the default.
   */
  registryAuth(image: string, purpose?: "pull" | "push"): RegistryAuth | undefined;
  /** Runs `work` alone among everything that uses the same key: changes of one cluster's membership, for instance. */
  exclusively<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** Restarts of one cluster's engines, and what takes nodes into raft and out of it: lower ranks first. See {@link Turns}. */
  inTurn<T>(key: string, who: Waiting, work: () => Promise<T>): Promise<T>;
  /** One result for all who ask with the same key while this process lives, until `forget`; what reads share. */
  shared<T>(key: string, make: () => Promise<T>): Promise<T>;
  forget(key: string): void;
}

export interface RegistryAuth {
  readonly username: string;
  readonly password: string;
  readonly serveraddress: string;
}

/** What stays in state besides the inputs. */
export interface Stored<I, O> {
  readonly inputs: I;
  readonly outputs: O;
}

/**
 * One kind of resource. Every create and update observes, plans (pure), applies and observes again, so it adopts
 * what exists and may be repeated after a kill at any point. `check` and `diff` are pure and open no connection.
 */
export interface ResourceKind<I extends object = object, O extends object = object> {
  /** "dockyard:swarm:Service" */
  readonly type: string;
  readonly description: string;
  readonly inputs: z.ZodObject;
  /** What the resource knows beyond its inputs. */
  readonly outputs: z.ZodObject;
  /** Inputs that are secret wherever they stand. */
  readonly secrets?: readonly string[];
  /** Whether the old one has to go before its replacement can be made (a name that exists once). Default false. */
  readonly deleteBeforeReplace?: boolean;
  /**
   * Its id is that of the very object in the Swarm, and a create may take over one that exists. Then the delete of a former
   * resource is passed over while a living one stands for the same object. Default false.
   */
  readonly takesOver?: boolean;
  /**
   * What the inputs leave open, decided by what the resource has (`known`; undefined for one that is to be made, also in place of
   * another): the inputs to add. So a default can be another one for new resources without touching those that are there. Pure; asked before
   * everything else.
   */
  decide?(wanted: Record<string, unknown>, known: Record<string, unknown> | undefined): Record<string, unknown>;
  /** Rules beyond the schema. Not asked while an input is unknown. */
  check?(inputs: I): CheckFailure[];
  /** Differences; left out: every input that differs is an update. Throws Refused for what can never change. Unknown new values come as undefined with their paths in `unknown`. */
  diff?(old: Stored<I, O>, wanted: I, unknown: readonly string[]): Change[];
  /**
   * Differences that neither state nor inputs tell, asked for at every diff. The one way in which a diff may open a connection:
   * for what must not wait until somebody refreshes. It changes nothing.
   */
  look?(op: Operation, old: Stored<I, O>): Promise<Change[]>;
  /**
   * Warns, through `op`, of what the changes will interrupt or be refused for. Asked only where something changes; it may open a
   * connection, changes nothing, and what it cannot find out is no failure.
   */
  foretell?(op: Operation, changes: readonly Change[], old: Stored<I, O>, wanted: I): Promise<void>;
  /** What the changes do to what runs, for the preview: "replaces 2 tasks". Left out, or undefined: the paths say it all. */
  explain?(changes: readonly Change[], wanted: I): string | undefined;
  create(op: Operation, inputs: I): Promise<{ id: string; outputs: O }>;
  /** What is there now, or undefined when it is gone. Inputs come back as they would have to be written to describe it. */
  read(op: Operation, id: string, stored: Stored<I, O>): Promise<Stored<I, O> | undefined>;
  update?(op: Operation, id: string, old: Stored<I, O>, wanted: I): Promise<{ outputs: O }>;
  delete(op: Operation, id: string, stored: Stored<I, O>): Promise<void>;
}

/** Asked for something that cannot be: the message says what, why, and what to do instead. Nothing was changed. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** A create that got half-way: what exists is kept in state, so that the next run goes on from there. */
export class PartlyCreated extends Error {
  override readonly name = "PartlyCreated";
  constructor(
    readonly id: string,
    readonly outputs: object,
    cause: Error,
  ) {
    super(cause.message, { cause });
  }
}
