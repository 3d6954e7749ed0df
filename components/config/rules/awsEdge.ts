import { MANAGERS } from "../../hosts/aws/plan";
import type { AwsHosts } from "../awsSchema";
import { listText, type Path, type Problem } from "../problems";
import type { Sketch } from "../sketch";

const problem = (path: Path, says: string): Problem => ({ path: ["hosts", "edge", ...path], says });

/** What hosts have in use by themselves: SSH, the Swarm, its gossip. */
const TAKEN = [22, 2377, 7946];

/** Ports, certificate and names of the way in from outside. */
export function edgeProblems({ edge, workers, network }: AwsHosts, sketch: Sketch): Problem[] {
  if (!edge) return [];
  const { ports, groups = [], certificate, dns, balancer } = edge;
  const taken = ports.flatMap(({ port, target = port }, index) => {
    if (TAKEN.includes(target) || target === sketch.swarm?.dataPathPort) return [problem(["ports", index, target === port ? "port" : "target"], `found ${target}, which the hosts have in use; write another port`)];
    const other = ports.findIndex((each) => each.port === port);
    return other < index ? [problem(["ports", index, "port"], `found ${port}, which ports[${other}] has already; take one of the two out`)] : [];
  });
  const known = [MANAGERS, ...workers.map(({ name }) => name)];
  const unknown = groups.flatMap((group, index) => (known.includes(group) ? [] : [problem(["groups", index], `found "${group}", which is no group; write ${listText(known)}`)]));
  const tls = ports.findIndex(({ protocol }) => protocol === "tls");
  const certificates = [certificate !== undefined, dns?.certificate === true].filter(Boolean).length;
  const without = tls >= 0 && certificates === 0 ? [problem(["ports", tls, "protocol"], 'found "tls", but there is no certificate; write edge.certificate, or edge.dns with certificate: true')] : [];
  const two = certificates === 2 ? [problem(["certificate"], "is there beside edge.dns.certificate: true; write one of the two")] : [];
  const alone = balancer ? [] : onlyWithBalancer(edge);
  const changed = balancer ? [] : ports.flatMap(({ port, target = port }, index) => (target === port ? [] : [problem(["ports", index, "target"], `found ${target}, but without a balancer clients connect to the hosts themselves; leave it out`)]));
  const places = network.existing && balancer && network.existing.edgeSubnets.length === 1 ? [problem([], "has a balancer in one zone only; write network.existing.edgeSubnets for each zone, or leave them out")] : [];
  return [...taken, ...unknown, ...without, ...two, ...alone, ...changed, ...places];
}

function onlyWithBalancer({ ports, dns, healthPath, certificate }: NonNullable<AwsHosts["edge"]>): Problem[] {
  const set = { "ports[].protocol: tls": ports.some(({ protocol }) => protocol === "tls"), dns: dns !== undefined, healthPath: healthPath !== undefined, certificate: certificate !== undefined };
  return Object.entries(set).flatMap(([key, there]) => (there ? [problem(["balancer"], `found false, but ${key} is the balancer's; take one of the two out`)] : []));
}
