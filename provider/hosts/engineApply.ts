import { OUTPUT } from "../remote/bounds";
import type { Machine } from "../remote/machine";
import type { Operation } from "../resource";
import { installEngine } from "./apt";
import { DAEMON_JSON } from "./daemonJson";
import { PENDING_FILE } from "./engineHost";
import { type EngineStep, NAMES_BLOCK, titleOf } from "./enginePlan";
import { engineAnswers, restartSafely } from "./engineRestart";
import { rewriteHosts } from "./rewriteHosts";

/** Does the steps in their order. From the first one that takes the engine away on they are one restart for the Swarm. */
export async function applyEngine(op: Operation, machine: Machine, steps: readonly EngineStep[]): Promise<void> {
  const at = steps.findIndex(takesEngineAway);
  await applyInOrder(op, machine, at < 0 ? steps : steps.slice(0, at));
  const version = steps.find((step) => step.kind === "install")?.version;
  if (at >= 0) await restartSafely(op, machine, version, () => applyInOrder(op, machine, steps.slice(at)));
}

function takesEngineAway(step: EngineStep): boolean {
  return step.kind === "restart" || (step.kind === "install" && step.upgrade);
}

/** Stops between two steps when the user cancels. */
async function applyInOrder(op: Operation, machine: Machine, steps: readonly EngineStep[]): Promise<void> {
  for (const step of steps) {
    op.signal.throwIfAborted();
    op.status(titleOf(step));
    await applyStep(op, machine, step);
  }
}

async function applyStep(op: Operation, machine: Machine, step: EngineStep): Promise<void> {
  switch (step.kind) {
    case "names":
      return rewriteHosts(machine, NAMES_BLOCK, step.names);
    case "daemon":
      return writeDaemon(machine, step.text, step.then);
    case "install":
      return installEngine(machine, step.source, step.version, op.signal);
    case "enable":
      await machine.run(["systemctl", "enable", "docker.service"]);
      return;
    default:
      return activate(op, machine, step);
  }
}

/** Writes the file only when the engine takes it, and notes first what has to follow. */
async function writeDaemon(machine: Machine, text: string | undefined, then: string): Promise<void> {
  if (text !== undefined) await validate(machine, text);
  if (then !== "none") await machine.writeFile(PENDING_FILE, then, 0o644);
  await putDaemon(machine, text);
}

async function putDaemon(machine: Machine, text: string | undefined): Promise<void> {
  if (text === undefined) await machine.remove(DAEMON_JSON);
  else await machine.writeFile(DAEMON_JSON, text, 0o644);
}

/** Has the installed engine read the configuration. Engines before 23.0 cannot (unknown flag); one that is missing neither (127). */
async function validate(machine: Machine, text: string): Promise<void> {
  const draft = `${DAEMON_JSON}.dockyard-draft`;
  await machine.writeFile(draft, text, 0o644);
  const result = await machine.exec(["dockerd", "--validate", "--config-file", draft]);
  await machine.remove(draft);
  const said = (result.stderr || result.stdout).trim();
  if (result.code === 0 || missing(result.code, said) || said.includes("unknown flag")) return;
  throw new Error(`${machine.address}: the engine refuses this daemon.json: ${said}. Correct the daemon settings; nothing was changed`);
}

/** How a shell and how sudo say that there is no such command. */
function missing(code: number, said: string): boolean {
  return code === 127 || (code === 1 && /dockerd: command not found/.test(said));
}

type Activation = EngineStep & { kind: "start" | "reload" | "restart" };

/** Lets the engine take its configuration over; when it does not come up with it, the one before is put back. */
async function activate(op: Operation, machine: Machine, step: Activation): Promise<void> {
  const act = async () => {
    // Many failures in a row make systemd refuse; that must not count against a good configuration.
    await machine.exec(["systemctl", "reset-failed", "docker.service"]);
    await machine.run(["systemctl", step.kind, "docker.service"]);
    await engineAnswers(op, machine);
  };
  await act().catch((error: Error) => putBack(op, machine, step, error));
  await machine.remove(PENDING_FILE);
}

async function putBack(op: Operation, machine: Machine, { kind, because, before }: Activation, error: Error): Promise<never> {
  const journal = await journalTail(machine);
  if (op.signal.aborted) throw error;
  const message = `${machine.address}: the engine did not come up after its ${kind} (${because}): ${error.message}\n${journal}`;
  await putDaemon(machine, before);
  await machine.exec(["systemctl", "reset-failed", "docker.service"]);
  const again = await machine.exec(["systemctl", "restart", "docker.service"]);
  await machine.remove(PENDING_FILE);
  throw new Error(
    again.code === 0
      ? `${message}\nThe former ${DAEMON_JSON} is back and the engine runs with it. Correct the daemon settings`
      : `${message}\nThe former ${DAEMON_JSON} is back, but the engine does not start with it either: see "journalctl -u docker" on the host`,
  );
}

/** The engine's last words, without what it says when all goes well. */
async function journalTail(machine: Machine): Promise<string> {
  const result = await machine.exec(["journalctl", "-u", "docker.service", "-n", "60", "--no-pager", "-o", "cat"], { atMost: OUTPUT.talk });
  const lines = result.stdout.split("\n").filter((line) => line !== "" && !/level=(debug|info)/.test(line));
  return lines.slice(-10).join("\n");
}
