import { onScratchHost, type ScratchHost, startScratchHosts } from "../../../../lab/scratch";
import { ProviderProcess } from "../../support/provider";

/** An image with a shell, made from the host's own programs: no registry is asked for it. */
export const SHELL_IMAGE = "scratch/shell:1";
const PROGRAMS = "/bin/sh /bin/sleep /bin/cat /bin/true";
const MAKE_IMAGE = `tar -ch --hard-dereference -f - $(ldd ${PROGRAMS} | grep -o '/[^ :)]*' | sort -u) | docker import -c 'CMD ["sleep","infinity"]' - ${SHELL_IMAGE}`;

export interface SmallSwarm {
  readonly hosts: readonly ScratchHost[];
  readonly provider: ProviderProcess;
  readonly cluster: string;
  /** One shell line on the manager; its output without the last line break. */
  on(line: string): Promise<string>;
}

/** A Swarm of scratch hosts with one manager, the shell image on each, and a provider that knows it. */
export async function startSmallSwarm(name: string, subnet: number, count: number): Promise<SmallSwarm> {
  const hosts = await startScratchHosts({ name, subnet, count });
  const manager = hosts[0]!;
  const on = async (line: string) => (await onScratchHost(manager, line)).trim();
  await Promise.all(hosts.map((host) => onScratchHost(host, MAKE_IMAGE)));
  await on(`docker swarm init --advertise-addr ${manager.address}`);
  const token = await on("docker swarm join-token -q worker");
  await Promise.all(hosts.slice(1).map((host) => onScratchHost(host, `docker swarm join --token ${token} ${manager.address}:2377`)));
  const cluster = await on("docker info --format '{{.Swarm.Cluster.ID}}'");
  const managers = [{ address: manager.address, hostKey: manager.hostKey }];
  const provider = await ProviderProcess.start({ privateKey: manager.privateKey, managers });
  return { hosts, provider, cluster, on };
}
