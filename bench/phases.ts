/** A part of the bring-up: how long it took after the one before it was ready, and when it was, both in milliseconds. */
export interface Phase {
  readonly name: string;
  readonly took: number;
  readonly ready: number;
}

/** What of a resource of the state matters here. */
export interface TimedResource {
  readonly urn: string;
  /** When the last change of it was done. */
  readonly modified?: string;
}

/** Parts by the types of their resources, as the URN has them (its components before "$"), in the order in which they are built. */
const PARTS: readonly (readonly [name: string, type: RegExp])[] = [
  ["keys and certificates", /\$tls:/],
  ["lab hosts (containers)", /\$docker:/],
  ["boot and preflight", /\$dockyard:hosts:Host$/],
  ["engines", /\$dockyard:hosts:Engine$/],
  ["swarm", /\$dockyard:swarm:(Cluster|Node)$/],
  ["registry", /components:Registry\$/],
  ["images", /\$dockyard:registry:Image$/],
  ["applications", /components:Application\$/],
];

/**
 * The parts of a bring-up. They follow one another, apart from what one part can do beside another; a part that was ready before its
 * predecessor took no time of its own.
 * @param start of the update, milliseconds
 */
export function bringUpPhases(resources: readonly TimedResource[], start: number): Phase[] {
  const ready = new Map<string, number>();
  for (const { urn, modified } of resources) {
    const part = PARTS.find(([, type]) => type.test(urn.split("::")[2] ?? ""))?.[0];
    if (part && modified) ready.set(part, Math.max(ready.get(part) ?? 0, Date.parse(modified) - start));
  }
  let before = 0;
  return PARTS.flatMap(([name]) => {
    const at = ready.get(name);
    if (at === undefined) return [];
    const took = Math.max(0, at - before);
    before = Math.max(before, at);
    return [{ name, took, ready: at }];
  });
}
