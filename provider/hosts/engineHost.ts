import type { Machine } from "../remote/machine";
import type { SwarmInfo } from "../remote/manager";
import type { EngineFacts } from "./enginePlan";
import { DAEMON_JSON } from "./daemonJson";
import { PACKAGES } from "./packagePin";
import { ACTIONS, type Action } from "./reloadable";
import { readHosts } from "./rewriteHosts";

/** Says what the running engine has still to take over; on /run, so that a reboot, which does it, forgets it. */
export const PENDING_FILE = "/run/dockyard/engine-pending";

/** What one command tells of an engine; a constant, nothing from the configuration is put into it. */
const ENGINE_SCRIPT = `
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
say() { printf '%s=%s\\n' "$1" "$2"; }
main() {
  say machine-id "$(cat /etc/machine-id 2>/dev/null)"
  say engine "$(dockerd --version 2>/dev/null)"
  for name in docker.io docker-ce; do
    dpkg-query -W -f='package=\${Package} \${Version} \${db:Status-Status}\\n' "$name" 2>/dev/null
  done
  say enabled "$(systemctl is-enabled docker.service 2>/dev/null)"
  say active "$(systemctl is-active docker.service 2>/dev/null)"
  say pending "$(cat ${PENDING_FILE} 2>/dev/null)"
  modprobe br_netfilter 2>/dev/null
  [ ! -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || say bridge-filter yes
}
main </dev/null
`;

/** Looks at the engine of a host. */
export async function observeEngine(machine: Machine): Promise<EngineFacts> {
  const [said, daemonText, hostsText] = await Promise.all([
    machine.run(["sh", "-s"], { stdin: ENGINE_SCRIPT }),
    machine.readFile(DAEMON_JSON),
    readHosts(machine),
  ]);
  const facts = parseEngine(said);
  const info = facts.active ? ((await machine.docker.info()) as { Swarm?: SwarmInfo; Containers?: number }) : undefined;
  const inSwarm = info !== undefined && stateIn(info) !== "inactive";
  const untouched = info !== undefined && !inSwarm && info.Containers === 0 && daemonText === undefined;
  return { ...facts, inSwarm, fresh: facts.engineVersion === undefined || untouched, daemonText: daemonText?.toString(), hostsText };
}

/** The part of the facts that ENGINE_SCRIPT prints. */
export function parseEngine(said: string): Pick<EngineFacts, "machineId" | "engineVersion" | "package" | "enabled" | "active" | "pending" | "bridgeFilter"> {
  const lines = said.split("\n");
  const values = (key: string) => lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1).trim());
  const installed = values("package").flatMap((line) => {
    const [name, version, status] = line.split(" ");
    return status === "installed" && version ? [{ source: name === PACKAGES.docker[0] ? ("docker" as const) : ("distribution" as const), version }] : [];
  });
  return {
    machineId: values("machine-id")[0] ?? "",
    engineVersion: /version ([^\s,]+)/.exec(values("engine")[0] ?? "")?.[1],
    package: installed[0],
    enabled: values("enabled")[0] === "enabled",
    active: values("active")[0] === "active",
    pending: pendingAction(values("pending")[0]),
    bridgeFilter: values("bridge-filter")[0] === "yes",
  };
}

/** The engine's word on its Swarm, "inactive" where it is in none. */
export async function swarmState(machine: Machine): Promise<NonNullable<SwarmInfo["LocalNodeState"]>> {
  return stateIn((await machine.docker.info()) as { Swarm?: SwarmInfo });
}

function stateIn({ Swarm }: { Swarm?: SwarmInfo }): NonNullable<SwarmInfo["LocalNodeState"]> {
  return Swarm?.LocalNodeState ?? "inactive";
}

function pendingAction(word: string | undefined): Action {
  return ACTIONS.find((action) => action === word) ?? "none";
}
