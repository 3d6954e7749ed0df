import { daemonKeys, noInsecureRegistries } from "../../policy/rules/engine";
import { restrictedEngine } from "../../policy/rules/restricted";
import { findings, table } from "./support";

const set = (key: string, ...values: readonly unknown[]) => values.map((value) => ({ daemon: JSON.parse(JSON.stringify({ [key]: value })) as Record<string, unknown> }));

table(daemonKeys, {
  refused: [
    ...set("metrics-addr", "0.0.0.0", "0.0.0.0:9323", ":9323", "[::]:9323", "::", "*:9323", "10.0.0.1:9323", "127.0.0.1", "127.1:9323", "0:9323", "0x7f.0.0.1:9323", "127.0.0.1.nip.io:9323", "localhost.example:9323", "[::ffff:0.0.0.0]:9323", "[::ffff:10.0.0.1]:9323", "[::1%eth0]:9323", "127.0.0.1:9323,0.0.0.0:9323", "127.0.0.1:09323", " 127.0.0.1:9323", "127.0.0.1:9323\n", 9323, ["127.0.0.1:9323"]),
    ...set("runtimes", { evil: { path: "/srv/x" } }, {}), ...set("default-runtime", "evil", "RUNC"), ...set("init-path", "/srv/x"), ...set("userland-proxy-path", "/srv/x"), ...set("authorization-plugins", []), ...set("containerd", "/srv/x.sock"), ...set("group", "users"), ...set("exec-root", "/srv"), ...set("pidfile", "/etc/x"),
    ...set("seccomp-profile", "unconfined", "", "/srv/all.json"), ...set("selinux-enabled", false), ...set("no-new-privileges", false, "true", 1), ...set("userns-remap", "", "root:root:root", "0\n"), ...set("experimental", true), ...set("allow-direct-routing", true), ...set("min-api-version", "1.12"), ...set("network-diagnostic-port", 8000),
    ...set("iptables", false, "true"), ...set("ip6tables", false), ...set("ip-masq", false), ...set("ip-forward", false),
    ...set("tls", false), ...set("tlsverify", false), ...set("tlscacert", "/x"), ...set("api-cors-header", "*"), ...set("cdi-spec-dirs", ["/srv"]), ...set("trust-key", "x"), ...set("bridge", "br0"),
    ...set("data-root", "/", "/etc", "/home/docker", "/srv/../etc", "/srv/./x", "/srv/..", "srv", "/srv/a b", "/srv//x", "/var/lib", "/var/lib/dockerx"),
    ...set("registry-mirrors", ["http://mirror.example"], ["https://user:hunter2@mirror.example"], ["mirror.example"], "https://mirror.example", ["https://a.example", "http://b.example"]),
    ...set("proxies", { "http-proxy": "http://user:hunter2@proxy.example:3128" }, { "https-proxy": "socks5://x" }, { "ftp-proxy": "http://x" }, "http://x"),
    ...set("log-driver", "syslog", "splunk"), ...set("log-opts", { "splunk-token": "x" }, { env: "DB_PASSWORD" }, { "max-size": 10 }),
    ...set("default-address-pools", [{ base: "0.0.0.0/0", size: 24 }], [{ base: "8.0.0.0/8", size: 24 }], [{ base: "10.0.0.0/7", size: 24 }], {}), ...set("bip", "8.8.8.1/24", "10.0.0.1"), ...set("fixed-cidr", "0.0.0.0/1"), ...set("dns", ["evil.example"], ["127.1"], "10.0.0.1"), ...set("ip", "any"),
    ...set("storage-driver", "vfs2", "devicemapper"), ...set("storage-opts", ["dm.thinpooldev=/dev/sda"], ["overlay2.size=1G,x"]), ...set("exec-opts", ["native.umask=normal"]), ...set("cgroup-parent", "/", "/../x"), ...set("default-cgroupns-mode", "host"), ...set("default-ipc-mode", "host"),
    ...set("features", { unknown: true }), ...set("default-ulimits", { nofile: { Soft: -1 } }, { x: { Name: "nofile", Path: "x" } }), ...set("labels", ["x=\n"]), ...set("mtu", 1, "1500", 1e9), ...set("log-level", "trace"), ...set("shutdown-timeout", -1),
    ...set("Hosts", ["tcp://0.0.0.0:2375"]), ...set("metrics-addr ", "127.0.0.1:1"), ...set("METRICS-ADDR", "127.0.0.1:1"), ...set("constructor", "x"), ...set("toString", "x"), ...set("", "x"),
  ],
  accepted: [
    ...[undefined, {}].map((daemon) => ({ daemon })),
    ...set("metrics-addr", "127.0.0.1:9323", "127.0.0.53:1", "[::1]:9323", "localhost:9323", "[::ffff:127.0.0.1]:9323"),
    ...set("log-driver", "local", "json-file", "journald", "none"), ...set("log-opts", {}, { "max-size": "10m", "max-file": "3" }), ...set("log-level", "debug"), ...set("log-format", "json"), ...set("debug", true, false),
    ...set("storage-driver", "overlay2"), ...set("storage-opts", ["overlay2.size=20G"]), ...set("data-root", "/var/lib/docker", "/srv/docker", "/data/docker/", "/mnt/a/b/..c"), ...set("exec-opts", ["native.cgroupdriver=systemd"]),
    ...set("default-address-pools", [{ base: "172.30.0.0/16", size: 24 }, { base: "fd00::/48", size: 64 }]), ...set("bip", "172.26.0.1/16"), ...set("fixed-cidr-v6", "fd00:1::/64"), ...set("mtu", 1450), ...set("dns", ["10.0.0.2", "2001:db8::53"]), ...set("dns-search", ["example.net"]), ...set("dns-opts", ["ndots:2", "rotate"]), ...set("ip", "127.0.0.1", "0.0.0.0"),
    ...set("registry-mirrors", [], ["https://mirror.example"], ["https://mirror.example:5443/v2/"]), ...set("proxies", { "http-proxy": "http://proxy.example:3128", "no-proxy": "10.0.0.0/8,.example.net,localhost" }), ...set("max-concurrent-downloads", 4), ...set("max-concurrent-uploads", 5), ...set("max-download-attempts", 3),
    ...set("no-new-privileges", true), ...set("icc", false, true), ...set("userland-proxy", false), ...set("userns-remap", "default"), ...set("seccomp-profile", "builtin"), ...set("default-shm-size", "64M", 67108864), ...set("default-ulimits", { nofile: { Name: "nofile", Soft: 1024, Hard: 65536 } }), ...set("init", true), ...set("iptables", true), ...set("ipv6", true),
    ...set("labels", ["zone=a"]), ...set("features", { "containerd-snapshotter": true }), ...set("builder", { gc: { enabled: true, defaultKeepStorage: "20GB" } }), ...set("node-generic-resources", ["GPU=one"]), ...set("shutdown-timeout", 60), ...set("cgroup-parent", "docker.slice"),
  ],
});

describe("daemon-keys", () => {
  it("lets a key pass that is allowed, and no other", () => {
    expect(findings(daemonKeys, { daemon: { runtimes: {} } }, "runtimes")).toEqual([]);
    expect(findings(daemonKeys, { daemon: { runtimes: {} } }, "default-runtime", "runtime")).toHaveLength(1);
  });
  it("says no value, as it may be a password", () => expect(findings(daemonKeys, { daemon: { "registry-mirrors": ["https://u:hunter2@m.example"], hunter: "hunter2" } }).join()).not.toContain("hunter2"));
});

table(noInsecureRegistries, {
  refused: set("insecure-registries", ["a"], ["10.0.0.0/8"], ["0.0.0.0/0"], ["127.0.0.0/8"], ["localhost:5000"], ["registry.example:5000"], ["*"], [""], [" "], ["a", "b"], "a", "0.0.0.0/0", 1, true, {}, { a: 1 }, [1], [null], [[]], "", [{}], ["::/0"]),
  accepted: [...set("insecure-registries", [], null), {}, { daemon: {} }, ...["registry-mirrors", "log-driver", "debug", "mtu", "bip", "dns", "labels", "icc", "init", "ipv6", "ip", "features", "builder", "Insecure-Registries", "insecure_registries", "secure-registries", "proxies"].flatMap((key) => set(key, "x"))],
});

const strict = { "no-new-privileges": true, icc: false };
table(restrictedEngine, {
  refused: [
    ...[undefined, {}, { icc: false }, { "no-new-privileges": true }, { "no-new-privileges": false, icc: false }].map((daemon) => ({ daemon })),
    ...["true", 1, 0, null, "", [], {}, "yes"].flatMap((value) => [{ daemon: { ...strict, "no-new-privileges": value } }, { daemon: { ...strict, icc: value } }]),
    ...["unconfined", "", "/srv/x.json", null].map((profile) => ({ daemon: { ...strict, "seccomp-profile": profile } })),
  ],
  accepted: [
    { daemon: strict },
    { daemon: { ...strict, "seccomp-profile": "builtin" } },
    ...["debug", "ipv6", "userland-proxy", "init", "mtu", "log-driver", "log-opts", "bip", "dns", "labels", "features", "builder", "proxies", "data-root", "exec-opts", "storage-driver", "ip", "registry-mirrors"].map((key) => ({ daemon: { ...strict, [key]: "x" } })),
  ],
});
