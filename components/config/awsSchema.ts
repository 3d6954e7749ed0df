import * as z from "zod";
import { defaults } from "./defaults";
import { address, availability, choice, dnsName, flag, hostname, integer, labels, loginGeneration, port, requirements, size, subnet, text } from "./fields";

const CIDRS = 'write a list of IPv4 subnets, such as ["203.0.113.0/24"]';
const cidrs = z.array(subnet, CIDRS);
const id = (prefix: string) => text(`write an id such as "${prefix}-0a1b2c3d4e5f67890"`, new RegExp(`^${prefix}-[0-9a-f]{8,17}$`));
const arn = (service: string, example: string) => text(`write an ARN such as "${example}"`, new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:\\d{12}:[A-Za-z0-9/_:.-]+$`));
const zone = text('write a zone such as "eu-central-1a"', /^[a-z]{2}(-[a-z]+)+-\d+[a-z]$/);
const instanceType = text('write an instance type such as "m7g.large"', /^[a-z]+\d+[a-z0-9-]*\.[a-z0-9-]+$/);
const days = integer(1, 3650);
const TAG = 'write a tag\'s value: up to 256 letters, digits, blanks and "_ . : / = + - @"';
const tagValue = text(TAG, /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u);
const tagName = z.string(TAG).regex(/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u, 'write a tag\'s name that does not begin with "aws:"');

/** What a machine is made of; the same for managers and workers. */
const machine = {
  /** Instance type. Its architecture has to be the image's. Another type is another machine. */
  type: instanceType,
  /** "pause" gives the nodes no new tasks; "drain" also moves their tasks elsewhere. */
  availability,
  /** Node labels, for placement constraints. "zone" and "group" are set by themselves. */
  labels: labels.prefault({}),
  /** Size of the disk with the system. */
  rootDisk: size.default(defaults.aws.rootDisk),
  /** Size of the disk that is mounted at /var/lib/docker. It can grow. */
  dataDisk: size.default(defaults.aws.dataDisk),
  /** Raise it to have the machines made anew, one planned replacement each: with another image, or after damage. */
  generation: integer(1, 9999).default(1),
};

const Managers = z.strictObject(
  {
    /** Odd: of 3 one may fail, of 5 two. Three or more stand in three zones. */
    count: integer(1, 7),
    ...machine,
    /** Neither this program nor a click in the console can remove a manager. Take it off for the run that is to. */
    protect: flag.default(true),
    /** Take managers in two zones, though one of the two holds the quorum then. */
    quorumInOneZone: flag.default(false),
  },
  "write a mapping such as { count: 3, type: m7g.large }",
);

const WorkerGroup = z.strictObject(
  {
    /** Name of the group; its hosts are NAME-1, NAME-2, … */
    name: hostname,
    count: integer(0, 99),
    ...machine,
    /** "spot" is cheaper and may be taken away with two minutes' notice. */
    market: choice(["on-demand", "spot"]).default(defaults.aws.market),
  },
  "write a group as a mapping, such as { name: web, count: 2, type: m7g.large }",
);

const Subnet = z.strictObject(
  {
    id: id("subnet"),
    zone,
    /** The subnet's range. Hosts get addresses in it that follow from their names. */
    cidr: subnet,
    /** The part of it that hosts take addresses from, where others stand in the subnet as well. Default: all of it. */
    hosts: subnet.optional(),
  },
  "write a subnet as a mapping with id, zone and cidr",
);

const SUBNETS = 'write a list of subnets, each beginning with "- id: …"';
const Existing = z.strictObject(
  {
    vpc: id("vpc"),
    /** Where the hosts stand, one subnet for each zone of `zones`. */
    subnets: z.array(Subnet, SUBNETS),
    /** Where the balancer stands, one for each zone. Default: the hosts' subnets, and no way in from the internet. */
    edgeSubnets: z.array(z.strictObject({ id: id("subnet"), zone }, "write a subnet as a mapping with id and zone"), SUBNETS).default([]),
  },
  "write a mapping with vpc and subnets",
);

const Network = z
  .strictObject(
    {
      /** Range of a VPC of the platform's own. */
      cidr: subnet.optional(),
      /** Gateways through which hosts without a public address get out: one in each zone, one for all, or none. */
      nat: choice(["zone", "one", "none"]).optional(),
      /** Accounts other than the platform's whose buckets hosts and applications may write to by the VPC's own way to S3. Reading passes anyhow. */
      s3Accounts: z.array(text("write an account's twelve digits, quoted", /^\d{12}$/), 'write a list of account numbers, such as ["210987654321"]').optional(),
      /** A VPC and subnets that are there, instead. */
      existing: Existing.optional(),
    },
    "write a mapping such as { nat: zone }",
  )
  .prefault({});

const ARGUMENTS = 'write a command as a list of its arguments, such as [ssh, -W, "%h:%p", bastion.example.net]';
const Access = z
  .strictObject(
    {
      /** Who may open SSH, beside members and the bastion. */
      ssh: cidrs.default([]),
      /** Where SSH connects to: the address in the VPC, or a public one of each host. */
      address: choice(["private", "public"]).default(defaults.aws.address),
      /** Security group of a bastion, which may open SSH too. */
      bastion: id("sg").optional(),
      /** Command whose input and output are the connection to a host: %h is its address, %p the port. */
      proxyCommand: z.array(text(ARGUMENTS), ARGUMENTS).min(1, ARGUMENTS).optional(),
      /** Public key that may log in. Default: a key pair of the stack's own. Its private key has to be in the agent, or in keyFile. */
      publicKey: text('write a public key, "ssh-ed25519 AAAA…"', /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-\S+) [A-Za-z0-9+/=]+( .*)?$/).optional(),
      /** Private key of publicKey, on the program's machine. Left out: the agent at SSH_AUTH_SOCK. */
      keyFile: text("write the path of a private key").optional(),
      /** What hosts may connect to over TCP outside of the platform. Default: 80 and 443 anywhere, for packages and AWS's own API. */
      egress: z
        .array(z.strictObject({ to: subnet, port }, "write a mapping such as { to: 10.0.0.0/16, port: 5432 }"), "write a list such as [{ to: 0.0.0.0/0, port: 443 }]")
        .default(() => defaults.aws.egress.map((each) => ({ ...each }))),
      /** Lets the hosts' roles use Systems Manager, where the image has its agent. */
      systemsManager: flag.default(false),
    },
    "write a mapping such as { ssh: [203.0.113.0/24] }",
  )
  .prefault({});

const MachineImage = z.strictObject(
  {
    architecture: choice(["arm64", "x86_64"]),
    /** The very image. Another one is other machines. */
    ami: id("ami").optional(),
    /** The newest image of a distribution at the time when a machine is made. A newer one replaces no machine. */
    newest: choice(["debian-12", "debian-13", "ubuntu-22.04", "ubuntu-24.04"]).optional(),
  },
  "write a mapping such as { architecture: arm64, newest: debian-13 }",
);

const EdgePort = z.strictObject(
  {
    /** What clients connect to. */
    port,
    /** What the hosts publish. Default: the same port. */
    target: port.optional(),
    /** "tls" ends TLS at the balancer, with edge.certificate. */
    protocol: choice(["tcp", "tls"]).default("tcp"),
  },
  "write a port as a mapping, such as { port: 443 }",
);

const Edge = z.strictObject(
  {
    ports: z.array(EdgePort, "write a list of ports, such as [{ port: 443 }]").min(1, "write a list of ports, such as [{ port: 443 }]"),
    /** Who may connect. */
    from: cidrs.min(1, CIDRS).default([...defaults.aws.edge.from]),
    /** A network load balancer in front. Without one the hosts' own ports are open. */
    balancer: flag.default(true),
    /** How the hosts learn who connects: as the sender of the packets, by the proxy protocol, or not at all. */
    clientAddress: choice(["preserved", "proxyProtocol", "hidden"]).default(defaults.aws.edge.clientAddress),
    /** What the balancer asks each host for: a path over HTTP on the first port's target, or only a connection. */
    healthPath: text('write a path such as "/healthz"', /^\/\S*$/).optional(),
    /** Groups whose hosts take part; "managers" is one. Default: all. */
    groups: z.array(hostname, 'write a list of groups, such as [managers]').min(1, "write a list of groups, such as [managers]").optional(),
    /** Certificate of ACM, for ports with protocol tls. */
    certificate: arn("acm", "arn:aws:acm:eu-central-1:123456789012:certificate/1a2b").optional(),
    /** Hosted zone of Route 53, and names in it that lead to the balancer. */
    dns: z
      .strictObject(
        {
          zone: text('write a hosted zone\'s id such as "Z0123456789ABCDEF"', /^[A-Z0-9]{5,32}$/),
          names: z.array(dnsName, "write a list of names").min(1, "write a list of names"),
          /** Have ACM make a certificate for the names, instead of naming one. */
          certificate: flag.default(false),
        },
        "write a mapping with zone and names",
      )
      .optional(),
  },
  "write a mapping such as { ports: [{ port: 443 }] }",
);

const Tags = z.strictObject(
  {
    project: tagValue,
    owner: tagValue,
    costCenter: tagValue,
    /** Whatever else your organisation asks for. */
    other: z.record(tagName, tagValue, "write a mapping of tags").prefault({}),
  },
  "write a mapping with project, owner and costCenter",
);

const Backups = z.strictObject(
  {
    /** Days after which a backup is deleted. */
    keep: days.default(defaults.aws.backups.keep),
    /** Days during which nobody can delete or change one. Fixed once the bucket exists. */
    lock: days.optional(),
    /** "compliance": not even the account's owner. "governance": only who has a right of its own. */
    lockMode: choice(["governance", "compliance"]).default(defaults.aws.backups.lockMode),
  },
  "write a mapping such as { keep: 90 }",
);

/** Instances in AWS, and all that they stand on. */
export const AwsHosts = z.strictObject({
  source: z.literal("aws"),
  region: text('write a region such as "eu-central-1"', /^[a-z]{2}(-[a-z]+)+-\d+$/),
  /** Two or three. Their order means something: hosts are dealt out to them round and round. */
  zones: z.array(zone, 'write a list of zones, such as [eu-central-1a, eu-central-1b]').max(3, "write at most three zones"),
  tags: Tags,
  network: Network,
  access: Access,
  machineImage: MachineImage,
  managers: Managers,
  workers: z.array(WorkerGroup, 'write a list of groups, each beginning with "- name: …"').default([]),
  /** Addresses of single hosts, where the planned one is taken. */
  addresses: z.record(hostname, address, "write a mapping of hosts to addresses").prefault({}),
  /** Generations of single hosts, in place of their group's: to replace one machine. */
  generations: z.record(hostname, integer(1, 9999), "write a mapping of hosts to generations").prefault({}),
  /** KMS key that encrypts disks and buckets. Default: the account's own keys for EBS and S3. */
  kmsKey: arn("kms", "arn:aws:kms:eu-central-1:123456789012:key/1a2b").optional(),
  edge: Edge.optional(),
  backups: Backups.optional(),
  /** Days for which records of all connections in the VPC are kept. Left out: none are made. */
  flowLogs: days.optional(),
  /** SNS topic that is told when a host is down, a disk fills up or the quorum is in danger. Left out: no alarms. */
  alarms: arn("sns", "arn:aws:sns:eu-central-1:123456789012:oncall").optional(),
  loginGeneration,
  requirements: requirements(defaults.diskFree.aws),
});
export type AwsHosts = z.output<typeof AwsHosts>;
