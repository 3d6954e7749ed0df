import { compare, type Comparison, same } from "../../backup/compare";
import { Keys } from "../../backup/manifest";
import { type ScratchHost, startScratchHosts, stopScratchHosts } from "../../lab/scratch";
import { Connections } from "../../provider/remote/connections";
import type { Machine } from "../../provider/remote/machine";
import { readInventory } from "./inventory";
import { countResources } from "./make";
import { hasPart, type OpenBackup, readText } from "./parts";
import { checkRegistry, type RegistryCheck } from "./registryCheck";
import { restoreRegistry } from "../restore/registry";
import { restoreRaft } from "./restoreRaft";

/** What a restore drill found. */
export interface DrillResult {
  readonly compared: readonly Comparison[];
  /** Undefined for a backup without the registry's data. */
  readonly registry?: RegistryCheck;
  /** Resources in the restored state of the stack, and in the manifest. */
  readonly resources: { readonly found: number; readonly expected: number };
}

/** Volume of the scratch host that the registry's data is put into. */
const VOLUME = "dockyard-registry";
/** Milliseconds for one attempt to connect to the scratch host, for one command there, and for its engine and Swarm to come up. */
const TIMEOUTS = { connect: 10_000, command: 600_000, engine: 120_000 };

/**
 * Restores a backup onto a lab host of its own, at another address, on a network that leads nowhere: what is restored can never
 * talk to the managers that it was a part of. The host is removed whatever happens.
 * @param subnet third number of the scratch network, 10.213.N.0/24
 */
export async function drill(backup: OpenBackup, stack: string, subnet: number, say: (line: string) => void): Promise<DrillResult> {
  const name = drillName(stack);
  const connections = new Connections({ connectTimeout: TIMEOUTS.connect, commandTimeout: TIMEOUTS.command });
  try {
    say(`Starting a scratch host in 10.213.${subnet}.0/24, cut off from everything else`);
    const [host] = await startScratchHosts({ name, subnet, count: 1, cutOff: true });
    const machine = await connections.machine({ address: host!.address, hostKey: host!.hostKey, keyFile: host!.privateKeyFile });
    return await restoreAndCompare(backup, host!, machine, say);
  } finally {
    connections.close();
    await stopScratchHosts(name);
  }
}

/** The scratch laboratory of a stack's drills. */
export function drillName(stack: string): string {
  return `drill-${stack.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`.slice(0, 24).replace(/-+$/, "");
}

async function restoreAndCompare(backup: OpenBackup, host: ScratchHost, machine: Machine, say: (line: string) => void): Promise<DrillResult> {
  const { manifest } = backup;
  await cutOff(machine, manifest.inventory.nodes.map(({ address }) => address));
  const keys = Keys.parse(JSON.parse(await readText(backup, "keys")));
  await restoreRaft(backup, { name: host.name, machine, address: host.address, timeout: TIMEOUTS.engine, say }, keys);
  const compared = compare(manifest.inventory, await readInventory(machine.docker));
  const registry = hasPart(manifest, "registry") ? await restoreAndCheck(backup, machine, say) : undefined;
  const found = countResources(await readText(backup, "state"));
  await readText(backup, "configuration");
  return { compared, registry, resources: { found, expected: manifest.resources } };
}

/**
 * What is restored is a manager of the real Swarm, by its certificate. The scratch network drops whatever would leave it; besides,
 * the host itself must not even know a way to the others.
 */
async function cutOff(machine: Machine, addresses: readonly string[]): Promise<void> {
  await machine.run(["ip", "route", "flush", "default"]);
  for (const address of addresses) {
    const { code, stdout } = await machine.exec(["ip", "route", "get", address]);
    if (code === 0) throw new Error(`the scratch host has a route to the platform's node ${address} (${stdout.split("\n")[0]!.trim()}); nothing was restored. Name a network that is not the platform's with --subnet`);
  }
}

async function restoreAndCheck(backup: OpenBackup, machine: Machine, say: (line: string) => void): Promise<RegistryCheck> {
  say("Restoring the registry's data and checking every blob");
  return checkRegistry(machine, await restoreRegistry(backup, machine, VOLUME));
}

/** Whether everything came back as it was. */
export function isGood({ compared, registry, resources }: DrillResult): boolean {
  return same(compared) && resources.found === resources.expected && (registry === undefined || registry.damaged.length + registry.missing.length === 0);
}
