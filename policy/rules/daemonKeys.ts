import { address, ownAddress, privateRange } from "./addresses";
import { logDriver, logOptions } from "./logs";
import { type Accepts, aBoolean, anything, listOf, mapping, mappingOf, oneOf, text, wholeNumber } from "./settings";

const list = (pattern: RegExp, like: string) => listOf(text(pattern, like));
const count = wholeNumber(1, 100);
const size: Accepts = (value) => (Number.isInteger(value) ? undefined : text(/^\d{1,12}[bkmg]?b?$/i, '"64m"')(value));
/** No login: it would stand in a file that everybody on the host reads. */
const proxy = text(/^https?:\/\/[\w.-]{1,253}(?::\d{1,5})?\/?$/, '"http://proxy.example:3128", without a login');
const domains = /^[A-Za-z0-9.-]{1,253}$/;

/**
 * Keys of daemon.json with what each may be; no other is allowed. Missing on purpose: what runs a program or loads a profile
 * (runtimes, init-path, userland-proxy-path, seccomp-profile with a file, authorization-plugins), what moves the engine's
 * socket or opens one (group, tls…, network-diagnostic-port), and what takes protection away (experimental,
 * allow-direct-routing, min-api-version).
 */
export const DAEMON_KEYS: Readonly<Record<string, Accepts>> = {
  // Judged by rules of their own.
  hosts: anything,
  "live-restore": anything,
  "insecure-registries": anything,

  "log-driver": logDriver,
  "log-opts": logOptions,
  "log-level": oneOf("debug", "info", "warn", "error", "fatal"),
  "log-format": oneOf("text", "json"),
  debug: aBoolean,
  "raw-logs": aBoolean,

  "storage-driver": oneOf("overlay2", "overlayfs", "btrfs", "zfs", "fuse-overlayfs"),
  "storage-opts": list(/^overlay2\.size=\d{1,6}[kmgt]b?$/i, '"overlay2.size=20G"'),
  "data-root": text(/^\/(?:var\/lib\/docker|data|mnt|srv)(?:\/(?!\.{1,2}(?:\/|$))[\w.-]{1,255}){0,16}\/?$/, "a folder in /var/lib/docker, /data, /mnt or /srv"),

  "default-address-pools": listOf(mapping({ base: privateRange, size: wholeNumber(8, 128) })),
  bip: privateRange,
  bip6: privateRange,
  "fixed-cidr": privateRange,
  "fixed-cidr-v6": privateRange,
  "default-gateway": address,
  "default-gateway-v6": address,
  ip: address,
  mtu: wholeNumber(576, 65535),
  "network-control-plane-mtu": wholeNumber(576, 65535),
  ipv6: aBoolean,
  iptables: oneOf(true),
  ip6tables: oneOf(true),
  "ip-forward": oneOf(true),
  "ip-masq": oneOf(true),
  "firewall-backend": oneOf("iptables", "nftables"),
  icc: aBoolean,
  "userland-proxy": aBoolean,
  dns: listOf(address),
  "dns-search": list(domains, '"example.net"'),
  "dns-opts": list(/^(?:ndots|timeout|attempts):\d{1,2}$|^(?:rotate|edns0|single-request|single-request-reopen|trust-ad|use-vc)$/, '"ndots:2"'),
  "metrics-addr": ownAddress,

  "registry-mirrors": list(/^https:\/\/[\w.-]{1,253}(?::\d{1,5})?(?:\/[\w./-]{0,200})?$/, '"https://mirror.example", without a login'),
  proxies: mapping({ "http-proxy": proxy, "https-proxy": proxy, "no-proxy": text(/^[\w.,:*/-]{1,2000}$/, '"10.0.0.0/8,.example.net"') }),
  "max-concurrent-downloads": count,
  "max-concurrent-uploads": count,
  "max-download-attempts": count,

  "no-new-privileges": oneOf(true),
  "selinux-enabled": oneOf(true),
  "userns-remap": text(/^[a-z_][a-z0-9_-]{0,31}(?::[a-z_][a-z0-9_-]{0,31})?$/, '"default"'),
  "seccomp-profile": oneOf("builtin"),
  "default-runtime": oneOf("runc"),
  "default-cgroupns-mode": oneOf("private"),
  "default-ipc-mode": oneOf("private", "shareable"),
  "exec-opts": listOf(oneOf("native.cgroupdriver=systemd", "native.cgroupdriver=cgroupfs")),
  "cgroup-parent": text(/^[\w-]{1,100}\.slice$/, '"docker.slice"'),
  "default-shm-size": size,
  "default-ulimits": mappingOf(mapping({ Name: text(/^[a-z]{2,16}$/, '"nofile"'), Soft: wholeNumber(0, 2 ** 31), Hard: wholeNumber(0, 2 ** 31) })),
  init: aBoolean,
  "shutdown-timeout": wholeNumber(0, 3600),

  labels: list(/^[\w.-]{1,200}=[^\r\n]{0,200}$/, '"zone=a"'),
  "node-generic-resources": list(/^[\w-]{1,63}=[\w.:-]{1,200}$/, '"GPU=one"'),
  features: mapping({ buildkit: aBoolean, "containerd-snapshotter": aBoolean, "swarm-nftables": aBoolean }),
  builder: mapping({ gc: mapping({ enabled: aBoolean, defaultKeepStorage: text(/^\d{1,9}[kmgt]?b?$/i, '"20GB"') }) }),
};
