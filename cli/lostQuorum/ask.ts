import type { Machine } from "../../provider/remote/machine";
import { seesNoQuorum, type SwarmInfo } from "../../provider/remote/manager";
import { listNodes } from "../../provider/swarm/node/api";
import { within } from "../within";
import type { StackHost } from "../stackHosts";
import { lookAtRaft } from "./evidence";
import { type ManagerView, type Said, viewOf } from "./views";

/** Asks every manager at once; one that is silent costs its own time alone. @param timeout milliseconds for each question to an engine */
export function askManagers(managers: readonly StackHost[], machine: (host: StackHost) => Promise<Machine>, timeout: number): Promise<ManagerView[]> {
  return Promise.all(
    managers.map(async (host) => {
      const identity = { name: host.name, address: host.advertiseAddress };
      try {
        return { ...identity, ...(await ask(await machine(host), timeout)) };
      } catch (error) {
        return { ...identity, says: "nothing" as const, reason: (error as Error).message };
      }
    }),
  );
}

async function ask(machine: Machine, timeout: number): Promise<Said> {
  const info = await within(timeout, `${machine.address}: the engine does not say what it is`, machine.docker.info());
  const swarm = info.Swarm as SwarmInfo;
  if (seesNoQuorum(swarm)) return viewOf(swarm, undefined, await lookAtRaft(machine, info.DockerRootDir as string));
  if (swarm.LocalNodeState !== "active" || !swarm.ControlAvailable) return viewOf(swarm, undefined, undefined);
  return viewOf(swarm, await within(timeout, `${machine.address}: the nodes cannot be listed`, listNodes(machine.docker)), undefined);
}
