/**
 * The zone of each of `count` hosts, in their order: round and round, so that zones differ by one host at most and a host that
 * is added or taken away at the end never moves another.
 */
export function spread(count: number, zones: readonly string[]): string[] {
  return Array.from({ length: count }, (_, index) => zones[index % zones.length]!);
}

/** The zone whose loss takes the quorum along: it holds more than half of the managers, or all but too few. */
export function zoneWithQuorum(managers: readonly string[]): string | undefined {
  const majority = Math.floor(managers.length / 2) + 1;
  return managers.find((zone) => managers.filter((other) => other !== zone).length < majority);
}
