import { overlap, parseSubnet } from "../swarm/subnet";
import type { Feature, HostFacts } from "./facts";

/** What a host has to bring along. */
export interface Requirements {
  /** Free bytes on the file system of the engine's data. */
  readonly diskFree: number;
  /** Milliseconds that the host's clock may be away from that of the program's machine. */
  readonly clockSkew: number;
  readonly features: readonly Feature[];
}

export const DEFAULT_REQUIREMENTS: Requirements = { diskFree: 2 * 1024 ** 3, clockSkew: 5000, features: ["overlay", "vxlan"] };

export interface PreflightInputs {
  readonly requirements: Requirements;
  /** CIDRs that the platform will use inside the Swarm. */
  readonly pools: readonly string[];
  /** Addresses that must be the host's own. */
  readonly addresses: readonly string[];
}

/** When the question was sent and when its answer was there, milliseconds by the clock of the program's machine. */
export interface Asked {
  readonly sent: number;
  readonly received: number;
}

/** One reason why a host cannot be taken. */
export interface Failure {
  readonly what: string;
  readonly found: string;
  readonly needed: string;
  /** What the operator does about it. */
  readonly next: string;
}

/** Everything that speaks against the host; nothing when it is fit. `conflicts` come from the hosts already known. */
export function preflight(facts: HostFacts, inputs: PreflightInputs, asked: Asked, conflicts: readonly string[]): Failure[] {
  return [
    ...machineIdentity(facts, conflicts),
    ...operatingSystem(facts),
    ...missingCommands(facts),
    ...missingFeatures(facts, inputs.requirements.features),
    ...oldEngine(facts, inputs.requirements.features),
    ...clock(facts, inputs.requirements.clockSkew, asked),
    ...disk(facts, inputs.requirements.diskFree),
    ...foreignAddresses(facts, inputs.addresses),
    ...collidingRoutes(facts, inputs.pools),
  ];
}

/** All failures of one host as one message. */
export function preflightReport(name: string, address: string, failures: readonly Failure[]): string {
  const lines = failures.map(({ what, found, needed, next }) => `  - ${what}: found ${found}; needed: ${needed}. ${next}`);
  return `host ${name} (${address}) cannot be taken, nothing was changed on it:\n${lines.join("\n")}`;
}

function machineIdentity({ machineId }: HostFacts, conflicts: readonly string[]): Failure[] {
  if (!/^[0-9a-f]{32}$/.test(machineId)) {
    return [
      {
        what: "machine-id",
        found: machineId === "" ? "none" : JSON.stringify(machineId),
        needed: "32 hexadecimal digits in /etc/machine-id, by which the host is known for good",
        next: 'Run "systemd-machine-id-setup" on it.',
      },
    ];
  }
  return conflicts.map((found) => ({
    what: "identity",
    found,
    needed: "a machine of its own behind every host",
    next: 'If one address stands twice in the configuration, correct it; if one is a clone of the other, run "rm /etc/machine-id && systemd-machine-id-setup" on the clone and reboot it.',
  }));
}

function operatingSystem({ os }: HostFacts): Failure[] {
  const version = Number(os.version);
  const supported = (os.id === "debian" && (version === 12 || version === 13)) || (os.id === "ubuntu" && version >= 22.04);
  if (supported) return [];
  return [
    { what: "operating system", found: os.name || "an unknown one", needed: "Debian 12 or 13, or Ubuntu 22.04 or later", next: "Install one of these." },
  ];
}

const PACKAGE_OF: Record<string, string> = { ip: "iproute2", unshare: "util-linux", systemctl: "systemd", "apt-get": "apt" };

function missingCommands({ missing }: HostFacts): Failure[] {
  return missing.map((command) => ({
    what: "commands",
    found: `no ${command}`,
    needed: "what provisioning works with",
    next: `Install the package ${PACKAGE_OF[command] ?? command}.`,
  }));
}

const WITHOUT: Record<Feature, { needed: string; next: string }> = {
  overlay: { needed: "overlay file systems for images", next: 'Run "modprobe overlay" on it, or boot a kernel with CONFIG_OVERLAY_FS.' },
  vxlan: { needed: "VXLAN for networks across hosts", next: 'Run "modprobe vxlan" on it, or boot a kernel with CONFIG_VXLAN.' },
  ip_vs: {
    needed: "IP_VS for virtual IPs and the ingress mesh",
    next: 'Run "modprobe ip_vs" on it, or take the feature out of the requirements and use dnsrr endpoints and ports in host mode.',
  },
  esp: {
    needed: "IPsec ESP with AES-GCM for encrypted networks",
    next: 'Run "modprobe esp4" on it, or have networks in the clear between hosts: leave out "encryptNetworks: true", and "encrypted: true" of networks.',
  },
};

function missingFeatures({ features, kernel }: HostFacts, required: readonly Feature[]): Failure[] {
  return required
    .filter((feature) => !features.includes(feature))
    .map((feature) => ({ what: `kernel feature ${feature}`, found: `kernel ${kernel} refuses it`, ...WITHOUT[feature] }));
}

/** Engines before 20.10.24 and 23.0.3 send "encrypted" traffic in the clear where xt_u32 is missing (CVE-2023-28841). */
function oldEngine({ engineVersion }: HostFacts, required: readonly Feature[]): Failure[] {
  if (engineVersion === undefined) return [];
  const needed = required.includes("esp") ? "20.10.24, or 23.0.3 and later: older ones may send encrypted networks in the clear" : "20.10 or later";
  const fit = required.includes("esp")
    ? atLeast(engineVersion, [23, 0, 3]) || (atLeast(engineVersion, [20, 10, 24]) && !atLeast(engineVersion, [23, 0, 0]))
    : atLeast(engineVersion, [20, 10, 0]);
  return fit ? [] : [{ what: "installed engine", found: engineVersion, needed, next: "Upgrade its package." }];
}

function atLeast(version: string, wanted: readonly number[]): boolean {
  const parts = version.split(/[^0-9]+/).map(Number);
  const at = wanted.findIndex((part, index) => (parts[index] ?? 0) !== part);
  return at === -1 || (parts[at] ?? 0) > wanted[at]!;
}

/**
 * How far the host's clock is away, in milliseconds (positive: ahead): the middle of the host's own look compared with the
 * middle of the request. The way there and back may differ by as much as `uncertainty`.
 */
export function clockSkew(clock: HostFacts["clock"], asked: Asked): { skew: number; uncertainty: number } {
  const skew = (clock.start + clock.end) / 2 - (asked.sent + asked.received) / 2;
  return { skew, uncertainty: Math.max(0, asked.received - asked.sent - (clock.end - clock.start)) / 2 };
}

function clock(facts: HostFacts, allowed: number, asked: Asked): Failure[] {
  const { skew, uncertainty } = clockSkew(facts.clock, asked);
  if (Math.abs(skew) - uncertainty <= allowed) return [];
  return [
    {
      what: "clock",
      found: `${(Math.abs(skew) / 1000).toFixed(1)} s ${skew > 0 ? "ahead of" : "behind"} this machine`,
      needed: `at most ${allowed / 1000} s, or certificates are not valid yet`,
      next: 'Run "timedatectl set-ntp true" on it, and see that this machine\'s clock is right.',
    },
  ];
}

function disk({ disk: { path, free } }: HostFacts, needed: number): Failure[] {
  if (free >= needed) return [];
  return [{ what: "disk", found: `${gigabytes(free)} free at ${path}`, needed: gigabytes(needed), next: "Free or add space there, or lower requirements.diskFree." }];
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}

function foreignAddresses({ addresses }: HostFacts, required: readonly string[]): Failure[] {
  return required
    .filter((address) => !addresses.includes(address))
    .map((address) => ({
      what: "address",
      found: addresses.length === 0 ? "no address" : addresses.join(", "),
      needed: `${address} on one of its interfaces, because the Swarm advertises it`,
      next: "Configure it on the host, or correct the host's address.",
    }));
}

function collidingRoutes({ routes }: HostFacts, pools: readonly string[]): Failure[] {
  return pools.flatMap((pool) =>
    routes
      .filter(({ destination }) => overlap(parseSubnet(asNetwork(destination)), parseSubnet(pool)))
      .map(({ destination, device }) => ({
        what: "network",
        found: `a route to ${destination} (${device})`,
        needed: `nothing at ${pool}, which the platform's networks use`,
        next: "Choose another address pool or subnet, or remove the route.",
      })),
  );
}

function asNetwork(destination: string): string {
  return destination.includes("/") ? destination : `${destination}/32`;
}
