/** Every default of the stack's configuration. Each one is a contract: a change moves platforms that are running. */
export const defaults = {
  /** The lab's bridge network: apart from everything that Docker, Swarm and home routers use by themselves. */
  labSubnet: "10.213.0.0/24",
  /** What `lab/` builds. */
  labImage: "dockyard/lab-host",
  /** Prefix of the names of lab containers, volumes and the bridge network; the stack's name follows the project's. */
  labPrefix: (stack: string) => `dockyard-${stack}-`,
  loginGeneration: 1,
  role: "worker",
  availability: "active",
  ssh: { port: 22, user: "root" },
  /** Free disk below the engine's data. Lab hosts share the disk of one machine. */
  diskFree: { lab: "1G", bare: "5G", aws: "5G" },
  /** Between a host's clock and the program's machine. Certificates start now, so a host must not live in the past. */
  clockSkew: "2s",
  enginePackage: "distribution",
  engineWorkersAtOnce: 1,
  pki: {
    generation: 1,
    /** 30 of the 90 days for which a certificate is valid. */
    renewBefore: "720h",
  },
  aws: {
    /** Apart from the pools of the Swarm, the engines' bridges, the lab and AWS's own default VPC. */
    cidr: "10.80.0.0/16",
    nat: "one",
    address: "private",
    egress: [
      { to: "0.0.0.0/0", port: 80 },
      { to: "0.0.0.0/0", port: 443 },
    ],
    market: "on-demand",
    rootDisk: "16G",
    dataDisk: "50G",
    edge: { from: ["0.0.0.0/0"], clientAddress: "preserved" },
    /** Days. */
    backups: { keep: 90, lockMode: "governance" },
    /** Who logs in on the instances; cloud-init makes the user. */
    user: "dockyard",
  },
  swarm: {
    /** For Swarm's own allocator: 10.128.0.0 to 10.143.255.255. Swarm's own default, all of 10.0.0.0/8, collides with most offices. */
    addressPool: ["10.128.0.0/12"],
    /** For the platform's networks: 10.144.0.0 to 10.159.255.255, beside the former and apart from it. */
    networkPool: "10.144.0.0/12",
    /** 254 addresses; larger overlays are discouraged for the number of rules that each host keeps. */
    subnetSize: 24,
    /** IANA's port of VXLAN, Swarm's default. */
    dataPathPort: 4789,
    taskHistory: 5,
    /** 90 days, Swarm's default. */
    certificateExpiry: "2160h",
    /** A lab is thrown away; elsewhere a stolen disk of a manager must not tell the Swarm's secrets. */
    autolock: { lab: false, bare: true, aws: true },
    /** "possible": where every host's kernel has ESP. A lab's hosts share one machine, and nothing crosses between machines. */
    encryptNetworks: { lab: false, bare: "possible", aws: "possible" },
    /** Every credential is its first. */
    rotation: 1,
    rebalance: { count: 0, pause: "5s" },
    loadBalancing: "vip",
    timeouts: {
      /** One attempt to connect. */
      connect: "10s",
      /** One command on a host, installation of packages included. */
      command: "10m",
      /** A new host until it answers over SSH. */
      boot: "2m",
      /** An engine that was restarted until it answers and its Swarm is whole again. */
      engine: "2m",
      /** One step of a node's way into the Swarm or out of it. */
      membership: "1m",
      /** The tasks of a node that is drained until they run elsewhere. */
      drain: "2m",
      /** What is to be removed until nobody uses it any more. */
      removal: "1m",
      /** The cluster's lease without a renewal: a run that was killed keeps others out for so long. */
      lease: "1m",
      /** Every node until it has a certificate of a new root of the Swarm. */
      rotation: "5m",
      /** A service until all of its tasks run. */
      convergence: "5m",
    },
  },
  registry: {
    name: (stack: string) => `registry.${dnsLabel(stack)}.dockyard.internal`,
    storage: "volume",
    port: 5000,
    users: ["dockyard"],
    passwordGeneration: 1,
    archive: ".dockyard/images/registry.tar",
    volume: "dockyard-registry",
  },
  backup: {
    /** A week of daily ones. */
    keep: 7,
    maxAge: "24h",
  },
} as const;

/** Stack names may hold dots, underscores and capitals; a part of a DNS name may not. */
function dnsLabel(stack: string): string {
  return (
    stack
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 63)
      .replace(/-+$/, "") || "stack"
  );
}
