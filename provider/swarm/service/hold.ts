import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Machine } from "../../remote/machine";
import type { Operation } from "../../resource";
import type { ServiceInputs } from "./inputs";
import { listTasks } from "./swarmView";

/** Seconds after which a hold ends by itself, whatever became of us: before the third time that a client tries (7 s), as the engine gives up at 15 s. */
const LIFE = 5;
/** Milliseconds after which one that is still needed is prolonged. */
const PROLONG_EVERY = 2000;
const LOOK_EVERY = 200;

/** Packets of others come through the first one; those of the host itself, which pulls as well, go past it to a new task that does not listen yet. */
const CHAINS = "PREROUTING OUTPUT";
const RULE = '-p tcp --dport "$1" -m addrtype --dst-type LOCAL --syn -j DROP';

/**
 * Lets new connections to port "$1" wait: their first packets are dropped, and clients send them again after 1, 3 and 7 seconds,
 * where they would be refused at once. Open connections are not touched. Whose hold it is, "$3", stands in a file, so that one that
 * ends by itself does not end the next one.
 */
const HOLD = `set -e
mkdir -p /run/dockyard
printf %s "$3" > "/run/dockyard/hold-$1"
for chain in ${CHAINS}; do
iptables -w -t mangle -C "$chain" ${RULE} 2>/dev/null || iptables -w -t mangle -I "$chain" ${RULE}
done
setsid sh -c 'sleep "$2"; [ "$(cat "/run/dockyard/hold-$1")" != "$3" ] || for chain in ${CHAINS}; do iptables -w -t mangle -D "$chain" ${RULE}; done' sh "$1" "$2" "$3" </dev/null >/dev/null 2>&1 &`;
const RELEASE = `rm -f "/run/dockyard/hold-$1"
for chain in ${CHAINS}; do while iptables -w -t mangle -D "$chain" ${RULE} 2>/dev/null; do :; done; done`;

/**
 * Does what replaces a service's tasks; from then on until the first new task runs, nobody who comes to its port is refused.
 * Where the host cannot hold (no iptables), the work is done without.
 */
export async function holding<T>(op: Operation, id: string, { convergence }: ServiceInputs, work: () => Promise<T>): Promise<T> {
  const hold = convergence?.hold;
  if (!hold) return work();
  const port = String(hold.port);
  const before = new Set((await runningTasks(op, id)).map(({ ID }) => ID));
  const machine = await op.machine(hold.connection);
  const done = new AbortController();
  await begin(op, machine, port);
  const released = untilReplaced(op, id, before, done.signal, () => begin(op, machine, port)).finally(() => release(op, machine, port));
  try {
    return await work();
  } finally {
    done.abort();
    await released;
  }
}

async function begin(op: Operation, machine: Machine, port: string): Promise<void> {
  const { code, stderr } = await machine.exec(["sh", "-c", HOLD, "sh", port, String(LIFE), randomUUID()]);
  if (code !== 0) op.warn(`${machine.address}: while the service restarts, new connections to port ${port} are refused rather than held: ${stderr.trim()}`);
}

/** A connection that is lost here leaves a hold that ends by itself. */
async function release(op: Operation, machine: Machine, port: string): Promise<void> {
  await machine.exec(["sh", "-c", RELEASE, "sh", port]).catch((error: Error) => op.warn(error.message));
}

async function untilReplaced(op: Operation, id: string, before: ReadonlySet<string>, done: AbortSignal, prolong: () => Promise<void>): Promise<void> {
  for (let since = Date.now(); !done.aborted; ) {
    const running = await runningTasks(op, id).catch(() => []);
    if (running.some(({ ID }) => !before.has(ID))) return;
    if (Date.now() - since > PROLONG_EVERY) {
      since = Date.now();
      await prolong();
    }
    await sleep(LOOK_EVERY, undefined, { signal: done }).catch(() => undefined);
  }
}

async function runningTasks(op: Operation, id: string) {
  const { docker } = await op.manager();
  return (await listTasks(docker, [id])).filter(({ Status }) => Status.State === "running");
}
