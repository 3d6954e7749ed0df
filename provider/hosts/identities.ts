/** A host as this process knows it. */
export interface Identity {
  /** Name of the host in the configuration, which is its hostname. */
  readonly name: string;
  readonly machineId: string;
  /** Where it answers, "10.77.0.11:22". */
  readonly address: string;
}

/**
 * The machines that this process has met, so that two hosts that are one machine, or clones of one, are found before
 * anything joins. Pure bookkeeping: filled by whoever learns of a host, also from state alone.
 */
export class Identities {
  private readonly known = new Map<string, Identity>();

  /** Takes over what is known already (state, a refresh). What it replaces was the same host of the configuration. */
  remember(identity: Identity): void {
    this.known.set(identity.name, identity);
  }

  /**
   * Takes the identity of a host that was just looked at, unless another host has it.
   * @returns what speaks against it, naming both hosts; nothing when it was taken
   */
  claim(identity: Identity): string[] {
    const twins = [...this.known.values()].filter((other) => other.name !== identity.name && other.machineId === identity.machineId);
    const namesake = this.known.get(identity.name);
    const conflicts = twins.map((other) => `machine-id ${identity.machineId} is that of host ${other.name} (${other.address}) too`);
    // At the same address it is the successor of a machine that was set up anew, not a second host.
    if (namesake && namesake.machineId !== identity.machineId && namesake.address !== identity.address) {
      conflicts.push(`hostname ${identity.name} is that of the machine at ${namesake.address} (machine-id ${namesake.machineId}) too`);
    }
    if (conflicts.length === 0) this.known.set(identity.name, identity);
    return conflicts;
  }

  /** Forgets a host, unless its name belongs to another machine by now. */
  release(name: string, machineId: string): void {
    if (this.known.get(name)?.machineId === machineId) this.known.delete(name);
  }
}
