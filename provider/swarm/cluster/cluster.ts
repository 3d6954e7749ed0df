import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import * as z from "zod";
import { changesBetween } from "../../diff";
import { Connection } from "../../remote/connection";
import type { SwarmInfo } from "../../remote/manager";
import { type Change, type Operation, Refused, type ResourceKind, type Stored } from "../../resource";
import { parseDuration } from "../service/duration";
import { membership } from "../node/membership";
import { assertMemberOurs } from "../owner/hostSwarm";
import { notOwned, Owner, ownerIn, ownerLabels } from "../owner/owner";
import { lockedManagers, unlockManagers } from "./autolock";
import { type ClusterInfo, inspectCluster as inspect } from "./clusterInfo";
import { explainCluster } from "./explain";
import { type Candidate, planCluster } from "./plan";
import { NEVER_ROTATED, newMarks, refuseBackwards, Rotation } from "./rotation";
import { keysIn, settle } from "./settle";
import { observed, settings } from "./spec";

const Inputs = z.strictObject({
  owner: Owner.optional().describe("Whose the platform is; labels of the Swarm itself say so from its first moment on. Left out: nobody's."),
  init: z.strictObject({ connection: Connection, advertiseAddress: z.string().min(1) }).describe("The host that starts the Swarm when no manager is in one yet. A later change means nothing."),
  addressPool: z.array(z.string()).min(1).describe("Networks in CIDR form that Swarm cuts overlay subnets from. Cannot change."),
  subnetSize: z.int().min(16).max(29).describe("Prefix length of each of those subnets. Cannot change."),
  dataPathPort: z.int().min(1024).max(49151).describe("UDP port of the overlay data path. Cannot change."),
  taskHistory: z.int().min(0).describe("Ended tasks kept for each slot."),
  certificateExpiry: z.string().describe('Life of node certificates, a duration of at least "1h".'),
  autolock: z.boolean().optional().describe("Whether a manager whose engine was restarted waits for a key before it gives out the Swarm's secrets. Default false."),
  rotation: Rotation.optional().describe("How often each credential of the Swarm is to have been rotated: a higher count is one rotation. Default 1 each, the first ones."),
});
type Inputs = z.infer<typeof Inputs>;
const Outputs = z.strictObject({
  createdAt: z.string(),
  locked: z.array(z.string()).optional().describe("Addresses of managers that a look found locked; the next update unlocks them."),
  unlockKey: z.string().optional().describe("What unlocks a manager; there with autolock alone. Secret."),
  formerUnlockKey: z.string().optional().describe("The key before, for a manager that was off when it was rotated. Secret."),
});
type Outputs = z.infer<typeof Outputs>;

/** A manager waits for its key. */
const LOCKED: Change = { path: "locked", kind: "update" };
/** The platform is to change its owner, also back to the one that the state knows all the time. */
const TAKEN_OVER: Change = { path: "owner", kind: "update" };
/** Inputs that the engine takes at `swarm init` only. */
const FIXED = ["addressPool", "subnetSize", "dataPathPort"] as const;
export const clusterKind: ResourceKind<Inputs, Outputs> = {
  type: "dockyard:swarm:Cluster",
  description: "The Swarm itself and its cluster-wide settings. Its id is the cluster's id.",
  inputs: Inputs,
  outputs: Outputs,

  check: ({ certificateExpiry }) => {
    const nanoseconds = safely(() => parseDuration(certificateExpiry));
    if (nanoseconds !== undefined && nanoseconds >= 3600e9) return [];
    return [{ property: "certificateExpiry", reason: `found "${certificateExpiry}"; Swarm takes a duration of at least "1h", "2160h" by default` }];
  },

  diff: (old, wanted, unknown) => {
    const changes = changesBetween(comparable(old.inputs), comparable(wanted)).filter(({ path }) => !unknown.includes(path));
    const fixed = changes.find(({ path }) => FIXED.some((name) => path.startsWith(name)));
    if (fixed) {
      const name = FIXED.find((candidate) => fixed.path.startsWith(candidate))!;
      throw new Refused(
        `${name} of a Swarm is set once, at its start: it is ${JSON.stringify(old.inputs[name])} and cannot become ${JSON.stringify(wanted[name])}. ` +
          `Write the old value back, or build a second platform beside this one and move to it`,
      );
    }
    refuseBackwards(old.inputs.rotation ?? NEVER_ROTATED, wanted.rotation ?? NEVER_ROTATED);
    return old.outputs.locked?.length ? [...changes, LOCKED] : changes;
  },

  // Nothing in a configuration says that a machine was restarted, and a plain `up` reads nothing.
  look: async (op, { outputs }) => [
    ...(op.takeOver !== undefined ? await takenOver(op) : []),
    ...(outputs.unlockKey !== undefined && (await lockedManagers(op)).length > 0 ? [LOCKED] : []),
  ],

  explain: explainCluster,

  create: (op, inputs) =>
    op.exclusively(membership, async () => {
      const { docker } = await obtain(op, inputs);
      return settle(op, docker, inputs, undefined);
    }),

  read: async (op, id, stored) => {
    let candidates = await ask(op);
    const member = candidates.find(({ swarm }) => swarm?.Cluster?.ID === id);
    if (!member) {
      // Only when every manager says that it is in no Swarm is the cluster gone; one that is silent may still be in it.
      if (candidates.every(({ swarm }) => swarm?.LocalNodeState === "inactive")) return undefined;
      // With all of them locked nothing in the Swarm can be read, now or by whoever comes next.
      await unlockManagers(op, keysIn(stored.outputs));
      await op.manager(); // throws, naming for each manager why it does not serve
      candidates = await ask(op);
    }
    const { docker } = await op.manager();
    const info = await inspect(docker);
    const locked = candidates.filter(({ swarm }) => swarm?.LocalNodeState === "locked").map(({ address }) => address);
    const { locked: _, ...known } = stored.outputs;
    return { inputs: observed(stored.inputs, info), outputs: { ...known, createdAt: info.CreatedAt, ...(locked.length > 0 && { locked }) } };
  },

  update: (op, _id, old, wanted) =>
    op.exclusively(membership, async () => {
      await unlockManagers(op, keysIn(old.outputs));
      const { docker } = await op.manager();
      return settle(op, docker, wanted, old);
    }),

  // The nodes have left one by one before this, the last one taking the Swarm with it. What is left is a kill in between.
  delete: (op, id, { outputs }) =>
    op.exclusively(membership, async () => {
      // A locked engine does not tell which Swarm it is in.
      await unlockManagers(op, keysIn(outputs)).catch((error: Error) => op.warn(error.message));
      for (const connection of op.managers) {
        const machine = await op.machine(connection).catch(() => undefined);
        const swarm = (await machine?.docker.info().catch(() => undefined))?.Swarm as SwarmInfo | undefined;
        if (!machine || swarm?.Cluster?.ID !== id) continue;
        await assertMemberOurs(op, machine, `the manager ${connection.address}`);
        await machine.docker.swarmLeave({ force: true });
      }
    }),
};

/** Whether a run that takes over has anything to take. @throws Refused when the owner is another one than it names */
async function takenOver(op: Operation): Promise<Change[]> {
  const info = await op.manager().then(({ docker }) => inspect(docker), () => undefined);
  if (info === undefined) return [TAKEN_OVER];
  const refusal = notOwned(`the Swarm ${info.ID}`, { id: info.ID, labels: info.Spec.Labels }, op, true);
  if (refusal !== undefined) throw new Refused(refusal);
  return ownerIn(info.Spec.Labels)?.id === op.owner?.id ? [] : [TAKEN_OVER];
}

/** The engine of a manager of the cluster, which is adopted or started. */
async function obtain(op: Operation, inputs: Inputs): Promise<{ docker: Docker }> {
  const until = Date.now() + op.timeouts.membership;
  for (;;) {
    const step = planCluster(await ask(op));
    op.signal.throwIfAborted();
    switch (step.do) {
      case "refuse":
        throw new Refused(step.reason);
      case "wait":
        if (Date.now() > until) throw new Error(`the Swarm did not come up within ${op.timeouts.membership / 1000} s: ${step.reason}`);
        op.status(`waiting for the Swarm: ${step.reason}`);
        await sleep(500, undefined, { signal: op.signal });
        break;
      case "adopt": {
        const manager = await op.manager();
        const info = await inspect(manager.docker);
        const refusal = notOwned(step.through, { id: info.ID, labels: info.Spec.Labels }, op, false);
        if (refusal !== undefined) throw new Refused(refusal);
        assertSameFixed(inputs, info, step.through);
        return manager;
      }
      case "init":
        op.status(`starting the Swarm on ${inputs.init.advertiseAddress}`);
        return start(op, inputs);
    }
  }
}

async function start(op: Operation, inputs: Inputs): Promise<{ docker: Docker }> {
  const { connection, advertiseAddress } = inputs.init;
  const { docker } = await op.machine(connection);
  await docker.swarmInit({
    ListenAddr: `${advertiseAddress}:2377`,
    AdvertiseAddr: advertiseAddress,
    DataPathAddr: advertiseAddress,
    DataPathPort: inputs.dataPathPort,
    DefaultAddrPool: inputs.addressPool,
    SubnetSize: inputs.subnetSize,
    Spec: { ...settings(inputs, {}), Labels: { ...newMarks(inputs.rotation ?? NEVER_ROTATED, new Date()), ...(inputs.owner && ownerLabels(inputs.owner)) } },
  });
  return { docker };
}

function ask(op: Operation): Promise<Candidate[]> {
  return Promise.all(
    op.managers.map(async (connection) => {
      try {
        const machine = await op.machine(connection);
        return { address: connection.address, swarm: (await machine.docker.info()).Swarm as SwarmInfo };
      } catch (error) {
        return { address: connection.address, unreachable: (error as Error).message };
      }
    }),
  );
}

function assertSameFixed(inputs: Inputs, info: ClusterInfo, address: string): void {
  const there = observed(inputs, info);
  const wrong = FIXED.filter((name) => JSON.stringify(comparable(there)[name]) !== JSON.stringify(comparable(inputs)[name]));
  if (wrong.length === 0) return;
  const list = wrong.map((name) => `${name} is ${JSON.stringify(there[name])}, asked for ${JSON.stringify(inputs[name])}`).join("; ");
  throw new Refused(`${address} is in a Swarm that was started with other settings, which cannot change: ${list}. Write its values into the configuration to adopt it, or let its hosts leave it`);
}

function comparable({ init: _init, ...inputs }: Inputs): Omit<Inputs, "init"> {
  return { autolock: false, rotation: NEVER_ROTATED, ...inputs, addressPool: [...(inputs.addressPool ?? [])].sort() };
}

function safely<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

export type ClusterInputs = Inputs;
export type ClusterOutputs = Outputs;
export type StoredCluster = Stored<Inputs, Outputs>;
