import { Keys } from "../../backup/manifest";
import { openStore } from "../../backup/store";
import { majorOf } from "../../provider/hosts/packagePin";
import type { Machine } from "../../provider/remote/machine";
import type { Configuration } from "../../components/config";
import { chooseBackup, placeOf } from "../backup/chooseStore";
import { hasPart, type OpenBackup, openBackup, readText } from "../backup/parts";
import { backupPassphrase } from "../backup/passphrase";
import { restoreRaft } from "../backup/restoreRaft";
import { confirmed } from "../confirm";
import type { StackPaths } from "../environment";
import { UserError } from "../error";
import { askToLookFirst } from "../lookFirst";
import { applyStep } from "../lostQuorum/apply";
import { attachPulumi } from "../pulumi";
import { refuseWhileBusy } from "../recovery";
import { planRestore, type RestoreStep, restoreText } from "../restore/plan";
import { hasRegistryData, restoreRegistry } from "../restore/registry";
import { sourceConfiguration } from "../sourceConfiguration";
import type { StackHost, StackSwarm } from "../stackHosts";
import { swarmOf, withManagers } from "./recover";
import { print, say } from "../terminal";

/** Options of `restore`, see its help. */
export interface RestoreOptions {
  readonly from?: string;
  readonly passphraseFile?: string;
  readonly lost: readonly string[];
  readonly registry: boolean;
  readonly yes: boolean;
}

/** Brings back a Swarm of which no manager is left, from a backup. @returns the exit code. */
export async function restore(paths: StackPaths, options: RestoreOptions, id?: string): Promise<number> {
  const configuration = sourceConfiguration(paths);
  const stack = withConfiguredWays(await swarmOf(paths), configuration);
  refuseWhileBusy(paths);
  const store = openStore(placeOf(options.from, configuration.backup.place, "--from"), paths.stack);
  const passphrase = await backupPassphrase(await attachPulumi(paths), options.passphraseFile);
  const backup = await openBackup(store, await chooseBackup(store, id), passphrase);
  return withManagers(stack, async ({ views, managers, machine }) => {
    const registryOn = options.registry && hasPart(backup.manifest, "registry") ? await registryWithoutData(configuration, stack, machine) : undefined;
    const plan = planRestore(views, { manifest: backup.manifest, lost: options.lost, registryOn });
    if (plan.do === "refuse") throw new UserError(`Nothing was changed: ${plan.reason}`, plan.fix);
    if (plan.do === "nothing") {
      print(`Nothing was changed: ${plan.reason}.`);
      return 0;
    }
    const survivor = managers.find(({ name }) => name === plan.on)!;
    await refuseOlderEngine(await machine(survivor), plan.on, backup);
    print(`${restoreText(plan, backup.manifest.id)}\n`);
    if (!(await confirmed(`Restore the Swarm of stack ${paths.stack} on ${plan.on}, as it was at ${backup.manifest.madeAt}?`, { yes: options.yes, withoutTerminal: "refuse" }))) return 1;
    // Before the first step: whatever comes of them, the state does not know it.
    askToLookFirst(paths, `the Swarm was restored from backup ${backup.manifest.id}`);
    for (const step of plan.steps) await apply(step, { backup, configuration, stack, survivor, machine });
    print(`The Swarm is there again, as it was at ${backup.manifest.madeAt}. Now: ./dockyard up --refresh --stack ${paths.stack}`);
    return 0;
  });
}

interface Restoring {
  readonly backup: OpenBackup;
  readonly configuration: Configuration;
  readonly stack: StackSwarm;
  readonly survivor: StackHost;
  machine(host: StackHost): Promise<Machine>;
}

async function apply(step: RestoreStep, { backup, configuration, stack, survivor, machine }: Restoring): Promise<void> {
  switch (step.do) {
    case "registry":
      say(`${step.on}: putting the registry's data into its volume`);
      await restoreRegistry(backup, await machine(stack.hosts.find(({ name }) => name === step.on)!), configuration.registry.volume);
      return;
    case "raft": {
      const keys = Keys.parse(JSON.parse(await readText(backup, "keys")));
      const target = { name: survivor.name, machine: await machine(survivor), address: survivor.advertiseAddress, timeout: stack.provider.timeouts.engine, say };
      return restoreRaft(backup, target, keys);
    }
    default:
      return applyStep({ stack, survivor, machine, say }, step);
  }
}

/** A machine that was installed anew has another key: what the configuration says of machines of one's own goes before the state. */
function withConfiguredWays(stack: StackSwarm, { source }: Configuration): StackSwarm {
  if (source.kind !== "bare") return stack;
  return { ...stack, hosts: stack.hosts.map((host) => ({ ...host, connection: source.connections[host.name] ?? host.connection })) };
}

/** The host of the registry where its volume lacks the data; undefined where it has it, or where a bucket keeps it. */
async function registryWithoutData({ registry }: Configuration, { hosts }: StackSwarm, machine: (host: StackHost) => Promise<Machine>): Promise<string | undefined> {
  if (registry.storage !== "volume") return undefined;
  const host = hosts.find(({ name }) => name === registry.hosts[0]);
  if (!host) throw new UserError(`The registry's host ${registry.hosts[0]} is not in the stack's state`, "./dockyard restore --no-registry, and ./dockyard up, which pushes the images again");
  return (await hasRegistryData(await machine(host), registry.volume)) ? undefined : host.name;
}

/** What a newer engine wrote of raft an older one may not read. */
async function refuseOlderEngine(machine: Machine, name: string, { manifest }: OpenBackup): Promise<void> {
  const { Version } = await machine.docker.version();
  const [found, needed] = [majorOf(Version), majorOf(manifest.source.engine)];
  if (found === undefined || needed === undefined || found >= needed) return;
  throw new UserError(`Nothing was changed: the engine of ${name} is ${Version}, older than that of the backup (${manifest.source.engine}), whose state it may not read`, `install that version on ${name} first`);
}
