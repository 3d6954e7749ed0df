import { setTimeout as sleep } from "node:timers/promises";
import type { Operation } from "../../resource";
import { judge, steadiness, type Steadiness } from "./convergence";
import type { LiveTask } from "./engineApi";
import { listNodes, listServices, listTasks } from "./swarmView";
import type { Nodes } from "./tasks";

/** Milliseconds between the ends of two looks at the Swarm while something is in flight. */
const INTERVAL = 150;
/** Between two looks passes at least this many times the time that a look takes: watching must not slow down what it watches. */
const EASE = 4;
/** How long the list of nodes counts as fresh, in milliseconds; less where a task names a node that is not in it. */
const NODES_FRESH = 5000;
const NODES_FRESH_FOR_STRANGERS = 1000;
/** A service without any task is looked at for at least this long, in milliseconds: the engine may not have made them yet. */
const EMPTY_STABLE = 1000;

/** A rollout that did not converge. */
export class NotConverged extends Error {
  override readonly name = "NotConverged";
  constructor(
    message: string,
    /** Those that failed, as far as one can tell. */
    readonly tasks: readonly LiveTask[],
    /** The engine gave up, or another attempt would end the same way; false when only the time was up. */
    readonly hopeless: boolean,
  ) {
    super(message);
  }
}

/** One service whose convergence is waited for. */
export interface Rollout {
  readonly op: Operation;
  readonly id: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** Milliseconds that the tasks have to stay up, unchanged. */
  readonly stable: number;
  /** Version that was there before the update; a look that still shows it says nothing. */
  readonly staleVersion?: number;
}

interface Waiter extends Rollout {
  readonly deadline: number;
  readonly settle: (error?: Error) => void;
  steady?: Steadiness;
  shown?: string;
  reason: string;
}

/**
 * Watches every service in flight in one cluster with one list of services and one of tasks a look, however many they
 * are. (Swarm has events for services, but none for tasks.) Runs only while somebody waits.
 */
export class ConvergenceWatch {
  private readonly waiters = new Set<Waiter>();
  private running = false;
  private nodes: { found: Nodes; at: number } | undefined;

  /**
   * Resolves when the service has converged and stayed so.
   * @throws NotConverged when it cannot or did not in time; Error when the operation is cancelled
   */
  converged(rollout: Rollout): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        ...rollout,
        deadline: Date.now() + rollout.timeout,
        reason: "nothing was seen of it yet",
        settle: (error) => {
          this.waiters.delete(waiter);
          if (error) reject(error);
          else resolve();
        },
      };
      this.waiters.add(waiter);
      void this.run();
    });
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    while (this.waiters.size > 0) {
      this.cancel();
      const started = Date.now();
      await this.look().catch((error: Error) => this.failedLook(error));
      await sleep(Math.max(INTERVAL, EASE * (Date.now() - started)));
    }
    this.running = false;
  }

  private cancel(): void {
    for (const waiter of this.waiters) {
      if (waiter.op.signal.aborted) waiter.settle(new Error(`cancelled while the service converges (${waiter.reason}); the next run goes on from there`));
    }
  }

  private async look(): Promise<void> {
    const watched = [...this.waiters];
    if (watched.length === 0) return;
    const { docker } = await watched[0]!.op.manager();
    const services = new Map((await listServices(docker, watched.map(({ id }) => id))).map((service) => [service.ID, service]));
    const tasks = services.size === 0 ? [] : await listTasks(docker, [...services.keys()], true);
    const nodes = await this.knownNodes(docker, tasks);
    const now = Date.now();
    for (const waiter of watched) {
      const service = services.get(waiter.id);
      const stale = service && waiter.staleVersion !== undefined && service.Version.Index <= waiter.staleVersion;
      if (stale) this.expire(waiter, now);
      else this.advance(waiter, judge(service, tasks.filter((task) => task.ServiceID === waiter.id), nodes), now);
    }
  }

  private advance(waiter: Waiter, verdict: ReturnType<typeof judge>, now: number): void {
    waiter.steady = steadiness(waiter.steady, verdict, now);
    if (verdict.state === "failed") return waiter.settle(new NotConverged(verdict.reason, verdict.tasks, true));
    if (verdict.state === "up" && waiter.steady) {
      const needed = verdict.key === "" ? Math.max(waiter.stable, EMPTY_STABLE) : waiter.stable - verdict.watched;
      if (now - waiter.steady.since >= needed) return waiter.settle();
    }
    this.show(waiter, verdict.state === "up" ? "running; watching that it stays so" : verdict.reason);
    // Who is up in time may use the rest to prove it.
    if (!waiter.steady) this.expire(waiter, now);
  }

  /** A manager that is lost in the middle is no failure of the services; the next look asks another one. */
  private failedLook(error: Error): void {
    this.nodes = undefined;
    const now = Date.now();
    for (const waiter of this.waiters) {
      this.show(waiter, `the Swarm does not answer: ${error.message}`);
      this.expire(waiter, now);
    }
  }

  private show(waiter: Waiter, reason: string): void {
    waiter.reason = reason;
    if (waiter.shown === reason) return;
    waiter.shown = reason;
    waiter.op.status(reason);
  }

  private expire(waiter: Waiter, now: number): void {
    if (now < waiter.deadline) return;
    waiter.settle(new NotConverged(`it did not converge within ${Math.round(waiter.timeout / 1000)} s: ${waiter.reason}`, [], false));
  }

  private async knownNodes(docker: Parameters<typeof listNodes>[0], tasks: readonly LiveTask[]): Promise<Nodes> {
    const known = this.nodes;
    const stranger = tasks.some((task) => task.NodeID && !known?.found.has(task.NodeID));
    if (known && Date.now() - known.at < (stranger ? NODES_FRESH_FOR_STRANGERS : NODES_FRESH)) return known.found;
    const found = await listNodes(docker);
    this.nodes = { found, at: Date.now() };
    return found;
  }
}

const watches = new Map<string, ConvergenceWatch>();

/** The one watch of a cluster in this process. */
export function watchOf(cluster: string): ConvergenceWatch {
  const watch = watches.get(cluster) ?? new ConvergenceWatch();
  watches.set(cluster, watch);
  return watch;
}
