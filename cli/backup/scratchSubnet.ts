import Docker from "dockerode";
import { isAddress, overlap, parseSubnet, singleAddress, type Subnet } from "../../provider/swarm/subnet";

/** Third numbers of 10.213.N.0/24 that drills may take, the first one that is free. */
const NUMBERS = Array.from({ length: 40 }, (_, index) => 239 - index);

/** A network for a drill's scratch host that nobody uses: neither this machine's engine nor the platform of the backup. */
export async function scratchSubnet(platform: readonly string[]): Promise<number> {
  const networks = await new Docker().listNetworks();
  const used = networks.flatMap(({ IPAM }) => (IPAM?.Config ?? []).map(({ Subnet }) => Subnet));
  return freeNumber(used.filter((each) => each !== undefined), platform);
}

/**
 * @param used subnets, as an engine lists them; those of other families do not matter
 * @param addresses of the platform's nodes
 * @throws Error when none is free
 */
export function freeNumber(used: readonly string[], addresses: readonly string[]): number {
  const taken = [...used.flatMap(subnetOf), ...addresses.filter(isAddress).map(singleAddress)];
  const free = NUMBERS.find((number) => !taken.some((each) => overlap(each, parseSubnet(`10.213.${number}.0/24`))));
  if (free === undefined) throw new Error("every network from 10.213.200.0/24 to 10.213.239.0/24 is in use; name another one with --subnet");
  return free;
}

function subnetOf(text: string): Subnet[] {
  try {
    return [parseSubnet(text)];
  } catch {
    return [];
  }
}
