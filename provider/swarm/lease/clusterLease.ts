import type Docker from "dockerode";
import { Refused } from "../../resource";
import { engineMessage, statusOf } from "../service/swarmView";
import { type Lease, LEASE_CONFIG, leaseIn, leaseLabels, refusedBy } from "./claim";

/** Its content says nothing; labels change, and only in the order of their versions. */
const CONTENT = "Who changes this cluster is in the labels of this config.\n";
const ATTEMPTS = 5;

interface LeaseConfig {
  ID: string;
  Version: { Index: number };
  UpdatedAt?: string;
  Spec: { Name: string; Labels?: Record<string, string> | null };
}

export interface LeaseSettings {
  readonly holder: string;
  /** Milliseconds that the lease holds without a renewal. */
  readonly ttl: number;
  /** Holder whose lease is broken. */
  readonly broken?: string;
  /** Sees, before the lease is written, to it that the cluster is one that may be changed. @throws Refused */
  readonly admit: (docker: Docker) => Promise<void>;
}

/**
 * Keeps others from changing a cluster while this process does. Taken with the first change, renewed while changes are under way,
 * given up shortly after the last one; a process that is killed loses it with time.
 */
export class ClusterLease {
  private users = 0;
  private held = 0;
  private taking: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param manager gives the engine of a manager, asked anew each time */
  constructor(
    private readonly settings: LeaseSettings,
    private readonly manager: () => Promise<Docker>,
  ) {}

  /**
   * Where no manager answers there is nobody to keep out, or nobody to ask; whatever needs one says so itself.
   * @throws Refused, before `work` began, when somebody else holds the cluster
   */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.users++;
    try {
      await this.take().catch((error: unknown) => {
        if (error instanceof Refused) throw error;
      });
      return await work();
    } finally {
      if (--this.users === 0) this.schedule(1000, () => this.release());
    }
  }

  private take(): Promise<void> {
    if (this.held - Date.now() > this.settings.ttl / 2) return Promise.resolve();
    this.taking ??= this.write(Date.now() + this.settings.ttl).finally(() => (this.taking = undefined));
    return this.taking;
  }

  private schedule(after: number, what: () => Promise<void>): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void what().catch(() => undefined), after).unref();
  }

  /** A renewal that fails is tried again with the next; the manager may be away for a moment. */
  private async renew(): Promise<void> {
    if (this.users === 0) return;
    this.schedule(this.settings.ttl / 3, () => this.renew());
    await this.write(Date.now() + this.settings.ttl);
  }

  private async release(): Promise<void> {
    if (this.users > 0) return;
    this.held = 0;
    const docker = await this.manager();
    const config = await find(docker);
    if (config && leaseOf(config)?.holder === this.settings.holder && this.users === 0) await docker.getConfig(config.ID).remove();
  }

  private async write(until: number): Promise<void> {
    const { holder, broken, admit } = this.settings;
    for (let attempt = 1; ; attempt++) {
      const docker = await this.manager();
      await admit(docker);
      const config = await find(docker);
      const refusal = refusedBy(leaseOf(config), holder, Date.now(), broken);
      if (refusal) throw new Refused(refusal);
      try {
        await put(docker, config, leaseLabels({ holder, until }));
        this.held = until;
        this.schedule(this.settings.ttl / 3, () => this.renew());
        return;
      } catch (error) {
        // Another one was faster: look again whose it is.
        const overtaken = statusOf(error) === 409 || statusOf(error) === 404 || /out of sequence/i.test(engineMessage(error));
        if (!overtaken || attempt === ATTEMPTS) throw error;
      }
    }
  }
}

async function find(docker: Docker): Promise<LeaseConfig | undefined> {
  const found = (await docker.listConfigs({ filters: { name: [LEASE_CONFIG] } } as never)) as unknown as LeaseConfig[];
  return found.find(({ Spec }) => Spec.Name === LEASE_CONFIG);
}

function leaseOf(config: LeaseConfig | undefined): Lease | undefined {
  return config && leaseIn(config.Spec.Labels, config.UpdatedAt);
}

async function put(docker: Docker, config: LeaseConfig | undefined, labels: Record<string, string>): Promise<void> {
  if (!config) {
    await docker.createConfig({ Name: LEASE_CONFIG, Labels: labels, Data: Buffer.from(CONTENT).toString("base64") } as never);
    return;
  }
  await docker.getConfig(config.ID).update({ _query: { version: config.Version.Index }, _body: { Name: LEASE_CONFIG, Labels: { ...config.Spec.Labels, ...labels } } } as never);
}
