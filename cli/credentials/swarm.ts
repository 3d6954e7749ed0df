import { Connections } from "../../provider/remote/connections";
import { findManager } from "../../provider/remote/manager";
import { type ClusterInfo, inspectCluster } from "../../provider/swarm/cluster/clusterInfo";
import { rotationMarks } from "../../provider/swarm/cluster/rotation";
import type { ProviderConfiguration } from "../../provider/configuration";
import type { Credential } from "./credential";
import { type KnownNode, lifeOf } from "./state";

/** A look must not keep anybody waiting: milliseconds for a connection, and for a command. */
const PATIENCE = { connectTimeout: 3_000, commandTimeout: 10_000 };

/** What one look at the hosts of a Swarm shows. */
export interface SwarmLook {
  /** What a manager says of the Swarm, or why none does. */
  readonly cluster: { readonly info: ClusterInfo } | { readonly unknown: string };
  /** The nodes' own certificates (PEM), or why one could not be had. */
  readonly nodes: readonly { readonly name: string; readonly certificate?: string; readonly unknown?: string }[];
}

/** Looks at a manager, and at every node for its certificate. Whoever does not answer is left out with the reason. */
export async function lookAtSwarm({ privateKey, proxies, managers }: ProviderConfiguration, nodes: readonly KnownNode[]): Promise<SwarmLook> {
  const connections = new Connections({ privateKey, proxies, ...PATIENCE });
  try {
    const [cluster, certificates] = await Promise.all([
      findManager(managers, (connection) => connections.machine(connection)).then(
        async ({ docker }) => ({ info: await inspectCluster(docker) }),
        () => ({ unknown: "no manager answers" }),
      ),
      Promise.all(nodes.map(({ name, connection }) => nodeCertificate(connections, name, connection))),
    ]);
    return { cluster, nodes: certificates };
  } finally {
    connections.close();
  }
}

async function nodeCertificate(connections: Connections, name: string, connection: KnownNode["connection"]): Promise<SwarmLook["nodes"][number]> {
  try {
    const machine = await connections.machine(connection);
    const { DockerRootDir } = (await machine.docker.info()) as { DockerRootDir: string };
    const certificate = await machine.readFile(`${DockerRootDir}/swarm/certificates/swarm-node.crt`);
    return certificate ? { name, certificate: certificate.toString() } : { name, unknown: "is no node" };
  } catch {
    return { name, unknown: "does not answer" };
  }
}

/** The Swarm's own credentials, from a look at it. Pure. */
export function swarmCredentials({ cluster, nodes }: SwarmLook): Credential[] {
  return [...clusterCredentials(cluster), ...nodes.map(nodeCredential)];
}

function clusterCredentials(cluster: SwarmLook["cluster"]): Credential[] {
  const names = { ca: "CA of the Swarm", joinTokens: "join tokens", unlockKey: "unlock key of the managers" };
  const renewal = { ca: "you: one more in swarm.rotation.ca", joinTokens: "you: one more in swarm.rotation.joinTokens", unlockKey: "you: one more in swarm.rotation.unlockKey" };
  if ("unknown" in cluster) return [{ name: names.ca, renewal: renewal.ca, unknown: cluster.unknown }];
  const { info } = cluster;
  const marks = rotationMarks(info.Spec.Labels);
  const since = (at: string | undefined) => new Date(at ?? info.CreatedAt);
  const ca = info.RootRotationInProgress
    ? { unknown: "is being rotated" }
    : { expires: lifeOf(info.TLSInfo?.TrustRoot ?? "").expires, worryDays: 365 };
  return [
    { name: names.ca, renewal: renewal.ca, ...ca },
    { name: names.joinTokens, renewal: renewal.joinTokens, since: since(later(marks.joinTokens.at, marks.ca.at)) },
    ...(info.Spec.EncryptionConfig?.AutoLockManagers ? [{ name: names.unlockKey, renewal: renewal.unlockKey, since: since(marks.unlockKey.at) }] : []),
  ];
}

/** A rotation of the CA makes new join tokens, too. Times of one form compare as text. */
function later(a: string | undefined, b: string | undefined): string | undefined {
  return a !== undefined && b !== undefined ? (a > b ? a : b) : (a ?? b);
}

/** Engines renew theirs between half and four fifths of its life; one with less than a tenth left has missed that. */
function nodeCredential({ name, certificate, unknown }: SwarmLook["nodes"][number]): Credential {
  const common = { name: `certificate of ${name} in the Swarm`, renewal: "its engine, while it runs" };
  if (certificate === undefined) return { ...common, unknown };
  const { expires, days } = lifeOf(certificate);
  return { ...common, expires, worryDays: days / 10 };
}
