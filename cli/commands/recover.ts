import { Connections } from "../../provider/remote/connections";
import type { Machine } from "../../provider/remote/machine";
import { findPulumi } from "../../toolchain/pulumi";
import { confirmed } from "../confirm";
import { stackExists, type StackPaths } from "../environment";
import { UserError } from "../error";
import { askToLookFirst } from "../lookFirst";
import { applyStep } from "../lostQuorum/apply";
import { askManagers } from "../lostQuorum/ask";
import { planRecovery } from "../lostQuorum/plan";
import { planText, viewsText } from "../lostQuorum/text";
import type { ManagerView } from "../lostQuorum/views";
import { attachPulumi } from "../pulumi";
import { refuseWhileBusy } from "../recovery";
import { readStackSwarm, type StackHost, type StackSwarm } from "../stackHosts";
import { print, say } from "../terminal";

/** How long an engine may take to say what it is, in milliseconds: one without a quorum looks for a leader first. */
const ASK_TIMEOUT = 30_000;

/** Options of `recover`, see its help. */
export interface RecoverOptions {
  readonly lost: readonly string[];
  readonly yes: boolean;
}

/** Brings back a Swarm that has lost its quorum, from the manager whose state is the most recent. @returns the exit code. */
export async function recoverSwarm(paths: StackPaths, options: RecoverOptions): Promise<number> {
  const stack = await swarmOf(paths);
  refuseWhileBusy(paths);
  return withManagers(stack, async ({ views, managers, machine }) => {
    const plan = planRecovery(views, options.lost);
    if (plan.do === "refuse") throw new UserError(`Nothing was changed: ${plan.reason}`, plan.fix);
    if (plan.do === "nothing") {
      print(`Nothing was changed: ${plan.reason}.`);
      return 0;
    }
    print(`${planText(plan)}\n`);
    if (!(await confirmed(`Make ${plan.survivor} the only manager of stack ${paths.stack}'s Swarm?`, { yes: options.yes, withoutTerminal: "refuse" }))) return 1;
    // Before the first step: whatever comes of them, the state does not know it.
    askToLookFirst(paths, "the Swarm was recovered after it had lost its quorum");
    const survivor = managers.find(({ name }) => name === plan.survivor)!;
    for (const step of plan.steps) await applyStep({ stack, survivor, machine, say }, step);
    print(`The Swarm has a quorum. Now: ./dockyard up --stack ${paths.stack}`);
    return 0;
  });
}

/** What every manager of a stack said, and the way to its hosts. */
export interface AskedManagers {
  readonly views: readonly ManagerView[];
  readonly managers: readonly StackHost[];
  machine(host: StackHost): Promise<Machine>;
}

/** Asks every manager, shows what each said, and leaves the connections open for the work. */
export async function withManagers<T>(stack: StackSwarm, work: (asked: AskedManagers) => Promise<T>): Promise<T> {
  const managers = stack.hosts.filter(({ role }) => role === "manager");
  const connections = new Connections(connectionSettings(stack));
  const machine = (host: StackHost) => connections.machine(host.connection);
  try {
    const views = await askManagers(managers, machine, ASK_TIMEOUT);
    print(`${viewsText(views)}\n`);
    return await work({ views, managers, machine });
  } finally {
    connections.close();
  }
}

/** What the stack's state knows of its Swarm. @throws UserError when there is none */
export async function swarmOf(paths: StackPaths): Promise<StackSwarm> {
  const stack = stackExists(paths) && (await findPulumi()) !== undefined ? await readStackSwarm(await attachPulumi(paths)) : undefined;
  if (stack === undefined) throw new UserError(`The state of stack ${paths.stack} knows of no Swarm`, `./dockyard up --stack ${paths.stack}`);
  return stack;
}

/** How its hosts are connected to. */
export function connectionSettings({ provider }: StackSwarm) {
  return { privateKey: provider.privateKey, proxies: provider.proxies, connectTimeout: provider.timeouts.connect, commandTimeout: provider.timeouts.command };
}
