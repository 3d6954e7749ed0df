import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ScratchHost } from "../../../lab/scratch";
import type { HostEntry, HostsSection } from "./configuration";
import { shellOnHost } from "./labHost";

/** Machines that exist, as the configuration names them: one manager, workers. `change` sets one host otherwise. */
export function bareHosts(hosts: readonly ScratchHost[], change: { host?: string } & Partial<HostEntry> = {}): HostsSection {
  const { host: changed, ...rest } = change;
  const entry = ({ name, address, hostKey, privateKeyFile }: ScratchHost, index: number): HostEntry => ({
    name,
    role: index === 0 ? "manager" : "worker",
    address,
    hostKey,
    keyFile: privateKeyFile,
    ...(index === 0 && { labels: { registry: "true" } }),
    ...(name === changed && rest),
  });
  return { source: "bare", hosts: hosts.map(entry) };
}

/** Everything on a host that the platform could have touched, as text. */
export function hostState(container: string): Promise<string> {
  return shellOnHost(
    container,
    `cat /etc/hostname /etc/hosts /etc/machine-id
     find /etc/docker -type f | sort | xargs -r sha256sum
     systemctl show docker -p MainPID -p ExecMainStartTimestampMonotonic | sort
     docker info --format 'swarm {{.Swarm.LocalNodeState}}'
     docker images --quiet --all | sort; docker volume ls --quiet; docker network ls --format '{{.Name}}' | sort; docker ps --all --quiet`,
  );
}

/** What of {@link hostState} is configuration: a host that was a node keeps the engine's process, images and volumes. */
export function hostConfiguration(container: string): Promise<string> {
  return shellOnHost(
    container,
    `cat /etc/hostname /etc/hosts /etc/machine-id
     find /etc/docker -type f ! -name key.json | sort
     docker info --format 'swarm {{.Swarm.LocalNodeState}}'
     docker ps --all --quiet`,
  );
}

/** A private key that no host knows. @returns its file, in a folder of its own. */
export async function strangersKey(): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), "dockyard-e2e-key-")), "id_ed25519");
  await promisify(execFile)("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
  return file;
}
