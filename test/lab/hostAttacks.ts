/**
 * What root of a lab host may try against the machine that runs the lab, each as shell text that ends with 0 when it got through. None of
 * them changes the machine where it does: parameters get the value that they have, calls of the kernel get arguments that it refuses last.
 */
export interface HostAttack {
  readonly name: string;
  /** May use `$managed`, see {@link managedHierarchies}. */
  readonly script: string;
}

/**
 * Folders in which a container finds the hierarchies where it has a group of its own.
 * @param cgroups /proc/PID/cgroup of its first process, as the machine sees it
 * @param id of the container
 */
export function managedHierarchies(cgroups: string, id: string): string[] {
  const own = cgroups.split("\n").flatMap((line) => {
    const [number, controllers, ...path] = line.split(":");
    return path.join(":").includes(id) ? [number === "0" ? "unified" : controllers!.replace(/^name=/, "")] : [];
  });
  return own.length === 1 && own[0] === "unified" ? ["/sys/fs/cgroup"] : own.map((folder) => `/sys/fs/cgroup/${folder}`);
}

/** Writes what a file holds back into it. */
const rewrite = (path: string): string => `v=$(cat ${path}) && printf '%s\\n' "$v" > ${path}`;
/** Opens a file for writing, and writes nothing. */
const openForWriting = (path: string): string => `[ -e ${path} ] && : >> ${path}`;

/**
 * Calls the kernel by number (x86-64), in perl. "Got through" is every answer but "not permitted" and "no such call": who gets as far as
 * "bad address" was let in. Another architecture has other numbers: nothing is tried there, and the list of calls is tested by itself.
 */
const call = (number: number, args = "0, 0, 0, 0", before = ""): string =>
  `[ "$(uname -m)" = x86_64 ] && perl -e '${before} $r = syscall(${number}, ${args}); exit($r < 0 && grep({ $!+0 == $_ } 1, 13, 38) ? 1 : 0)'`;

/** Asks for all devices wherever the host's own group of devices, or one above it, can be reached, also by a new mount. */
const ALLOW_DEVICES = `mkdir -p /root/groups; mount -t cgroup -o devices devices /root/groups 2>/dev/null
  own=$(sed -n 's,^[0-9]*:devices:/docker/\\([0-9a-f]*\\).*,\\1,p' /proc/1/cgroup)
  for allow in $(find /sys/fs/cgroup/devices /root/groups -path "*$own*" -name devices.allow); do for kind in b c; do echo "$kind *:* rwm" > $allow; done; done 2>/dev/null; umount /root/groups 2>/dev/null`;
/** Makes a node of the disk that the machine keeps the host's volume on. */
const DISK = `rm -f /root/disk; set -- $(awk '$5 == "/var/lib/docker" { split($3, n, ":"); print n[1], n[2] }' /proc/self/mountinfo) && mknod /root/disk b $1 $2`;

/** Attacks on what an engine does not need. */
export const HELD: readonly HostAttack[] = [
  // Parameters of the kernel, at the paths where a host finds them.
  ...["kernel/core_pattern", "kernel/pid_max", "kernel/panic", "kernel/randomize_va_space", "vm/overcommit_memory", "vm/swappiness", "vm/drop_caches", "fs/file-max", "fs/suid_dumpable", "fs/protected_symlinks"].map(
    (path) => ({ name: `write /proc/sys/${path}`, script: path === "vm/drop_caches" ? openForWriting(`/proc/sys/${path}`) : rewrite(`/proc/sys/${path}`) }),
  ),
  { name: "write /proc/sys/kernel/modprobe", script: openForWriting("/proc/sys/kernel/modprobe") },
  { name: "write /proc/sysrq-trigger", script: openForWriting("/proc/sysrq-trigger") },
  { name: "write a mask of /proc/irq", script: "f=$(ls -d /proc/irq/*/smp_affinity | head -n1) && v=$(cat $f) && echo $v > $f" },
  { name: "write a parameter that the machine's network alone has", script: openForWriting("/proc/sys/net/core/dev_weight") },
  { name: "read /proc/kcore", script: "head -c 1 /proc/kcore | grep -q ." },
  { name: "read /proc/keys", script: "grep -q . /proc/keys" },
  { name: "read /proc/timer_list", script: "grep -q . /proc/timer_list" },
  { name: "read /sys/firmware", script: "ls /sys/firmware | grep -q ." },
  ...["/sys/kernel/uevent_helper", "/sys/kernel/mm/transparent_hugepage/enabled", "/sys/kernel/profiling", "/sys/power/state", "/sys/kernel/mm/ksm/run"].map((path) => ({ name: `write ${path}`, script: openForWriting(path) })),
  { name: "write a parameter of a disk", script: "f=$(ls -d /sys/block/*/queue/read_ahead_kb | head -n1) && : >> $f" },
  ...["debug", "tracing", "security"].map((name) => ({ name: `look into /sys/kernel/${name} as it is`, script: `ls /sys/kernel/${name} | grep -q .` })),
  // Control groups, in the hierarchies that the machine's engine manages ($managed). Another one, which a lab of an earlier version has left on
  // the machine, has no group of the container's own: the machine's root group is there until it boots again, and nothing here can change it.
  { name: "see control groups of other containers", script: "find $managed -maxdepth 1 -name docker | grep -q ." },
  { name: "see them by a new mount", script: "mkdir -p /root/groups; mount -t cgroup -o memory groups /root/groups || mount -t cgroup2 groups /root/groups; found=$(ls -d /root/groups/docker); umount /root/groups; [ -n \"$found\" ]" },
  { name: "reach a release_agent", script: "find $managed -name release_agent | grep -q ." },
  { name: "reach it by a new mount", script: "mkdir -p /root/groups; mount -t cgroup -o memory groups /root/groups; found=$(ls /root/groups/release_agent); umount /root/groups; [ -n \"$found\" ]" },
  { name: "reach it by a hierarchy of one's own", script: "mkdir -p /root/groups; mount -t cgroup -o none,name=own groups /root/groups; found=$(ls /root/groups/release_agent); umount /root/groups; [ -n \"$found\" ]" },
  { name: "limit or stop processes of the machine", script: "find $managed -maxdepth 2 -path '*/docker/cgroup.procs' -writable | grep -q ." },
  // Devices.
  { name: "read the machine's disk", script: `${DISK} && head -c 512 /root/disk >/dev/null` },
  { name: "read it after allowing devices", script: `${ALLOW_DEVICES}; ${DISK} && head -c 512 /root/disk >/dev/null` },
  { name: "write it after allowing devices", script: `${ALLOW_DEVICES}; ${DISK} && : >> /root/disk` },
  { name: "mount it after allowing devices", script: `${ALLOW_DEVICES}; ${DISK} && mkdir -p /root/mnt && mount /root/disk /root/mnt && umount /root/mnt` },
  { name: "open another disk after allowing devices", script: `${ALLOW_DEVICES}; rm -f /root/node; mknod /root/node b 7 0 && head -c 1 /root/node` },
  ...([["mem", 1, 1], ["port", 1, 4], ["kmsg", 1, 11], ["kvm", 10, 232], ["fuse", 10, 229], ["loop-control", 10, 237], ["vsock", 10, 241]] as const).map(([name, major, minor]) => ({
    name: `open /dev/${name} after allowing devices`,
    script: `${ALLOW_DEVICES}; rm -f /root/node; mknod /root/node c ${major} ${minor} && { : <> /root/node; } 2>/dev/null`,
  })),
  // Calls of the kernel.
  { name: "load a module: init_module", script: call(175) },
  { name: "load a module: finit_module", script: call(313) },
  { name: "remove a module: delete_module", script: call(176) },
  { name: "load another kernel: kexec_load", script: call(246) },
  { name: "load another kernel: kexec_file_load", script: call(320) },
  { name: "use ports: iopl", script: call(172, "3") },
  { name: "use ports: ioperm", script: call(173, "128, 1, 1") },
  { name: "set the clock: settimeofday", script: call(164, "0, 0") },
  { name: "swap: swapon", script: call(167, '$f, 0', '$f = "/nowhere";') },
  { name: "swap: swapoff", script: call(168, "$f", '$f = "/nowhere";') },
  { name: "open files by handle: the volume's disk from its root", script: handleOfRoot() },
  { name: "handle faults of others: userfaultfd", script: call(323, "0") },
  { name: "keys of the session: keyctl", script: call(250, "0, -3, 0, 0") },
  { name: "make a key: add_key", script: call(248, "$t, $n, $n, 1, -2", '$t = "user"; $n = "lab";') },
  { name: "measure all processes: perf_event_open", script: call(298, "$a, -1, 0, -1, 0", '$a = pack("LLQQ", 1, 112, 0, 0) . "\\0" x 88;') },
  { name: "read the kernel's log: syslog", script: call(103, "3, $b, 64", '$b = "\\0" x 64;') },
  { name: "accounting: acct", script: call(163, "$f", '$f = "/nowhere";') },
  { name: "quotas: quotactl", script: call(179, "(0x800003 << 8), $f, 0, 0", '$f = "/nowhere";') },
  { name: "watch whole file systems: fanotify_init", script: call(300, "4, 0") },
  { name: "io_uring_setup", script: call(425, "1, $p", '$p = "\\0" x 120;') },
  { name: "speak to whatever runs the machine: a socket of AF_VSOCK", script: call(41, "40, 1, 0") },
  { name: "use the kernel's ciphers: a socket of AF_ALG", script: call(41, "38, 5, 0") },
  { name: "read other processes' memory policies: move_pages", script: call(279, "1, 0, 0, 0, 0, 0") },
  { name: "hang up terminals: vhangup", script: call(153) },
  // Whatever has a name space of its own.
  { name: "see a process of the machine", script: "cat /proc/[0-9]*/comm | grep -qx kthreadd" },
];

/** Root of the disk's file system has inode 2 (ext4); type 1 of a handle is "inode and generation". */
function handleOfRoot(): string {
  return `[ "$(uname -m)" = x86_64 ] && perl -e 'open($d, "<", "/var/lib/docker") or exit 1; $h = pack("LlLL", 8, 1, 2, 0); $r = syscall(304, fileno($d), $h, 0x10000); exit($r < 0 ? 1 : 0)'`;
}

/** On generation 2 runc needs programs in the kernel. */
export const HELD_ON_GENERATION_1: readonly HostAttack[] = [{ name: "programs in the kernel: bpf", script: call(321, "0, $a, 72", '$a = pack("LLLL", 2, 4, 4, 1) . "\\0" x 56;') }];

/** What remains, because an engine mounts file systems: those of the kernel can be mounted anew, and are the machine's. */
export const REMAIN: readonly HostAttack[] = [
  { name: "write core_pattern by a new mount of proc", script: mounted("proc", rewrite("$m/sys/kernel/core_pattern")) },
  { name: "write the machine's memory settings by a new mount of proc", script: mounted("proc", rewrite("$m/sys/vm/swappiness")) },
  {
    name: "write core_pattern by making its mount writable",
    script: `mount --bind /proc/sys/kernel /proc/sys/kernel && mount -o remount,bind,rw /proc/sys/kernel && ( ${rewrite("/proc/sys/kernel/core_pattern")} ); r=$?; umount /proc/sys/kernel; exit $r`,
  },
  { name: "write a parameter of the kernel by a new mount of sysfs", script: mounted("sysfs", `mount -o remount,rw $m && ${openForWriting("$m/kernel/profiling")}`) },
  { name: "look into debugfs", script: mounted("debugfs", "ls $m | grep -q .") },
];

/** Mounts one of the kernel's file systems at $m for a moment. */
function mounted(type: string, script: string): string {
  return `m=/root/m; mkdir -p $m && mount -t ${type} ${type} $m && ( ${script} ); r=$?; umount $m; exit $r`;
}
