import { noSensitiveMounts } from "../../policy/rules/mounts";
import { volumeOptions } from "../../policy/rules/volumes";
import type { ServiceMount } from "../../provider/swarm/service/inputs";
import { findings, table } from "./support";

const name = "shop_web";
const one = (mount: ServiceMount) => ({ name, mounts: [mount] });
const bind = (source: string, more: Partial<ServiceMount> = {}) => one({ type: "bind", source, target: "/in", ...more });
const local = (volumeDriverOptions: Record<string, string>, more: Partial<ServiceMount> = {}) => one({ type: "volume", source: "data", target: "/in", volumeDriverOptions, ...more });
const disguised = (device: string, o = "bind", type = "none") => local({ type, o, device });

table(noSensitiveMounts, {
  refused: [
    ...["/home", "/home/shop", "/root", "/var/lib/cloud", "/var/lib/dpkg", "/var/lib/docker", "/var/lib/docker/../shop", "/var/log", "/opt", "/opt/containerd/bin", "/tmp", "/etc/cron.d", "/lost+found"].map((path) => bind(path)),
    ...["/", "//", "/.", "/..", "/srv/..", "/srv/../home", "/srv/./../etc", "//etc", "/srv//..//var", "/data/../../root", "/srvx", "/SRV", "/Data/shop", "/mnt.old", "srv/shop", "./srv", "../srv", "", " /srv", "\t/srv", "/\u202e/srv", "/%73rv", "\\srv", "~/shop"].map((path) => bind(path)),
    ...["/run/docker.sock", "/var/run/docker.sock", "/run/containerd/containerd.sock"].map((path) => bind(path, { readOnly: true })),
    bind("/etc/localtime"),
    bind("/usr/share/zoneinfo", { readOnly: false }),
    ...(["shared", "rshared", "slave", "rslave"] as const).map((propagation) => bind("/srv/shop", { propagation })),
    disguised("/home"),
    disguised("/srv/../etc", "ro,rbind"),
    disguised("/run/docker.sock", "bind", "nfs"),
    disguised("", "bind"),
    one({ type: "bind", target: "/in" }),
  ],
  accepted: [
    ...["/srv", "/srv/", "/srv/shop", "/srv//shop", "/srv/shop/./data", "/srv/../srv/shop", "/data", "/data/1", "/data/shop/a/b/c", "/mnt", "/mnt/disk1", "/mnt/nfs/shop", "/srv/etc", "/srv/docker.sock", "/srv/..data", "/srv/shöp", "/srv/a b"].map((path) => bind(path)),
    bind("/srv/shop", { readOnly: true }),
    bind("/srv/shop", { propagation: "rprivate" }),
    bind("/srv/shop", { propagation: "private" }),
    bind("/etc/localtime", { readOnly: true }),
    bind("/etc/./timezone", { readOnly: true }),
    disguised("/srv/shop"),
    one({ type: "tmpfs", target: "/etc" }),
    one({ type: "volume", target: "/home" }),
  ],
});

table(volumeOptions, {
  refused: [
    ...["proc", "sysfs", "overlay", "devtmpfs", "ext4", "xfs", "btrfs", "vfat", "cifs", "smb3", "fuse", "fuse.sshfs", "9p", "cgroup2", "debugfs", "securityfs", "bpf", "NFS", "nfs ", "tmpfs\n", "", "none", "auto", "constructor", "__proto__", "toString"].map((type) => local(JSON.parse(JSON.stringify({ type, device: "x" })) as Record<string, string>)),
    local({ type: "cifs", device: "//server/share", o: "username=shop,password=hunter2" }),
    local({ type: "overlay", device: "overlay", o: "lowerdir=/,upperdir=/srv/u,workdir=/srv/w" }),
    local({ type: "ext4", device: "/dev/sda1" }),
    local({ device: "/dev/sda1" }),
    local({ o: "size=1g" }),
    local({ type: "proc", o: "bind", device: "/srv/x" }),
    ...["remount", "move", "shared", "BIND", " bind", "suid", "dev", "exec", "loop", "uid=0"].map((option) => disguised("/srv/x", `bind,${option}`)),
    ...["credentials=/etc/shadow", "addr=10.0.0.1 ", "sec=none2", "vers=2", "hard=1", "fsc", "context=x", "addr"].map((o) => local({ type: "nfs", device: ":/x", o })),
    ...["size=1g,exec", "size=", "mode=99999", "uid=-1", "huge=always", "size=1g;x"].map((o) => local({ type: "tmpfs", device: "tmpfs", o })),
    local({ type: "nfs", device: "/dev/sda1" }),
    local({ type: "nfs" }),
    local({ type: "tmpfs", device: "/dev/sda1" }),
    local({ Type: "proc" }),
    local({ mountpoint: "/etc" }),
    ...["vieux/sshfs", "local ", "LOCAL", "rexray/ebs", ""].map((volumeDriver) => one({ type: "volume", source: "data", target: "/in", volumeDriver })),
    ...["/etc", "../etc", "a/b", " data", "data\n", ""].map((source) => one({ type: "volume", source, target: "/in" })),
  ],
  accepted: [
    ...["data", "shop_data", "a.b-c", "0"].map((source) => one({ type: "volume", source, target: "/in" })),
    one({ type: "volume", target: "/in" }),
    one({ type: "volume", target: "/in", volumeDriver: "local", volumeDriverOptions: {} }),
    local({ size: "10G" }),
    one({ type: "bind", source: "/etc", target: "/in" }),
    one({ type: "tmpfs", target: "/in", tmpfsSize: 1024 }),
    ...["addr=10.0.0.1", "addr=nfs.example.net,rw,nfsvers=4", "addr=fd00::1,vers=4.2,hard,timeo=600,retrans=2", "addr=10.0.0.1,nolock,soft,ro", "addr=10.0.0.1,sec=krb5p,proto=tcp,port=2049", "addr=10.0.0.1,rsize=1048576,wsize=1048576,noatime", "addr=10.0.0.1,,rw,"].map((o) => local({ type: "nfs", device: ":/export/shop", o })),
    local({ type: "nfs4", device: "nfs.example.net:/shop", o: "noresvport,nconnect=4" }),
    local({ type: "nfs", device: ":/" }),
    ...["size=100m", "size=10%,uid=1000,gid=1000,mode=0700", "noexec,nosuid,nodev", "nr_inodes=10k"].map((o) => local({ type: "tmpfs", device: "tmpfs", o })),
    local({ type: "tmpfs" }),
    ...["bind", "rbind,ro", "bind,noexec,nosuid,nodev", "rprivate,bind"].map((o) => disguised("/srv/x", o)),
    local({ o: "bind", device: "/srv/x" }),
  ],
});

describe("volume-options", () => {
  it("says no value of an option, as it may be a password", () => {
    const told = findings(volumeOptions, local({ type: "cifs", o: "password=hunter2" }), "cifs/x").concat(findings(volumeOptions, local({ type: "nfs", device: ":/x", o: "password=hunter2" })));
    expect(told).toHaveLength(2);
    expect(told.join()).not.toContain("hunter2");
  });
  it("lets a driver, a type or an option pass that is allowed, and no other", () => {
    expect(findings(volumeOptions, local({ type: "cifs", o: "x" }), "cifs")).toEqual([]);
    expect(findings(volumeOptions, local({ type: "nfs", device: ":/x", o: "fsc" }), "shop_web:nfs/fsc")).toEqual([]);
    expect(findings(volumeOptions, one({ type: "volume", target: "/x", volumeDriver: "rexray/ebs" }), "rexray/ebs")).toEqual([]);
    expect(findings(volumeOptions, local({ type: "cifs" }), "ext4", "shop_api:cifs", "local")).toHaveLength(1);
  });
});
