import type { Machine } from "../remote/machine";
import { Refused } from "../resource";

/** What a machine calls itself: /etc/machine-id, made anew with every installation. */
export async function machineIdOf(machine: Machine): Promise<string | undefined> {
  return (await machine.readFile("/etc/machine-id"))?.toString().trim();
}

/** @throws Refused when another machine answers at the host's address */
export async function mustBe(machine: Machine, host: string): Promise<void> {
  if ((await machineIdOf(machine)) === host) return;
  throw new Refused(`${machine.address} is another machine than the host that is meant (machine-id ${host}); run \`pulumi refresh\`, then \`pulumi up\``);
}
