import type { HostInputs } from "../../../provider/hosts/host";
import type { Connection } from "../../../provider/remote/connection";
import { onScratchHost, type ScratchHost } from "../../../lab/scratch";

export const HOST = "dockyard:hosts:Host";
export const ENGINE = "dockyard:hosts:Engine";

export function connectionTo({ address, hostKey }: ScratchHost): Connection {
  return { address, hostKey };
}

/** Inputs that the host meets as it is. */
export function hostInputs(host: ScratchHost): HostInputs {
  return { connection: connectionTo(host), name: host.name, addresses: [host.address], pools: ["10.144.0.0/16"] };
}

export async function machineIdOf(host: ScratchHost): Promise<string> {
  return (await onScratchHost(host, "cat /etc/machine-id")).trim();
}

/** When the engine was started last, to tell a restart from a reload. */
export async function engineStart(host: ScratchHost): Promise<string> {
  return (await onScratchHost(host, "systemctl show docker -p ExecMainStartTimestampMonotonic -p MainPID")).trim();
}

/** Puts one key of daemon.json to another value, as a hand with an editor would. */
export async function editDaemonJson(host: ScratchHost, key: string, value: string): Promise<void> {
  await onScratchHost(host, `sed -i 's/"${key}": [^,]*/"${key}": ${value}/' /etc/docker/daemon.json`);
}
