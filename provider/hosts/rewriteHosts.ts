import type { Machine } from "../remote/machine";
import { type Names, withNames } from "./hostsFile";

export const HOSTS_FILE = "/etc/hosts";

/** The host's /etc/hosts, "" where there is none. */
export async function readHosts(machine: Machine): Promise<string> {
  return (await machine.readFile(HOSTS_FILE))?.toString() ?? "";
}

/** Puts the names into the host's /etc/hosts, in the block of that name; writes nothing when they are there. */
export async function rewriteHosts(machine: Machine, block: string, names: Names): Promise<void> {
  const found = await readHosts(machine);
  const wanted = withNames(found, block, names);
  if (wanted === found) return;
  // Where the host is a container its file is a mount, which cannot be renamed over, only written into.
  const mounted = (await machine.exec(["mountpoint", "-q", HOSTS_FILE])).code === 0;
  if (mounted) await machine.run(["tee", HOSTS_FILE], { stdin: wanted });
  else await machine.writeFile(HOSTS_FILE, wanted, 0o644);
}
