import { capabilities } from "../../policy/rules/capabilities";
import { imagePinned } from "../../policy/rules/image";
import { sysctls, ulimits } from "../../policy/rules/kernel";
import { reservedLabels } from "../../policy/rules/labels";
import { logDrivers } from "../../policy/rules/logs";
import { networkOptions, serviceNetworks } from "../../policy/rules/network";
import { portNumbers } from "../../policy/rules/ports";
import { notRoot } from "../../policy/rules/tasks";
import { ServiceInputs } from "../../provider/swarm/service/inputs";
import { findings, table } from "./support";

const name = "shop_web";

table(capabilities, {
  refused: ["ALL", "all", "All", "CAP_ALL", "SYS_ADMIN", "CAP_SYS_ADMIN", "cap_sys_admin", "Cap_Sys_Ptrace", "sys_module", "SYS_RAWIO", "SYS_TIME", "NET_ADMIN", "BPF", "PERFMON", "DAC_READ_SEARCH", "SYS_BOOT", "SYSLOG", "IPC_LOCK", "CAP_CAP_CHOWN", " CHOWN", "CHOWN ", "", "CAP_", "CHOWN,SYS_ADMIN", "ſys_admin", "constructor"].map((each) => ({ name, capabilityAdd: ["CHOWN", each] })),
  accepted: [
    ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"].flatMap((each) => [{ name, capabilityAdd: [each] }, { name, capabilityAdd: [`CAP_${each}`] }, { name, capabilityAdd: [`cap_${each.toLowerCase()}`] }]),
    { name },
    { name, capabilityAdd: [] },
    { name, capabilityDrop: ["ALL"] } as object & { name: string },
  ],
});

table(serviceNetworks, {
  refused: ["host", "Host", "HOST", "bridge", "none", "None", "ingress", "docker_gwbridge", "DOCKER_GWBRIDGE", "default", "nat", "", " host", "host ", "host\n", "container:web", "container:0123", "ns:/proc/1/ns/net", "/proc/1/ns/net", "service:web", "a b", "hóst"].map((id) => ({ name, networks: [{ id: "q9u0ga3fek6rrr5h7hbzjw3fe" }, { id }] })),
  accepted: [
    ...["q9u0ga3fek6rrr5h7hbzjw3fe", "z", "hosts", "hostx", "my-host", "bridge1", "shop_default", "0", "none1", "front", "back", "platform", "a.b", "ingress2", "natx", "defaults", "e2e"].map((id) => ({ name, networks: [{ id }] })),
    { name },
    { name, networks: [] },
    { name, networks: [{ id: "x", aliases: ["host"] }] },
    { name: "dockyard_registry", networks: [{ id: "host" }] },
  ],
});

const network = (more: object) => ({ name: "shop_front", ...more });
table(networkOptions, {
  refused: [
    ...["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "8.8.8.0/24", "1.1.1.0/24", "10.0.0.0/7", "172.16.0.0/11", "172.32.0.0/16", "192.168.0.0/15", "192.169.0.0/24", "100.64.0.0/9", "100.128.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "198.51.100.0/24", "10.0.0.0", "10.0/16", "0x0a.0.0.0/8", "10.0.0.0/08", "any", ""].map((subnet) => network({ subnet })),
    ...["::/0", "::/1", "2000::/3", "2001:db8::/32", "fe80::/10", "::ffff:8.8.8.0/120", "fc00::/6", "::1/128"].map((ipv6Subnet) => network({ ipv6Subnet })),
  ],
  accepted: [
    network({}),
    network({ attachable: true }),
    network({ internal: true, encrypted: true }),
    ...["10.0.0.0/8", "10.20.0.0/24", "10.255.255.0/30", "172.16.0.0/12", "172.31.0.0/16", "192.168.0.0/16", "192.168.1.0/24", "100.64.0.0/10", "100.100.0.0/16", "10.0.0.0/32", "10.213.0.0/24", "172.20.0.0/20"].map((subnet) => network({ subnet })),
    ...["fd00:20::/64", "fd00::/8", "fc00::/7", "FD12:3456::/48", "fd00:0:0:1::/64"].map((ipv6Subnet) => network({ ipv6Subnet })),
  ],
});

const published = (port: number, more: object = {}) => ({ name, ports: [{ target: 8080, published: 8080 }, { target: 80, published: port, ...more }] });
table(portNumbers, {
  refused: [1, 7, 21, 22, 23, 25, 53, 79, 81, 110, 111, 123, 179, 442, 444, 514, 636, 853, 1023, 2375, 2376, 2377, 4789, 7946].map((port) => published(port)).concat([published(22, { mode: "host" }), published(4789, { protocol: "udp" })]),
  accepted: [...[80, 443, 1024, 1080, 1883, 2374, 2378, 3306, 4788, 4790, 5000, 5432, 6379, 7945, 7947, 8080, 8443, 30000, 32767, 65535].map((port) => published(port)), { name }, { name, ports: [] }, { name, ports: [{ target: 22 }] }, published(443, { mode: "host", protocol: "udp" })],
});

table(sysctls, {
  refused: ["kernel.core_pattern", "kernel.modprobe", "kernel.shmmax", "kernel.msgmax", "kernel.sem", "kernel.domainname", "vm.max_map_count", "vm.overcommit_memory", "fs.mqueue.msg_max", "fs.file-max", "net.ipv4.ip_forward", "net.ipv4.conf.all.rp_filter", "net.ipv4.conf.eth0.route_localnet", "net.ipv6.conf.all.forwarding", "net.core.rmem_max", "net.ipv4.tcp_mem", "net/core/somaxconn", "NET.CORE.SOMAXCONN", " net.core.somaxconn", "net.core.somaxconn ", "net..core.somaxconn", "", "toString"].map((each) => ({ name, sysctls: { [each]: "1" } })),
  accepted: [
    ...["kernel.shm_rmid_forced", "net.core.somaxconn", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_rmem", "net.ipv4.tcp_syncookies", "net.ipv4.tcp_wmem"].map((each) => ({ name, sysctls: { [each]: "1" } })),
    { name },
    { name, sysctls: {} },
    ...["0", "1024", "4096 131072 6291456", "", "1024 65535"].map((value) => ({ name, sysctls: { "net.ipv4.tcp_rmem": value, "net.core.somaxconn": value } })),
  ],
});

const limit = (limitName: string, hard: number, soft = 0) => ({ name, ulimits: [{ name: limitName, soft, hard }] });
table(ulimits, {
  refused: [
    ...["rtprio", "nice", "rttime", "msgqueue", "NOFILE", "Nproc", "RLIMIT_NOFILE", " nofile", "nofile ", "", "toString", "constructor", "__proto__"].map((each) => limit(each, 1)),
    limit("core", 1), limit("core", -1), limit("core", 0, -1), limit("nofile", -1), limit("nofile", 1_048_577), limit("nofile", 2 ** 40), limit("nofile", 1024, -1), limit("nproc", -1), limit("nproc", 65_537), limit("sigpending", 1e9),
  ],
  accepted: [
    ...["as", "cpu", "data", "fsize", "locks", "memlock", "rss", "stack"].flatMap((each) => [limit(each, 1024), limit(each, -1, -1)]),
    limit("core", 0), limit("nofile", 1_048_576, 65_536), limit("nofile", 1024, 1024), limit("nproc", 65_536), limit("nproc", 512), limit("sigpending", 1024), { name }, { name, ulimits: [] },
  ],
});

const logging = (driver: string, options?: Record<string, string>) => ({ name, logDriver: { name: driver, ...(options && { options }) } });
table(logDrivers, {
  refused: [
    ...["syslog", "gelf", "fluentd", "splunk", "awslogs", "gcplogs", "etwlogs", "logentries", "vendor/plugin:1", "LOCAL", "Json-File", "", " local", "json-file ", "constructor"].map((driver) => logging(driver)),
    ...[{ env: "DB_PASSWORD" }, { "env-regex": ".*" }, { "labels-regex": ".*" }, { "syslog-address": "tcp://203.0.113.1:514" }, { "max-size": "unlimited" }, { "max-size": "10m\n" }, { "max-file": "0" }, { compress: "TRUE" }, { tag: "$(id)" }, { "Max-Size": "10m" }, { mode: "async" }].map((options) => logging("json-file", options as unknown as Record<string, string>)),
  ],
  accepted: [
    ...["local", "json-file", "journald", "none"].map((driver) => logging(driver)),
    ...["local", "json-file"].flatMap((driver) => [{ "max-size": "10m" }, { "max-size": "10m", "max-file": "3" }, { compress: "true" }, { mode: "non-blocking", "max-buffer-size": "4m" }, { labels: "com.example.a,com.example.b" }, { tag: "{{.Name}}/{{.ID}}" }, { "max-size": "1G" }, {}].map((options) => logging(driver, options as Record<string, string>))),
    { name },
  ],
});

const STACK = "com.docker.stack.namespace";
table(reservedLabels, {
  refused: [
    ...["com.docker.swarm.service.name", "com.docker.swarm.node.id", "com.docker.lb.hosts", "com.docker.ucp.access.label", "com.docker.compose.project", "com.docker", "COM.DOCKER.STACK.NAMESPACE", "Com.Docker.Stack.Image", "io.docker.x", "org.dockerproject.x", "dockyard.stack", "dockyard.moving", "dockyard.raised", "dockyard.lease.holder", "dockyard.machine", "Dockyard.Owner", "dockyard"].map((label) => ({ name, labels: { [label]: "x" } })),
    ...["platform", "sho", "shop_", "shop_web", "", "SHOP", " shop"].map((stack) => ({ name, labels: { [STACK]: stack } })),
    { name, containerLabels: { "com.docker.swarm.task.id": "x" } },
    { name, containerLabels: { [STACK]: "dockyard" } },
  ],
  accepted: [
    { name },
    { name, labels: {}, containerLabels: {} },
    { name, labels: { [STACK]: "shop" }, containerLabels: { [STACK]: "shop", "com.docker.stack.image": "web:1", "dockyard.registry-login": "0a" } },
    { name: "a_b_c", labels: { [STACK]: "a_b" } },
    { name: "dockyard_registry", labels: { [STACK]: "dockyard" } },
    ...["com.example.note", "traefik.enable", "traefik.http.routers.web.rule", "prometheus.port", "org.opencontainers.image.title", "a", "com.dockers.x", "com.dockerx", "io.dockerfile", "dockyards.x", "my.dockyard.x", "x.com.docker.y", "team", "zone", "maintainer"].map((label) => ({ name, labels: { [label]: "x" } })),
  ],
});

table(notRoot, {
  refused: ["", "root", "ROOT", "Root", "root:app", "toor", "0", "00", "000", "0:0", "0:1000", "+0", "-0", "+0:1", "-1", "0x0", " root", "root ", "0\n", "root\n", ":0", ":", "1000:", "1000:-1", "1e3", "app:ro ot", "０"].map((user) => ({ name, user })),
  accepted: ["1", "10", "100", "1000", "01000", "65532", "65534", "1000:1000", "1000:0", "1000:docker", "app", "app:app", "nobody", "www-data", "_apt", "rooty", "roots:root", "node.js", "App", "a1", "postgres:999"].map((user) => ({ name, user })),
});

const HEX = "0a".repeat(32);
table(imagePinned, {
  refused: ["redis", "redis:7", "redis:latest", "redis@latest", "redis@sha256", "redis@sha256:", `redis@sha256:${HEX.slice(1)}`, `redis@sha256:${HEX}0`, `redis@sha256:${HEX.toUpperCase()}`, `redis@SHA256:${HEX}`, `redis@md5:${HEX}`, `redis@sha512:${HEX}`, `redis@sha256:${HEX} `, ` redis@sha256:${HEX}`, `redis@sha256:${HEX}\n`, `@sha256:${HEX}`, `redis:sha256-${HEX}`, `redis#sha256:${HEX}`, `sha256:${HEX}x`, `sha256${HEX}`, HEX, "", `redis@sha256:${"g".repeat(64)}`].map((image) => ({ image })),
  accepted: [`sha256:${HEX}`, ...["redis", "library/redis", "a", "a/b/c/d", "redis:7", "redis:7.2-alpine", "r.example/x", "r.example:5000/x", "r.example:5000/x/y:1", "localhost:5000/x", "10.0.0.1:5000/x", "a-b", "a_b", "a.b", "a__b", "x:1_2.3-4", "registry.dockyard.internal:5000/demo/web", "x1", "1x", "a/b-c/d.e"].map((reference) => `${reference}@sha256:${HEX}`)].map((image) => ({ image })),
});

describe("exceptions", () => {
  it("are for all services or for one, in any spelling of a capability", () => {
    const add = (...allowed: string[]) => findings(capabilities, { name, capabilityAdd: ["CAP_NET_ADMIN"] }, ...allowed);
    expect([add("NET_ADMIN"), add("cap_net_admin"), add("shop_web:NET_ADMIN"), add("shop_web:CAP_NET_ADMIN")]).toEqual([[], [], [], []]);
    expect([add("shop_api:NET_ADMIN"), add("ALL"), add("ADMIN")].map(({ length }) => length)).toEqual([1, 1, 1]);
  });
  it.each([
    [serviceNetworks, { name, networks: [{ id: "host" }] }, name],
    [networkOptions, { name, subnet: "8.8.8.0/24" }, name],
    [portNumbers, { name, ports: [{ target: 53, published: 53 }] }, "shop_web:53"],
    [sysctls, { name, sysctls: { "net.ipv4.ip_forward": "1" } }, "net.ipv4.ip_forward"],
    [ulimits, { name, ulimits: [{ name: "rtprio", soft: 1, hard: 1 }] }, "shop_web:rtprio"],
    [logDrivers, { name, logDriver: { name: "fluentd" } }, "fluentd"],
    [reservedLabels, { name, labels: { "com.docker.lb.hosts": "x" } }, "shop_web:com.docker.lb.hosts"],
  ])("let pass what they name and nothing else (%#)", (rule, props, exception) => {
    expect(findings(rule as never, props as never, exception)).toEqual([]);
    expect(findings(rule as never, props as never, `${exception}x`, "other")).not.toEqual([]);
  });
});

/** What a service can be told that no rule needs to look at, with the reason in the schema's own words. A new one has to be judged first. */
const HARMLESS = ["cluster", "tty", "openStdin", "init", "stopSignal", "stopGracePeriod", "endpointMode", "mode", "replicas", "initialReplicas", "restartPolicy", "updateConfig", "rollbackConfig", "convergence"];
/** What the rules on secrets read as text, and nothing more is asked of. */
const TEXT_ONLY = ["command", "args", "env", "dir", "hostname", "hosts", "dns", "placement", "secrets", "configs"];
const JUDGED = ["name", "labels", "containerLabels", "image", "user", "groups", "readOnly", "healthcheck", "capabilityAdd", "capabilityDrop", "sysctls", "ulimits", "logDriver", "mounts", "networks", "ports", "resources"];

describe("the inputs of a service", () => {
  it("are all known to the pack", () => expect(Object.keys(ServiceInputs.shape).sort()).toEqual([...HARMLESS, ...TEXT_ONLY, ...JUDGED].sort()));
  // The provider has no words for these; a bundle that names one is refused before a rule is asked.
  it.each(["privileged", "privileges", "devices", "deviceCgroupRules", "genericResources", "pid", "pidMode", "ipc", "ipcMode", "userns", "usernsMode", "cgroupns", "cgroupParent", "securityOpt", "seccomp", "apparmor", "selinux", "noNewPrivileges", "credentialSpec", "runtime", "isolation", "oomScoreAdj", "maskedPaths", "readonlyPaths"])("have no %s", (key) =>
    expect(ServiceInputs.safeParse({ cluster: "c", name, image: `sha256:${HEX}`, [key]: true }).error?.issues[0]).toMatchObject({ code: "unrecognized_keys", keys: [key] }),
  );
});
