import type Docker from "dockerode";
import type { EngineLog } from "./engineLog";
import { type ProviderConfiguration, registryAuth } from "./configuration";
import { Connections } from "./remote/connections";
import { findManager, type SwarmManager } from "./remote/manager";
import { Slots } from "./remote/slots";
import { type Operation, Refused } from "./resource";
import { ClusterLease } from "./swarm/lease/clusterLease";
import { leaseHolder } from "./swarm/lease/holder";
import { assertOwned } from "./swarm/owner/assertOwned";
import { type Claimant, TAKE_OVER } from "./swarm/owner/owner";
import { Turns, type Waiting } from "./turns";

/** How long a manager that was found is used without asking it again, in milliseconds. */
const MANAGER_FRESH = 3000;
/** How long an answer to whose the platform is counts for what is done outside of the Swarm, in milliseconds. */
const OWNED_FRESH = 30_000;

/** What all operations of one configured provider share: connections, the manager in use, locks, shared reads. */
export class Session {
  readonly connections: Connections;
  private readonly cancelled = new AbortController();
  private readonly locks = new Map<string, Slots>();
  private readonly turns = new Map<string, Turns>();
  private readonly results = new Map<string, Promise<unknown>>();
  private lease: ClusterLease | undefined;
  private found?: { manager: Promise<SwarmManager>; at: number };
  private owned?: { answer: Promise<void>; at: number };
  private readonly claimant: Claimant;

  constructor(
    readonly configuration: ProviderConfiguration,
    private readonly log: EngineLog,
  ) {
    this.claimant = { owner: configuration.owner, takeOver: process.env[TAKE_OVER] || undefined };
    const { connect, command } = configuration.timeouts;
    this.connections = new Connections({ privateKey: configuration.privateKey, proxies: configuration.proxies, connectTimeout: connect, commandTimeout: command });
  }

  /** Everything that is under way stops at its next step. */
  cancel(): void {
    this.cancelled.abort(new Error("cancelled"));
  }

  close(): void {
    this.connections.close();
  }

  operation(urn: string): Operation {
    return {
      ...this.claimant,
      signal: this.cancelled.signal,
      managers: this.configuration.managers,
      nodes: this.configuration.nodes,
      engines: this.configuration.engines,
      stack: stackOf(urn),
      timeouts: this.configuration.timeouts,
      status: (message) => this.log.status(urn, message),
      warn: (message) => this.log.warn(urn, message),
      machine: (connection, options) => this.connections.machine(connection, options?.wait, this.cancelled.signal),
      proveLogin: (connection) => this.connections.proveLogin(connection),
      manager: () => this.manager(),
      registryAuth: (image, purpose = "pull") => registryAuth(this.configuration, image, purpose),
      exclusively: (key, work) => this.exclusively(key, work),
      leased: (work) => this.leased(urn, work),
      assertOwned: () => this.assertOwned(),
      inTurn: (key, who, work) => this.inTurn(key, who, work),
      shared: (key, make) => this.shared(key, make),
      forget: (key) => void this.results.delete(key),
    };
  }

  private manager(): Promise<SwarmManager> {
    const now = Date.now();
    if (this.found && now - this.found.at < MANAGER_FRESH) return this.found.manager;
    const manager = findManager(this.configuration.managers, (connection) => this.connections.machine(connection));
    const found = { manager, at: now };
    this.found = found;
    manager.catch(() => {
      if (this.found === found) this.found = undefined;
    });
    return manager;
  }

  private exclusively<T>(key: string, work: () => Promise<T>): Promise<T> {
    const lock = this.locks.get(key) ?? new Slots(1);
    this.locks.set(key, lock);
    return lock.use(async () => {
      this.cancelled.signal.throwIfAborted();
      return work();
    });
  }

  private async leased<T>(urn: string, work: () => Promise<T>): Promise<T> {
    const ttl = this.configuration.timeouts.lease;
    if (this.configuration.managers.length === 0) return work();
    if (ttl === 0) {
      await this.assertOwned();
      return work();
    }
    const settings = { holder: leaseHolder(urn), ttl, broken: process.env.DOCKYARD_BREAK_LEASE, admit: (docker: Docker) => assertOwned(docker, this.claimant) };
    this.lease ??= new ClusterLease(settings, async () => (await this.manager()).docker);
    return this.lease.during(work);
  }

  /** Where no manager answers nobody can say, and there may be no Swarm yet. */
  private assertOwned(): Promise<void> {
    const now = Date.now();
    if (this.owned && now - this.owned.at < OWNED_FRESH) return this.owned.answer;
    const answer = this.manager()
      .then(({ docker }) => assertOwned(docker, this.claimant))
      .catch((error: unknown) => {
        if (error instanceof Refused) throw error;
      });
    this.owned = { answer, at: now };
    return answer;
  }

  private inTurn<T>(key: string, who: Waiting, work: () => Promise<T>): Promise<T> {
    const turns = this.turns.get(key) ?? new Turns();
    this.turns.set(key, turns);
    return turns.take(who, () => {
      this.cancelled.signal.throwIfAborted();
      return work();
    });
  }

  private shared<T>(key: string, make: () => Promise<T>): Promise<T> {
    const existing = this.results.get(key) as Promise<T> | undefined;
    if (existing) return existing;
    const made = make();
    this.results.set(key, made);
    made.catch(() => this.results.delete(key)); // the next one who asks tries again
    return made;
  }
}

/** "urn:pulumi:STACK::PROJECT::TYPE::NAME" */
function stackOf(urn: string): string {
  return urn.split("::", 1)[0]!.split(":").at(-1)!;
}
