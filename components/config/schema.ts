import * as z from "zod";
import { Backup } from "./backupSchema";
import { LONGEST_LEASE } from "../../provider/swarm/lease/claim";
import { parseDuration } from "../../provider/swarm/service/duration";
import { LEAF_LIFE_HOURS } from "../pki/lives";
import { defaults } from "./defaults";
import { choice, dnsName, duration, flag, integer, labels, port, subnet, text } from "./fields";
import { Hosts } from "./hostsSchema";

/** In the nanoseconds of a parsed duration. */
const LEAF_LIFE = LEAF_LIFE_HOURS * 3600e9;

/** Counts, so that a change of one number in a diff is one rotation. */
const counter = (first: number) => integer(1, 1_000_000).default(first);

const Engine = z
  .strictObject(
    {
      /** Whose package: the distribution's "docker.io", or "docker" for Docker's own repository. */
      package: choice(["distribution", "docker"]).default(defaults.enginePackage),
      /** Exact version of the package. Default: the newest that the repository has when a host is made. */
      version: text("write the package's version as the package manager shows it, quoted", /^[0-9A-Za-z][0-9A-Za-z.+:~-]*$/).optional(),
      /** How many workers restart side by side when a change needs it. Managers always go one at a time. */
      workersAtOnce: integer(1, 100).default(defaults.engineWorkersAtOnce),
      /** daemon.json, key by key in the engine's own words. What would break Swarm is refused. */
      daemon: z.record(z.string(), z.json(), "write daemon.json as a mapping, such as { log-driver: local }").prefault({}),
    },
    "write a mapping such as { package: distribution }",
  )
  .prefault({});

const Pki = z
  .strictObject(
    {
      /** Which authority of the platform signs, counted from 1. One more makes a new one and moves everything over to it. */
      generation: counter(defaults.pki.generation),
      /** How long before its end a certificate is renewed by the next `up`. Certificates live for 90 days. */
      renewBefore: duration("1h", '"720h"').refine((value) => parseDuration(value) < LEAF_LIFE, 'write a duration below the 90 days that a certificate lives, such as "720h"').default(defaults.pki.renewBefore),
    },
    "write a mapping such as { generation: 2 }",
  )
  .prefault({});

const Timeouts = z
  .strictObject(
    {
      connect: duration("1s").default(defaults.swarm.timeouts.connect),
      command: duration("1s").default(defaults.swarm.timeouts.command),
      boot: duration("1s").default(defaults.swarm.timeouts.boot),
      engine: duration("1s").default(defaults.swarm.timeouts.engine),
      membership: duration("1s").default(defaults.swarm.timeouts.membership),
      drain: duration("1s").default(defaults.swarm.timeouts.drain),
      removal: duration("1s").default(defaults.swarm.timeouts.removal),
      lease: duration("10s").refine((value) => parseDuration(value) <= LONGEST_LEASE * 1e6, 'write a duration of at most "1h"; a run renews its lease').default(defaults.swarm.timeouts.lease),
      rotation: duration("1s").default(defaults.swarm.timeouts.rotation),
      convergence: duration("1s").default(defaults.swarm.timeouts.convergence),
    },
    "write a mapping such as { convergence: 10m }",
  )
  .prefault({});

const Rotation = z
  .strictObject(
    {
      /** The Swarm's own CA: its root, and with it every node's certificate and the join tokens. */
      ca: counter(defaults.swarm.rotation),
      joinTokens: counter(defaults.swarm.rotation),
      /** Of locked managers. Means nothing without autolock. */
      unlockKey: counter(defaults.swarm.rotation),
    },
    "write a mapping such as { ca: 2 }",
  )
  .prefault({});

const Rebalance = z
  .strictObject(
    {
      /** How often tasks have been spread again over the nodes. One more does it once, at the end of the next `up`; 0 is never. */
      count: integer(0, 1_000_000).default(defaults.swarm.rebalance.count),
      /** Between two services, whose tasks are made anew one after the other. */
      pause: duration("0s").default(defaults.swarm.rebalance.pause),
    },
    "write a mapping such as { count: 1 }",
  )
  .prefault({});

const POOLS = "write a list of IPv4 subnets, such as [10.128.0.0/12]";
const Swarm = z
  .strictObject(
    {
      /** Where Swarm's own allocator takes subnets from. Fixed once the Swarm exists. */
      addressPool: z
        .array(subnet, POOLS)
        .min(1, POOLS)
        .default([...defaults.swarm.addressPool]),
      /** Where the platform's networks get theirs, by name. Apart from addressPool. */
      networkPool: subnet.default(defaults.swarm.networkPool),
      /** Prefix length of each of those subnets. Fixed once the Swarm exists. */
      subnetSize: integer(16, 29).default(defaults.swarm.subnetSize),
      /** UDP port of the overlays' traffic between hosts. Fixed once the Swarm exists. */
      dataPathPort: integer(1024, 49151).default(defaults.swarm.dataPathPort),
      /** Ended tasks kept for each slot of a service. */
      taskHistory: integer(0, 1000).default(defaults.swarm.taskHistory),
      /** Life of the nodes' certificates. A cluster that is off for longer is lost. */
      certificateExpiry: duration("1h", '"48h" or "2160h"').default(defaults.swarm.certificateExpiry),
      /** A manager whose engine was restarted gives out nothing until it is unlocked, which the next `up` does. Default: outside of a lab. */
      autolock: flag.optional(),
      /**
       * Whether networks that say nothing of it are encrypted between hosts when they are made. Those that exist stay as they are.
       * Default: outside of a lab, where every host's kernel has ESP.
       */
      encryptNetworks: flag.optional(),
      /** How often each credential of the Swarm has been rotated, counted from 1. One more is one rotation. */
      rotation: Rotation,
      rebalance: Rebalance,
      /** "vip": one virtual address a service, needs IPVS in the kernel. "dnsrr": one DNS record a task. */
      loadBalancing: choice(["vip", "dnsrr"]).default(defaults.swarm.loadBalancing),
      timeouts: Timeouts,
    },
    "write a mapping such as { loadBalancing: vip }",
  )
  .prefault({});

const USERS = "write a list of login names, such as [dockyard]";
const USER = 'write a login name of up to 128 letters, digits, ".", "_" and "-", or { name: NAME, role: pull }';
const loginName = text(USER, /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/);
/** A name alone is that of a user who pushes. */
const RegistryUser = z.union(
  [
    loginName.transform((name) => ({ name, role: "push" as const })),
    z.strictObject({
      name: loginName,
      /** "pull" reads images. "push" writes them as well. Nobody deletes any. */
      role: choice(["pull", "push"]).default("push"),
    }),
  ],
  USER,
);
const Registry = z.strictObject(
  {
    /** Where it runs: a host's name, or "label=value" that exactly one host has (with storage s3: two or more). */
    node: text('write a host\'s name, or a label that one host has, such as "registry=true"'),
    /** Where the images are kept: in a volume of that one host, or in S3, which two hosts or more serve (hosts in AWS only). */
    storage: choice(["volume", "s3"]).default(defaults.registry.storage),
    /** DNS name that engines use. Default: "registry.STACK.dockyard.internal". */
    name: dnsName.optional(),
    port: port.default(defaults.registry.port),
    /** Who may log in. The first one is whom the platform itself pushes as; hosts pull as a user of their own. Passwords are in registryPasswords. */
    users: z
      .array(RegistryUser, USERS)
      .min(1, USERS)
      .prefault([...defaults.registry.users]),
    /** Which passwords users have that none is set for, counted from 1. One more makes others for all of them. */
    passwordGeneration: counter(defaults.registry.passwordGeneration),
    /** Archive of the registry's own image, on the program's machine: it has to run before there is a registry. */
    archive: text("write the path of an image archive").default(defaults.registry.archive),
    /** Docker volume that keeps the images. */
    volume: text('write a volume\'s name: letters, digits, "_", "." and "-"', /^[A-Za-z0-9][A-Za-z0-9_.-]+$/).default(
      defaults.registry.volume,
    ),
  },
  "write a mapping with at least node, such as { node: m1 }",
);

const Network = z.strictObject(
  {
    name: text("write the network's name"),
    /** Default: the slot of swarm.networkPool that the name hashes to. */
    subnet: subnet.optional(),
    /** IPsec between hosts; needs ESP in the kernel and IP protocol 50 between hosts. Default: by swarm.encryptNetworks when it is made. */
    encrypted: flag.optional(),
    /** Whether containers that are no service may join. */
    attachable: flag.default(false),
    /** No way out of the network. */
    internal: flag.default(false),
    /** Largest packet in bytes. Default: the engine's, 1450 (1424 encrypted). */
    mtu: integer(576, 65485).optional(),
    labels: labels.prefault({}),
  },
  "write a network as a mapping, such as { name: platform }",
);

const BUNDLE = "write the path of a .dab file or of a Compose file, or a list of Compose files";
const COMPOSE_FILES = "write paths of Compose files, which end in .yaml or .yml, such as [compose.yaml, compose.prod.yaml]";
const Application = z.strictObject(
  {
    /** Name of the stack: full names are NAME_service. */
    name: text("write the application's name"),
    /** Path of a bundle (.dab) or a Compose file (.yaml), or of several Compose files, of which later ones are laid over earlier ones. */
    bundle: z.union([z.string().regex(/\S/, BUNDLE), z.array(z.string().regex(/\.ya?ml$/i, COMPOSE_FILES), COMPOSE_FILES).min(1, COMPOSE_FILES)], BUNDLE),
    /** Path of the operator's settings for this environment. Default: none. */
    settings: text("write the path of a settings file").optional(),
  },
  "write an application as a mapping, such as { name: demo, bundle: bundles/demo/demo.dab }",
);

/** The keys of the stack's configuration, apart from the secret one. */
export const ConfigurationSchema = z.strictObject({
  hosts: Hosts,
  engine: Engine,
  pki: Pki,
  swarm: Swarm,
  registry: Registry,
  networks: z.array(Network, 'write a list of networks, each beginning with "- name: …"').default([]),
  applications: z.array(Application, 'write a list of applications, each beginning with "- name: …"').default([]),
  backup: Backup,
});
export type ParsedConfiguration = z.output<typeof ConfigurationSchema>;
export type RawConfiguration = z.input<typeof ConfigurationSchema>;
