import { createHash, X509Certificate } from "node:crypto";
import type { Machine } from "../../remote/machine";
import type { SwarmInfo } from "../../remote/manager";
import { type Operation, Refused } from "../../resource";
import { inspectCluster } from "../cluster/clusterInfo";
import { foreignName } from "../foreignName";
import { markedOwner } from "./marker";
import { notAnswered, notOwned, type OwnedSwarm } from "./owner";

/** A host that was met. */
export interface MetHost {
  /** For messages: "host m1 (10.0.0.11)". */
  readonly what: string;
  /** Where its engine keeps its data. */
  readonly dataRoot: string;
  /** Whether it was this state's before, or is a machine that the stack itself has made. */
  readonly known: boolean;
}

/**
 * Sees to it that a host is in no platform of somebody else's. It is asked before anything on it is changed, also where its engine is
 * stopped, or only a worker's.
 * @throws Refused naming both owners and what can be done
 */
export async function assertHostOurs(op: Operation, machine: Machine, { what, dataRoot, known }: MetHost): Promise<void> {
  const id = await swarmOnDisk(machine, dataRoot);
  if (id === undefined) return;
  const says = await machine.docker.info().then(({ Swarm }) => Swarm as SwarmInfo, () => undefined);
  if (says?.LocalNodeState === "inactive") return; // it has left
  const swarm = (await toldByItself(machine, id, says)) ?? (await toldByManager(op, id)) ?? (await toldByMarker(machine, id, dataRoot));
  const refusal = swarm ? notOwned(what, swarm, op, known) : notAnswered(what, id, op, known);
  if (refusal !== undefined) throw new Refused(refusal);
}

/**
 * For what makes a host forget its Swarm while no other manager answers, who would have said that it is somebody else's by now.
 * @throws Refused when the host itself says so
 */
export async function assertMemberOurs(op: Operation, machine: Machine, what: string): Promise<void> {
  const { DockerRootDir, Swarm } = (await machine.docker.info()) as { DockerRootDir: string; Swarm: SwarmInfo };
  const id = await swarmOnDisk(machine, DockerRootDir);
  if (id === undefined) return;
  const swarm = (await toldByItself(machine, id, Swarm)) ?? (await toldByMarker(machine, id, DockerRootDir));
  const refusal = swarm && notOwned(what, swarm, op, true);
  if (refusal !== undefined) throw new Refused(refusal);
}

/** The id of the Swarm that a host is in, from the certificate that its engine keeps for it; undefined where it is in none. */
async function swarmOnDisk(machine: Machine, dataRoot: string): Promise<string | undefined> {
  const pem = await machine.readFile(`${dataRoot}/swarm/certificates/swarm-node.crt`);
  return pem && swarmOfCertificate(pem.toString("latin1"));
}

/** Swarm writes its own id as the organization of every node's certificate (swarmkit, ca/certificates.go). */
export function swarmOfCertificate(pem: string): string {
  try {
    const organization = /^O=(.+)$/m.exec(new X509Certificate(pem).subject)?.[1];
    if (organization !== undefined) return foreignName(organization);
  } catch {
    // What cannot be read is no proof that the host is free.
  }
  return `unreadable-${createHash("sha256").update(pem).digest("hex").slice(0, 8)}`;
}

/** What the host's own engine says of that Swarm, if it is one of its managers and sees a quorum. */
async function toldByItself(machine: Machine, id: string, says: SwarmInfo | undefined): Promise<OwnedSwarm | undefined> {
  if (!says?.ControlAvailable || says.Cluster?.ID !== id) return undefined;
  try {
    return { id, labels: (await inspectCluster(machine.docker)).Spec.Labels };
  } catch {
    return undefined;
  }
}

/** What was written onto the host when it became a node. */
async function toldByMarker(machine: Machine, id: string, dataRoot: string): Promise<OwnedSwarm | undefined> {
  const labels = await markedOwner(machine, dataRoot);
  return labels && { id, labels };
}

/** What a manager of the configuration says of it. */
async function toldByManager(op: Operation, id: string): Promise<OwnedSwarm | undefined> {
  try {
    const { docker, clusterId } = await op.manager();
    return clusterId === id ? { id, labels: (await inspectCluster(docker)).Spec.Labels } : undefined;
  } catch {
    return undefined;
  }
}
