import { hostAddressProblem, roomForHosts, vpcProblem } from "../../hosts/aws/addresses";
import { architectureOf, typeProblem } from "../../hosts/aws/instanceTypes";
import { hostSubnets, MANAGERS, planAws, wantedHosts } from "../../hosts/aws/plan";
import { REGIONS } from "../../hosts/aws/regions";
import { zoneWithQuorum } from "../../hosts/aws/zones";
import { contains, overlap, parseSubnet } from "../../../provider/swarm/subnet";
import { nearest } from "../../bundle/nearest";
import { AwsHosts } from "../awsSchema";
import { listText, type Path, type Problem } from "../problems";
import type { Sketch } from "../sketch";
import { edgeProblems } from "./awsEdge";

/** The section as it is once its shape is right; until then the shape is what there is to tell. */
export function awsSection(sketch: Sketch): AwsHosts | undefined {
  return sketch.hosts?.source === "aws" ? AwsHosts.safeParse(sketch.hosts).data : undefined;
}

const problem = (path: Path, says: string): Problem => ({ path: ["hosts", ...path], says });

/** What cannot be in AWS, or must not. */
export function awsProblems(sketch: Sketch): Problem[] {
  const aws = awsSection(sketch);
  if (!aws) return [];
  // Where hosts stand has to be right before their addresses can be.
  const places = [...regionAndZones(aws), ...networkProblems(aws), ...groupProblems(aws)];
  return [...places, ...accessProblems(aws), ...machineProblems(aws), ...(places.length === 0 ? addressProblems(aws) : []), ...edgeProblems(aws, sketch)];
}

function regionAndZones({ region, zones, managers }: AwsHosts): Problem[] {
  const found: Problem[] = [];
  if (!REGIONS.includes(region)) {
    const near = nearest(region, REGIONS);
    found.push(problem(["region"], `found "${region}", which is no region; ${near ? `did you mean "${near}"?` : "write one such as \"eu-central-1\""}`));
  }
  if (zones.length < 2) found.push(problem(["zones"], `found ${zones.length} zones; write two or three, so that one may fail`));
  zones.forEach((zone, index) => {
    if (zone.slice(0, -1) !== region && REGIONS.includes(region)) found.push(problem(["zones", index], `found "${zone}", which is no zone of ${region}; write one such as "${region}a"`));
    else if (zones.indexOf(zone) < index) found.push(problem(["zones", index], `found "${zone}" a second time; take one of the two out`));
  });
  if (managers.count % 2 === 0) {
    found.push(problem(["managers", "count"], `found ${managers.count} managers, which bear no more losses than ${managers.count - 1}; make it ${managers.count - 1} or ${managers.count + 1}`));
  } else if (managers.count > 1 && zones.length === 2 && !managers.quorumInOneZone) {
    const zone = zoneWithQuorum(wantedHosts({ managers, workers: [], zones }).map((host) => host.zone));
    found.push(problem(["managers", "count"], `found ${managers.count} managers in two zones, of which ${zone} would hold the quorum; add a third zone, or accept it with managers.quorumInOneZone: true`));
  }
  return found;
}

function networkProblems({ network, zones, access }: AwsHosts): Problem[] {
  const { cidr, existing } = network;
  if (!existing) {
    const tooSmall = cidr === undefined ? undefined : vpcProblem(cidr);
    return tooSmall ? [problem(["network", "cidr"], `found "${cidr}"; ${tooSmall}`)] : [];
  }
  const both = (["cidr", "nat", "s3Accounts"] as const).filter((key) => network[key] !== undefined).map((key) => problem(["network", key], `found ${JSON.stringify(network[key])} beside network.existing; a VPC that is there has its own, take one of the two out`));
  const missing = zones.filter((zone) => existing.subnets.filter((subnet) => subnet.zone === zone).length !== 1).map((zone) => problem(["network", "existing", "subnets"], `found ${existing.subnets.filter((subnet) => subnet.zone === zone).length} subnets in ${zone}; write exactly one for each zone of hosts.zones`));
  const elsewhere = existing.subnets.flatMap((subnet, index) => (zones.includes(subnet.zone) ? [] : [problem(["network", "existing", "subnets", index, "zone"], `found "${subnet.zone}", which is not among hosts.zones`)]));
  const ranges = existing.subnets.flatMap((subnet, index) => {
    const at = ["network", "existing", "subnets", index];
    if (subnet.hosts !== undefined && !contains(parseSubnet(subnet.cidr), parseSubnet(subnet.hosts))) return [problem([...at, "hosts"], `found "${subnet.hosts}", which is no part of the subnet's ${subnet.cidr}`)];
    const other = existing.subnets.slice(0, index).find((before) => overlap(parseSubnet(before.cidr), parseSubnet(subnet.cidr)));
    return other ? [problem([...at, "cidr"], `found "${subnet.cidr}", which overlaps ${other.cidr} of ${other.id}; subnets of one VPC never do`)] : [];
  });
  const publicly = access.address === "public" ? [] : existing.edgeSubnets.filter(({ id }) => existing.subnets.some((subnet) => subnet.id === id)).map(({ id }) => problem(["network", "existing", "edgeSubnets"], `found ${id}, where the hosts stand; write a public subnet of its zone`));
  return [...both, ...missing, ...elsewhere, ...ranges, ...publicly];
}

function accessProblems({ access, network, loginGeneration, machineImage: image }: AwsHosts): Problem[] {
  const open = access.ssh.flatMap((cidr, index) => (parseSubnet(cidr).prefix < 8 ? [problem(["access", "ssh", index], `found "${cidr}", which lets the whole internet try; write the ranges of your own networks`)] : []));
  const nobody = access.ssh.length === 0 && access.bastion === undefined ? [problem(["access", "ssh"], "is empty, and there is no access.bastion: nobody could reach the hosts, this program included; write the range that it comes from")] : [];
  const keys = access.publicKey === undefined && access.keyFile !== undefined ? [problem(["access", "keyFile"], `found "${access.keyFile}" without the public key that belongs to it; write access.publicKey too, or leave both out`)] : [];
  const foreign = access.publicKey !== undefined && loginGeneration > 1 ? [problem(["loginGeneration"], `found ${loginGeneration} beside access.publicKey, whose key is your own to rotate; take one of the two out`)] : [];
  const closed = network.existing === undefined && network.nat === "none" && access.address === "private" && image.ami === undefined;
  return [...open, ...nobody, ...keys, ...foreign, ...(closed ? [problem(["network", "nat"], 'found "none", so that no host could fetch the engine\'s package; write "one" or "zone", give the hosts public addresses (access.address: public), or name an image that has an engine (machineImage.ami)')] : [])];
}

function machineProblems({ machineImage: image, managers, workers }: AwsHosts): Problem[] {
  const which = [image.ami, image.newest].filter((value) => value !== undefined).length;
  const images = which === 1 ? [] : [problem(["machineImage"], `found ${which === 0 ? "neither ami nor newest" : "both ami and newest"}; write one of the two`)];
  const typed: [Path, string][] = [[["managers", "type"], managers.type], ...workers.map(({ type }, index): [Path, string] => [["workers", index, "type"], type])];
  const types = typed.flatMap(([path, type]) => {
    const unfit = typeProblem(type);
    if (unfit) return [problem(path, `found "${type}", ${unfit}; write a newer one, such as "${image.architecture === "arm64" ? "m7g.large" : "m7i.large"}"`)];
    const architecture = architectureOf(type);
    return architecture === image.architecture ? [] : [problem(path, `found "${type}", which runs ${architecture}, while hosts.machineImage is for ${image.architecture}; write another type, or another image`)];
  });
  return [...images, ...types];
}

function groupProblems({ managers, workers, generations, addresses, zones }: AwsHosts): Problem[] {
  const names = workers.flatMap(({ name }, index) => {
    if (name === MANAGERS || /^m\d+$/.test(name)) return [problem(["workers", index, "name"], `found "${name}", a name of the managers; write another one`)];
    const other = workers.findIndex((group) => group.name === name);
    return other < index ? [problem(["workers", index, "name"], `found "${name}", which workers[${other}] has already; give each group its own name`)] : [];
  });
  const hosts = wantedHosts({ managers, workers, zones });
  const twice = hosts.filter(({ name }, index) => hosts.findIndex((other) => other.name === name) < index && names.length === 0).map(({ name, group }) => problem(["workers"], `group "${group}" has a host "${name}", and so has another; rename one of them`));
  const takesTasks = managers.availability === "active" || workers.some(({ count, availability }) => count > 0 && availability === "active");
  const idle = takesTasks ? [] : [problem(["workers"], `found no worker that takes tasks, and the managers take none (managers.availability: ${managers.availability}); write a group of workers, or make the managers active`)];
  const unknown = (["generations", "addresses"] as const).flatMap((key) => Object.keys({ generations, addresses }[key]).filter((name) => !hosts.some((host) => host.name === name)).map((name) => problem([key, name], `is for a host that there is not; write one of ${listText(hosts.slice(0, 12).map((host) => host.name))}`)));
  return [...names, ...twice, ...idle, ...unknown];
}

/** Two hosts at one address, one outside of its subnet, or more hosts than addresses. */
function addressProblems(aws: AwsHosts): Problem[] {
  const subnets = hostSubnets(aws);
  const wanted = wantedHosts(aws);
  const full = subnets.flatMap(({ zone, cidr, hosts }) => {
    const count = wanted.filter((host) => host.zone === zone).length;
    // Half of it: a machine and its successor exist at the same time.
    return count * 2 > roomForHosts(cidr, hosts) ? [problem(["network"], `has room for ${roomForHosts(cidr, hosts)} machines in ${hosts} (${zone}), but ${count} and their successors are wanted; write a larger range`)] : [];
  });
  if (full.length > 0) return full;
  const { machines } = planAws(aws, "any");
  return machines.flatMap(({ name, address, zone }, index) => {
    const { cidr, hosts } = subnets.find((subnet) => subnet.zone === zone)!;
    const written = aws.addresses[name] !== undefined;
    const outside = written ? hostAddressProblem(address, cidr, hosts) : undefined;
    if (outside) return [problem(["addresses", name], `found "${address}", ${outside}`)];
    const other = machines.slice(0, index).find((before) => before.address === address);
    if (!other) return [];
    const found = written ? `found "${address}", which` : `is missing, and the one that follows from its name, ${address},`;
    return [problem(["addresses", name], `${found} ${other.name} has already; write another address of ${hosts}`)];
  });
}
