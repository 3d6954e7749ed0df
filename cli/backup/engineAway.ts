import type { Machine } from "../../provider/remote/machine";

/** Stops the engine; it begins every script. No "${…}" and no "%" in any of them: systemd would read them. */
const STOP = `set -e
systemctl stop docker.socket 2>/dev/null || true
systemctl stop docker.service
`;

/**
 * Runs a script on a host while its engine is stopped. It is systemd's work, which starts the engine again whatever happens: the script
 * fails, takes too long, or the connection, or we ourselves, are gone.
 * @param unit its name on the host; a second one of that name at the same time is refused by systemd
 * @param script a constant; what is not, comes as arguments
 * @param limit milliseconds after which it is given up
 */
export async function whileEngineAway(machine: Machine, unit: string, script: string, args: readonly string[], limit: number): Promise<void> {
  const properties = [
    `RuntimeMaxSec=${Math.ceil(limit / 1000)}`,
    // An engine that takes up a Swarm without a quorum looks for a leader before it says that it has started.
    `TimeoutStopSec=${Math.ceil(limit / 1000)}`,
    // systemd refuses a start that follows too many others, and would leave the engine off.
    "ExecStopPost=-/bin/systemctl reset-failed docker.service docker.socket",
    "ExecStopPost=/bin/systemctl start docker.service",
  ];
  const options = properties.map((property) => `--property=${property}`);
  await machine.run(["systemd-run", "--quiet", "--wait", "--pipe", "--collect", `--unit=${unit}.service`, ...options, "/bin/sh", "-c", STOP + script, "sh", ...args], { timeout: 2 * limit });
}
