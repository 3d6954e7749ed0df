import type { SwarmInfo } from "../remote/manager";
import type { Machine } from "../remote/machine";
import { Refused } from "../resource";
import { rewriteHosts } from "./rewriteHosts";

/**
 * Gives a host its hostname, and a line in /etc/hosts by which it finds itself (sudo looks its own name up).
 * @throws Refused where the engine is in a Swarm: nodes keep the name they started with, and placement may rest on it
 */
export async function rename(machine: Machine, from: string, to: string): Promise<void> {
  const state = await swarmState(machine);
  if (state !== undefined && state !== "inactive") {
    throw new Refused(
      `${machine.address} has the hostname ${from}, ${to} is asked for, and it is in a Swarm (${state}), which knows it by its hostname. ` +
        `Name the host ${from} in the configuration, or take it out of the Swarm first`,
    );
  }
  const result = await machine.exec(["hostnamectl", "set-hostname", "--", to]);
  if (result.code !== 0) {
    throw new Error(
      `${machine.address}: the hostname ${from} could not be changed to ${to}: ${result.stderr.trim()}. ` +
        "Where the host is a container its name comes from outside: name it there, or write the name it has",
    );
  }
  await rewriteHosts(machine, "hostname", { [to]: "127.0.1.1" });
}

async function swarmState(machine: Machine): Promise<string | undefined> {
  try {
    return ((await machine.docker.info()).Swarm as SwarmInfo | undefined)?.LocalNodeState;
  } catch {
    return undefined; // no engine, no Swarm
  }
}
