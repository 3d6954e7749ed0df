import { isIP } from "node:net";
import * as z from "zod";

/** What a host's kernel may lack, and what stops working without it. */
export const Feature = z.enum(["overlay", "vxlan", "ip_vs", "esp"]);
export type Feature = z.infer<typeof Feature>;

export interface Route {
  /** CIDR, or a single address. */
  readonly destination: string;
  readonly device: string;
}

/** What one look at a host shows. */
export interface HostFacts {
  /** Content of /etc/machine-id, "" when there is none. */
  readonly machineId: string;
  readonly hostname: string;
  /** ID, VERSION_ID and PRETTY_NAME of os-release. */
  readonly os: { readonly id: string; readonly version: string; readonly name: string };
  /** As Docker names it: "amd64", "arm64", … */
  readonly arch: string;
  readonly kernel: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  readonly cgroup: 1 | 2;
  /** Free bytes where the engine keeps, or will keep, its data. */
  readonly disk: { readonly path: string; readonly free: number };
  /** The host's clock when the look began and when it ended, milliseconds since 1970. */
  readonly clock: { readonly start: number; readonly end: number };
  /** Addresses of the host itself: no loopback, no link-local ones, none of the engine's own bridges. Sorted. */
  readonly addresses: readonly string[];
  /** IPv4 routes of the main table, without the default ones. Swarm's networks know no other family. */
  readonly routes: readonly Route[];
  /** Features that were tried and worked. */
  readonly features: readonly Feature[];
  /** Commands that provisioning needs and that are not there. */
  readonly missing: readonly string[];
  /** Version of the installed engine, "26.1.5+dfsg1". */
  readonly engineVersion: string | undefined;
}

/** Tries IPsec ESP as encrypted networks have it. */
const TRY_ESP =
  "unshare -n ip xfrm state add src 127.0.0.1 dst 127.0.0.2 proto esp spi 0x1 mode transport aead 'rfc4106(gcm(aes))' 0x000102030405060708090a0b0c0d0e0f10111213 64";

/** Ends well where encrypted networks work; a constant, and a name space that is thrown away, like the facts. */
export const ESP_SCRIPT = `PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin ${TRY_ESP}\n`;

/**
 * Prints the facts as "key=value" lines. A constant: nothing from the configuration is ever put into it. Kernel features
 * are tried for real, in name spaces that are thrown away, because a module that is listed need not load and one that
 * is not listed may be built in.
 */
export const FACTS_SCRIPT = `
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
say() { printf '%s=%s\\n' "$1" "$2"; }
feature() { name=$1; shift; if "$@" >/dev/null 2>&1; then say feature "$name"; fi; }
ip_vs() { modprobe ip_vs; [ -e /proc/net/ip_vs ]; }
main() {
  say clock.start "$(date +%s%3N)"
  say machine-id "$(cat /etc/machine-id 2>/dev/null)"
  say hostname "$(uname -n)"
  (. /etc/os-release; say os.id "$ID"; say os.version "$VERSION_ID"; say os.name "$PRETTY_NAME")
  say arch "$(uname -m)"
  say kernel "$(uname -r)"
  say cpus "$(nproc)"
  say memory.kb "$(sed -n 's/^MemTotal: *\\([0-9]*\\) kB$/\\1/p' /proc/meminfo)"
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then say cgroup 2; else say cgroup 1; fi
  root=$(sed -n 's/.*"data-root"[^"]*"\\([^"]*\\)".*/\\1/p' /etc/docker/daemon.json 2>/dev/null)
  root=\${root:-/var/lib/docker}
  while [ ! -d "$root" ]; do root=$(dirname "$root"); done
  say disk.path "$root"
  say disk.free "$(df -B1 --output=avail "$root" | tail -n 1 | tr -d ' ')"
  for command in ip unshare systemctl apt-get; do command -v "$command" >/dev/null || say missing "$command"; done
  say addresses "$(ip -j address show)"
  say routes "$(ip -j -4 route show table main)"
  feature vxlan unshare -n ip link add dockyard-try type vxlan id 1 dstport 4789
  feature esp ${TRY_ESP}
  feature ip_vs ip_vs
  feature overlay unshare -m sh -c 'mount -t tmpfs none /mnt && cd /mnt && mkdir l u w m && mount -t overlay overlay -o lowerdir=l,upperdir=u,workdir=w m'
  say engine "$(dockerd --version 2>/dev/null)"
  say clock.end "$(date +%s%3N)"
}
main </dev/null
`;

/**
 * Reads what FACTS_SCRIPT printed.
 * @throws Error when a line that must be there is not, naming it: then something on the host cut the script short
 */
export function parseFacts(output: string): HostFacts {
  const lines = output.split("\n").filter((line) => line.includes("="));
  const all = (key: string) => lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1).trim());
  const one = (key: string): string => {
    const [value] = all(key);
    if (value === undefined) throw new Error(`the facts of the host have no "${key}"; got: ${output.trim().slice(-500) || "nothing"}`);
    return value;
  };
  const number = (key: string): number => {
    const value = one(key);
    if (!/^\d+$/.test(value)) throw new Error(`the facts of the host have "${key}" as ${JSON.stringify(value)}, which is no number`);
    return Number(value);
  };
  return {
    machineId: one("machine-id"),
    hostname: one("hostname"),
    os: { id: all("os.id")[0] ?? "", version: all("os.version")[0] ?? "", name: all("os.name")[0] ?? "" },
    arch: dockerArchitecture(one("arch")),
    kernel: one("kernel"),
    cpus: number("cpus"),
    memory: number("memory.kb") * 1024,
    cgroup: one("cgroup") === "2" ? 2 : 1,
    disk: { path: one("disk.path"), free: number("disk.free") },
    clock: { start: number("clock.start"), end: number("clock.end") },
    addresses: hostAddresses(one("addresses")),
    routes: hostRoutes(one("routes")),
    features: Feature.options.filter((feature) => all("feature").includes(feature)),
    missing: all("missing"),
    engineVersion: /version ([^\s,]+)/.exec(one("engine"))?.[1],
  };
}

/** The name that Docker, and so a placement constraint, has for what `uname -m` says. */
export function dockerArchitecture(machine: string): string {
  const names: Record<string, string> = { x86_64: "amd64", aarch64: "arm64", armv7l: "arm", i686: "386" };
  return names[machine] ?? machine;
}

const addressList = z.array(
  z.object({
    ifname: z.string().optional(),
    addr_info: z.array(z.object({ local: z.string().optional(), scope: z.string().optional(), temporary: z.boolean().optional() })).optional(),
  }),
);

/** Bridges that the engine makes: their addresses come and go with it and are none of the host's. */
const ENGINE_BRIDGE = /^(docker0|docker_gwbridge|br-[0-9a-f]{12})$/;

function hostAddresses(json: string): string[] {
  return addressList
    .parse(parseJson(json))
    .filter(({ ifname }) => !ENGINE_BRIDGE.test(ifname ?? ""))
    .flatMap(({ addr_info }) => addr_info ?? [])
    .filter(({ scope, temporary }) => scope === "global" && !temporary)
    .flatMap(({ local }) => (local !== undefined && isIP(local) ? [local] : []))
    .sort();
}

const routeList = z.array(z.object({ dst: z.string().optional(), dev: z.string().optional() }));

function hostRoutes(json: string): Route[] {
  return routeList
    .parse(parseJson(json))
    .filter(({ dst }) => dst !== undefined && dst !== "default")
    .map(({ dst, dev }) => ({ destination: dst!, device: dev ?? "?" }));
}

/** `ip` prints nothing at all, or "[{},{}]", where there is nothing to tell. */
function parseJson(text: string): unknown {
  return text === "" ? [] : JSON.parse(text);
}
