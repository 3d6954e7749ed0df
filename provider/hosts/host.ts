import * as z from "zod";
import { changesBetween, replacing } from "../diff";
import { Connection } from "../remote/connection";
import type { Machine } from "../remote/machine";
import { gaveNoAnswer } from "../remote/silent";
import { type Change, type CheckFailure, type Operation, Refused, type ResourceKind, type Stored } from "../resource";
import { assertHostOurs } from "../swarm/owner/hostSwarm";
import { parseSubnet } from "../swarm/subnet";
import { FACTS_SCRIPT, Feature, type HostFacts, parseFacts } from "./facts";
import { Identities } from "./identities";
import { type Asked, DEFAULT_REQUIREMENTS, preflight, preflightReport } from "./preflight";
import { rename } from "./rename";
import { withUnknown } from "./unknownChanges";

const address = z.union([z.ipv4(), z.ipv6()], "an IP address");

export const HostInputs = z.strictObject({
  connection: Connection.describe("How the host is reached over SSH."),
  name: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "a hostname: lower-case letters, digits and inner hyphens, at most 63")
    .describe("The hostname. A host that has another one is renamed, unless it is in a Swarm already."),
  instance: z
    .string()
    .optional()
    .describe("What the source of the host knows the machine by: a container's or an instance's id. Another one is another machine."),
  requirements: z
    .strictObject({
      diskFree: z.int().min(0).optional().describe("Bytes that must be free where the engine keeps its data. Default 2 GiB."),
      clockSkew: z.int().min(0).optional().describe("Milliseconds that the clock may be away from this machine's. Default 5000."),
      features: z.array(Feature).optional().describe("Kernel features that must work. Default overlay and vxlan."),
    })
    .optional()
    .describe("What the host has to bring along."),
  pools: z.array(z.string()).optional().describe("Networks that the platform will use inside the Swarm; no route of the host may overlap them."),
  addresses: z.array(address).optional().describe("Addresses that must be the host's own, such as the one the Swarm advertises."),
  timeout: z
    .string()
    .regex(/^\d+(ms|s|m)$/, "a duration such as \"90s\" or \"2m\"")
    .optional()
    .describe("How long a host that is still booting may take to answer SSH. Default \"2m\"."),
});
export type HostInputs = z.infer<typeof HostInputs>;

/** Only what stays the same while nobody changes the machine: free disk or time would make every refresh a change. */
export const HostOutputs = z.strictObject({
  machineId: z.string().describe("The machine's identity, from /etc/machine-id."),
  hostname: z.string(),
  os: z.string().describe("Distribution and version, \"debian 13\"."),
  arch: z.string().describe("Architecture as Docker names it, \"amd64\"."),
  kernel: z.string(),
  cgroup: z.int().describe("Version of control groups, 1 or 2."),
  cpus: z.int(),
  memory: z.int().describe("Bytes."),
  addresses: z.array(z.string()).describe("The host's own addresses, without those of the engine's bridges."),
  features: z.array(Feature).describe("Kernel features that work."),
});
export type HostOutputs = z.infer<typeof HostOutputs>;

/** Every machine that this process has met, whichever Host it belongs to. */
const identities = new Identities();
/** Machine-ids of the hosts that the state has, also of those that are made anew. */
const inState = new Set<string>();

/** A machine that is fit to carry the platform. Nothing is installed; only a wrong hostname is set right. */
export const hostKind: ResourceKind<HostInputs, HostOutputs> = {
  type: "dockyard:hosts:Host",
  description: "A machine over SSH that has passed the preflight: operating system, kernel, clock, disk, identity, addresses and routes.",
  inputs: HostInputs,
  outputs: HostOutputs,
  check,
  diff,
  create,
  read,
  update,
  async delete(_op, id, { inputs }) {
    // The machine is not ours to undo, and may well be gone.
    identities.release(inputs.name, id);
  },
};

function check(inputs: HostInputs): CheckFailure[] {
  const doubled = (inputs.addresses ?? []).filter((item, index, all) => all.indexOf(item) !== index);
  return [...doubled.map((item) => ({ property: "addresses", reason: `${item} stands here twice` })), ...(inputs.pools ?? []).flatMap(poolFailures)];
}

function poolFailures(pool: string, index: number): CheckFailure[] {
  try {
    parseSubnet(pool);
    return [];
  } catch (error) {
    return [{ property: `pools[${index}]`, reason: `found ${JSON.stringify(pool)}; ${(error as Error).message}` }];
  }
}

/**
 * A host key or an instance that changes means another machine, so the host is made anew; it gets the same id again
 * when it turns out to be the same machine.
 */
function diff(old: Stored<HostInputs, HostOutputs>, wanted: HostInputs, unknown: readonly string[]): Change[] {
  const changes = replacing(withUnknown(changesBetween(old.inputs, wanted), unknown), ["instance"]).map((change) =>
    change.path === "connection.hostKey" ? { ...change, replace: true } : change,
  );
  const { machineId } = old.outputs;
  inState.add(machineId);
  const name = wanted.name ?? old.inputs.name;
  identities.release(old.inputs.name, machineId);
  if (!changes.some(({ replace }) => replace)) identities.remember({ name, machineId, address: place(wanted.connection?.address ? wanted.connection : old.inputs.connection) });
  return changes;
}

async function create(op: Operation, inputs: HostInputs) {
  op.status(`waiting for SSH at ${inputs.connection.address}`);
  const machine = await reach(op, inputs, milliseconds(inputs.timeout ?? "2m"));
  const facts = await settle(op, machine, inputs);
  return { id: facts.machineId, outputs: outputsOf(facts) };
}

async function read(op: Operation, id: string, stored: Stored<HostInputs, HostOutputs>): Promise<Stored<HostInputs, HostOutputs> | undefined> {
  const { inputs } = stored;
  const machine = await reach(op, inputs).catch((error: Error) => {
    if (!gaveNoAnswer(error)) throw error;
    op.warn(`${error.message}. It is shown as the last update left it; if it is gone for good, take it out of the configuration`);
  });
  if (!machine) return stored;
  const { facts } = await look(machine);
  if (facts.machineId !== id) {
    op.warn(`${inputs.connection.address} is another machine now (machine-id ${facts.machineId || "none"}); host ${inputs.name} with machine-id ${id} is gone`);
    identities.release(inputs.name, id);
    return undefined;
  }
  identities.remember({ name: inputs.name, machineId: id, address: place(inputs.connection) });
  const found: HostInputs = { ...inputs, name: facts.hostname };
  if (inputs.addresses) found.addresses = inputs.addresses.filter((item) => facts.addresses.includes(item));
  return { inputs: found, outputs: outputsOf(facts) };
}

async function update(op: Operation, id: string, old: Stored<HostInputs, HostOutputs>, wanted: HostInputs) {
  identities.release(old.inputs.name, id); // it may get another name now
  return { outputs: outputsOf(await settle(op, await reach(op, wanted), wanted, id)) };
}

/** Looks, refuses what is unfit, sets the hostname. With `id` it must be that machine. */
async function settle(op: Operation, machine: Machine, inputs: HostInputs, id?: string): Promise<HostFacts> {
  op.status("preflight");
  const { facts, asked } = await look(machine);
  if (id !== undefined && facts.machineId !== id) {
    throw new Refused(
      `host ${inputs.name}: at ${inputs.connection.address} is another machine (machine-id ${facts.machineId || "none"}) than the one that is known (${id}). ` +
        "If it is the successor, run `pulumi up --replace` with the URN of this host; if not, correct its connection",
    );
  }
  const conflicts = identities.claim({ name: inputs.name, machineId: facts.machineId, address: place(inputs.connection) });
  const failures = preflight(
    facts,
    { requirements: { ...DEFAULT_REQUIREMENTS, ...inputs.requirements }, pools: inputs.pools ?? [], addresses: inputs.addresses ?? [] },
    asked,
    conflicts,
  );
  if (failures.length > 0) throw new Refused(preflightReport(inputs.name, inputs.connection.address, failures));
  const known = id !== undefined || inState.has(facts.machineId) || inputs.instance !== undefined;
  await assertHostOurs(op, machine, { what: `host ${inputs.name} (${inputs.connection.address})`, dataRoot: facts.disk.path, known });
  if (facts.hostname === inputs.name) return facts;
  // This one may be free while the platform that it is to join is somebody else's.
  await op.assertOwned();

  op.signal.throwIfAborted();
  op.status(`renaming ${facts.hostname} to ${inputs.name}`);
  await rename(machine, facts.hostname, inputs.name);
  return (await look(machine)).facts;
}

async function look(machine: Machine): Promise<{ facts: HostFacts; asked: Asked }> {
  const sent = Date.now();
  const output = await machine.run(["sh", "-s"], { stdin: FACTS_SCRIPT });
  const received = Date.now();
  try {
    return { facts: parseFacts(output), asked: { sent, received } };
  } catch (error) {
    throw new Error(`${machine.address}: ${(error as Error).message}`, { cause: error });
  }
}

async function reach(op: Operation, inputs: HostInputs, wait?: number): Promise<Machine> {
  try {
    return await op.machine(inputs.connection, { wait });
  } catch (error) {
    throw new Error(`host ${inputs.name} (${inputs.connection.address}) cannot be reached: ${(error as Error).message}`, { cause: error });
  }
}

function outputsOf(facts: HostFacts): HostOutputs {
  const { machineId, hostname, arch, kernel, cgroup, cpus, memory } = facts;
  const os = `${facts.os.id} ${facts.os.version}`;
  return { machineId, hostname, os, arch, kernel, cgroup, cpus, memory, addresses: [...facts.addresses], features: [...facts.features] };
}

function place({ address: host, port }: Connection): string {
  return `${host}:${port ?? 22}`;
}

function milliseconds(duration: string): number {
  const [, amount, unit] = /^(\d+)(ms|s|m)$/.exec(duration)!;
  return Number(amount) * { ms: 1, s: 1000, m: 60_000 }[unit as "ms" | "s" | "m"];
}
