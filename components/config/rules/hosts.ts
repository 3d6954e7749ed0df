import { planAws } from "../../hosts/aws/plan";
import { hostAddressProblem } from "../../network/plan";
import { isAddress, parseSubnet, singleAddress } from "../../../provider/swarm/subnet";
import { defaults } from "../defaults";
import type { Problem } from "../problems";
import { type HostSketch, refused, type Sketch } from "../sketch";
import { awsProblems, awsSection } from "./aws";

/** A host whose shape is right enough to be looked at, with its position in the list. */
export interface ListedHost extends HostSketch {
  readonly index: number;
}

/** The hosts of the list; those of AWS are made of its groups, and have no place of their own in the configuration. */
export function listedHosts(sketch: Sketch): ListedHost[] {
  const aws = awsSection(sketch);
  if (aws) return planAws(aws, "any").machines.map((machine, index) => ({ ...machine, index }));
  return (sketch.hosts?.hosts ?? []).flatMap((host, index) => (host ? [{ ...host, index }] : []));
}

/** What hosts may not share, and what their number and places must be. */
export function hostProblems(sketch: Sketch): Problem[] {
  if (sketch.hosts?.source === "aws") return awsProblems(sketch);
  const hosts = listedHosts(sketch);
  return [
    ...sameNames(hosts),
    ...sameAddresses(hosts),
    ...labAddresses(sketch, hosts),
    ...bareAddresses(sketch, hosts),
    ...zoneTwice(hosts),
    ...managers(sketch, hosts),
  ];
}

const at = (host: ListedHost, ...path: string[]) => ["hosts", "hosts", host.index, ...path];

function sameNames(hosts: readonly ListedHost[]): Problem[] {
  return hosts.flatMap((host, position) => {
    const other = host.name === undefined ? undefined : hosts.slice(0, position).find(({ name }) => name === host.name);
    return other
      ? [{ path: at(host, "name"), says: `found "${host.name}", which hosts[${other.index}] has already; give each host its own name` }]
      : [];
  });
}

/** Two hosts behind one address may differ in their SSH port; what other nodes reach them at may not be the same. */
function sameAddresses(hosts: readonly ListedHost[]): Problem[] {
  return hosts.flatMap((host, position) => {
    const before = hosts.slice(0, position);
    const key = advertised(host);
    const other = before.find((candidate) => advertised(candidate) !== undefined && advertised(candidate) === key);
    if (other) return [{ path: at(host, key === host.privateAddress ? "privateAddress" : "address"), says: taken(key!, other, "address") }];
    const login =
      host.address === undefined
        ? undefined
        : before.find((candidate) => candidate.address === host.address && port(candidate) === port(host));
    return login ? [{ path: at(host, "address"), says: taken(host.address!, login, "address, or its own port") }] : [];
  });
}

const taken = (address: string, other: ListedHost, own: string) =>
  `found "${address}", which "${other.name ?? `hosts[${other.index}]`}" has already; give each host its own ${own}`;
const port = (host: HostSketch) => host.port ?? defaults.ssh.port;
/** The address that Swarm advertises. */
const advertised = (host: HostSketch) => host.privateAddress ?? host.address;

function labAddresses({ hosts: section }: Sketch, hosts: readonly ListedHost[]): Problem[] {
  if (section?.source !== "lab" || refused(section, "subnet")) return [];
  const subnet = parseSubnet(section.subnet ?? defaults.labSubnet);
  return hosts.flatMap((host) => {
    const problem = host.address === undefined ? undefined : hostAddressProblem(subnet, singleAddress(host.address));
    return problem
      ? [{ path: at(host, "address"), says: `found "${host.address}", ${problem}; write another address of ${subnet.text}` }]
      : [];
  });
}

function bareAddresses({ hosts: section }: Sketch, hosts: readonly ListedHost[]): Problem[] {
  if (section?.source !== "bare") return [];
  return hosts.flatMap((host) =>
    host.address !== undefined && !isAddress(host.address) && !("privateAddress" in host)
      ? [
          {
            path: at(host, "privateAddress"),
            says: `is missing; Swarm takes no name such as "${host.address}": write the IPv4 address that the other hosts reach it at`,
          },
        ]
      : [],
  );
}

function zoneTwice(hosts: readonly ListedHost[]): Problem[] {
  return hosts.flatMap((host) =>
    host.labels && "zone" in host.labels
      ? [{ path: at(host, "labels", "zone"), says: 'the label "zone" is made from the host\'s zone; write it there: zone: …' }]
      : [],
  );
}

/** Raft needs more than half of the managers: an even number bears no more losses than the odd one below it. */
function managers({ hosts: section }: Sketch, hosts: readonly ListedHost[]): Problem[] {
  if (!section?.hosts || section.hosts.includes(undefined) || hosts.some((host) => refused(host, "role"))) return [];
  const names = hosts.filter(({ role }) => role === "manager").map((host) => host.name ?? `hosts[${host.index}]`);
  if (names.length % 2 === 1) return [];
  const path = ["hosts", "hosts"];
  if (names.length === 0) return [{ path, says: "found no manager; give one host, or three, role: manager" }];
  return [
    {
      path,
      says: `found ${names.length} managers (${names.join(", ")}), which bear no more losses than ${names.length - 1}; make it ${names.length - 1} or ${names.length + 1}`,
    },
  ];
}
