import * as z from "zod";
import type { Machine } from "../../remote/machine";
import type { SwarmInfo } from "../../remote/manager";
import type { Operation } from "../../resource";
import { type Owner, ownerLabels } from "./owner";

/**
 * Below the engine's data, beside the certificate of its node: when the engine forgets the Swarm this goes too, and a copy of that folder
 * has it. A worker cannot read the Swarm's labels, nor can a manager without a quorum.
 */
const MARKER = "swarm/dockyard-owner";
const Marked = z.object({ id: z.string(), name: z.string() });

/** Writes onto a node whose platform it is of. One that cannot be written is a warning: the Swarm's labels are what counts. */
export async function markOwner(op: Operation, machine: Machine, owner: Owner | undefined): Promise<void> {
  if (owner === undefined) return;
  try {
    const { DockerRootDir, Swarm } = (await machine.docker.info()) as { DockerRootDir: string; Swarm: SwarmInfo };
    if (Swarm.LocalNodeState === "active") await machine.writeFile(`${DockerRootDir}/${MARKER}`, `${JSON.stringify(owner)}\n`, 0o600);
  } catch (error) {
    op.warn(`${machine.address}: whose platform it is of could not be written there: ${(error as Error).message}`);
  }
}

/** What the marker says, in the form of the Swarm's labels; undefined where there is none that can be read. */
export async function markedOwner(machine: Machine, dataRoot: string): Promise<Record<string, string> | undefined> {
  const text = await machine.readFile(`${dataRoot}/${MARKER}`);
  try {
    return text && ownerLabels(Marked.parse(JSON.parse(text.toString())));
  } catch {
    return undefined;
  }
}
