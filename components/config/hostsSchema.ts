import * as z from "zod";
import { defaults } from "./defaults";
import { AwsHosts } from "./awsSchema";
import { address, availability, choice, endpoint, hostKey, hostname, labels, loginGeneration, port, requirements, subnet, text } from "./fields";

const HOST_LIST = 'write a list of hosts, each beginning with "- name: …"';

/** What every host has, wherever it comes from. */
const anyHost = {
  /** Name of the host in the platform. Also its resource's name: another name is another host. */
  name: hostname,
  /** Managers keep the cluster's state; their number must be odd. */
  role: choice(["manager", "worker"]).default(defaults.role),
  /** Where the host stands; services spread over it. Becomes the node label "zone". */
  zone: text('write the zone\'s name: letters, digits, ".", "_" and "-", such as "a"', /^[A-Za-z0-9][A-Za-z0-9_.-]*$/).optional(),
  /** Node labels, for placement constraints. */
  labels: labels.prefault({}),
  /** "pause" gives the node no new tasks; "drain" also moves its tasks elsewhere. */
  availability,
};

const LabHost = z.strictObject(
  {
    ...anyHost,
    /**
     * Fixed address in the lab's subnet. Required: an address given by position would move, and the host with it be made
     * anew, as soon as a host before it is taken out.
     */
    address,
  },
  "write a host as a mapping, such as { name: m1, address: 10.213.0.11 }",
);

const BareHost = z.strictObject(
  {
    ...anyHost,
    /** Where SSH connects to. */
    address: endpoint,
    /** Where the other nodes reach it, when that differs. Swarm takes no name here. */
    privateAddress: address.optional(),
    /** SSH port. */
    port: port.default(defaults.ssh.port),
    /** Login name; one that is not root needs sudo without a password. */
    user: text('write a login name such as "root"', /^[A-Za-z_][A-Za-z0-9_.-]*\$?$/).default(defaults.ssh.user),
    /** Private key on the program's machine. Left out: the agent at SSH_AUTH_SOCK. */
    keyFile: text("write the path of a private key").optional(),
    /** The host's public key. Any other key is refused. */
    hostKey,
  },
  "write a host as a mapping with name, address and hostKey",
);

/** Hosts that are containers on the local engine. */
const LabHosts = z.strictObject({
  source: z.literal("lab"),
  /** The host image, as `lab/` builds it. */
  image: text("write the name of the lab's host image", /^[a-z0-9][a-z0-9._/:@-]*$/).default(defaults.labImage),
  /** The bridge network that the hosts stand in. */
  subnet: subnet.default(defaults.labSubnet),
  /** What names of containers, volumes and the bridge begin with. Default: "dockyard-STACK-". */
  prefix: text('write a prefix of letters, digits, "_" and "-" for container names', /^[A-Za-z0-9][A-Za-z0-9_.-]*$/).optional(),
  loginGeneration,
  requirements: requirements(defaults.diskFree.lab),
  hosts: z.array(LabHost, HOST_LIST).min(1, HOST_LIST),
});

/** Machines that exist and answer over SSH. */
const BareHosts = z.strictObject({
  source: z.literal("bare"),
  requirements: requirements(defaults.diskFree.bare),
  hosts: z.array(BareHost, HOST_LIST).min(1, HOST_LIST),
});

/** Where the machines come from. */
export const Hosts = z.discriminatedUnion("source", [LabHosts, BareHosts, AwsHosts], {
  error: ({ input }) => {
    if (typeof input !== "object" || input === null || Array.isArray(input)) return "write a mapping with source and hosts";
    return 'write "lab" for containers on this machine, "bare" for machines that answer over SSH, or "aws" for instances that are made there';
  },
});
export type Hosts = z.output<typeof Hosts>;
export type LabHosts = z.output<typeof LabHosts>;
export type BareHosts = z.output<typeof BareHosts>;
