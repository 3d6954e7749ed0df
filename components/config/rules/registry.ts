import { defaults } from "../defaults";
import { listText, type Problem } from "../problems";
import { refused, type Sketch } from "../sketch";
import { awsSection } from "./aws";
import { listedHosts, type ListedHost } from "./hosts";

/** Whom hosts pull as. It is the platform's own, and has a password that is made. */
export const PULL_USER = "dockyard-pull";

/** Ports over TCP that a node of a Swarm has in use. */
const SWARM_PORTS: Readonly<Record<number, string>> = { 2377: "Swarm's managers", 7946: "Swarm's gossip" };

export function registryProblems(sketch: Sketch): Problem[] {
  if (!sketch.registry) return dataPathPort(sketch);
  return [...storage(sketch), ...node(sketch), ...port(sketch), ...users(sketch), ...dataPathPort(sketch)];
}

/** The hosts that `registry.node` names: one by its name, or those that carry a label "name=value". */
export function hostsOfSelector<
  T extends { readonly name?: string; readonly labels?: Readonly<Record<string, unknown>>; readonly zone?: string },
>(selector: string, hosts: readonly T[]): T[] {
  const [key, ...value] = selector.split("=");
  if (value.length === 0) return hosts.filter(({ name }) => name === selector);
  return hosts.filter(({ labels, zone }) => {
    const found = labels?.[key!] ?? (key === "zone" ? zone : undefined);
    return found !== undefined && String(found) === value.join("=");
  });
}

/** The registry keeps its images in a volume of one host. Anywhere else it would start empty. */
function node(sketch: Sketch): Problem[] {
  const selector = sketch.registry?.node;
  if (selector === undefined || !(sketch.hosts?.hosts || awsSection(sketch))) return [];
  const path = ["registry", "node"];
  const hosts = listedHosts(sketch);
  const chosen = hostsOfSelector(selector, hosts);
  if (chosen.length === 0) return someUnknown(sketch, hosts) ? [] : [{ path, says: nowhere(selector, hosts) }];
  const names = chosen.map(({ name, index }) => name ?? `hosts[${index}]`);
  const shared = sketch.registry?.storage === "s3";
  if (shared && chosen.length === 1) {
    return [{ path, says: `found "${selector}", which is ${names[0]} alone; images in S3 are served by two hosts or more, so that one may fail: write a label that they have, such as "group=managers"` }];
  }
  if (chosen.length > 1 && !shared) {
    // One name for two hosts is refused as such.
    if (!selector.includes("=")) return [];
    return [
      {
        path,
        says: `found "${selector}", which ${listText(names, "and")} have; its images stay on one host, so give the label to one of them`,
      },
    ];
  }
  const idle = chosen.findIndex(({ availability }) => availability === "drain" || availability === "pause");
  const { availability } = chosen[idle] ?? {};
  return idle >= 0
    ? [
        {
          path,
          says: `found "${selector}", but ${names[idle]} takes no tasks (availability: ${availability}); make it active, or choose another host`,
        },
      ]
    : [];
}

/** Objects in S3 come with hosts in AWS: their roles are what gives access. */
function storage(sketch: Sketch): Problem[] {
  if (sketch.registry?.storage !== "s3" || sketch.hosts?.source === "aws" || sketch.hosts?.source === undefined) return [];
  return [{ path: ["registry", "storage"], says: `found "s3", which only hosts in AWS can use (hosts.source is "${sketch.hosts.source}"); write "volume", or leave it out` }];
}

function nowhere(selector: string, hosts: readonly ListedHost[]): string {
  if (selector.includes("="))
    return `found "${selector}", a label that no host has; write it into the labels of the host that is to keep the images`;
  return `found "${selector}", which is no host; write ${listText(hosts.flatMap(({ name }) => (name === undefined ? [] : [name])))}, or a label as "name=value"`;
}

/** Whether the host that is looked for may be among those with a mistake elsewhere. */
function someUnknown(sketch: Sketch, hosts: readonly ListedHost[]): boolean {
  return (
    sketch.hosts!.hosts?.includes(undefined) ||
    hosts.some((host) => refused(host, "name") || refused(host, "labels") || Object.values(host.labels ?? {}).includes(undefined))
  );
}

function port(sketch: Sketch): Problem[] {
  const found = sketch.registry?.port;
  if (found === undefined) return [];
  const ssh = listedHosts(sketch).find((host) => (host.port ?? defaults.ssh.port) === found);
  const user = SWARM_PORTS[found] ?? (ssh && "SSH");
  return user
    ? [
        {
          path: ["registry", "port"],
          says: `found ${found}, which is in use by ${user}; write another port, such as ${defaults.registry.port}`,
        },
      ]
    : [];
}

function users({ registry }: Sketch): Problem[] {
  const list = (registry?.users ?? []).map((user) => (typeof user === "string" ? { name: user, role: undefined } : user));
  const names = list.map((user) => user?.name);
  const problems = names.flatMap((name, index): Problem[] => {
    const path = ["registry", "users", index];
    if (name === PULL_USER) return [{ path, says: `found "${name}", whom hosts pull as; take it out, or write another name` }];
    return name !== undefined && names.indexOf(name) < index ? [{ path, says: `found "${name}" a second time; take one of the two out` }] : [];
  });
  if (list[0]?.role === "pull") problems.push({ path: ["registry", "users", 0, "role"], says: 'found "pull" for the first one, whom the platform pushes as; write one with role push before it' });
  return problems;
}

/** Gossip goes over UDP on the same port as over TCP. */
function dataPathPort({ swarm }: Sketch): Problem[] {
  if (swarm?.dataPathPort !== 7946) return [];
  return [
    {
      path: ["swarm", "dataPathPort"],
      says: `found 7946, which is in use by Swarm's gossip; write another port, such as ${defaults.swarm.dataPathPort}`,
    },
  ];
}
