import { ESP_SCRIPT } from "../../hosts/facts";
import type { Machine } from "../../remote/machine";
import { Refused } from "../../resource";
import { isEncrypted, type LiveNetwork } from "../networkSpec";

interface Networks {
  listNetworks(options: object): Promise<unknown>;
}

/**
 * Sees that a host can take part in the Swarm's encrypted networks before it joins. Which those are stands in no configuration: networks
 * that leave it open are encrypted where every host of their day could.
 * @throws Refused when there are such networks and the host's kernel has no ESP: its tasks would hear nobody there
 */
export async function assertCanEncrypt(machine: Pick<Machine, "exec">, docker: Networks, name: string): Promise<void> {
  const networks = (await docker.listNetworks({ filters: { scope: ["swarm"], driver: ["overlay"] } })) as LiveNetwork[];
  const encrypted = networks.filter(isEncrypted).map(({ Name }) => Name).sort();
  if (encrypted.length === 0) return;
  const { code } = await machine.exec(["sh", "-s"], { stdin: ESP_SCRIPT });
  if (code === 0) return;
  throw new Refused(
    `${name} cannot join: the Swarm's ${encrypted.length === 1 ? `network ${encrypted[0]} is` : `networks ${encrypted.join(", ")} are`} encrypted between hosts, and IPsec ESP does not work on this one. ` +
      'Run "modprobe esp4" on it, or boot a kernel that has it; nothing was changed on the host',
  );
}
