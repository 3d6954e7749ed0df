import { existsSync } from "node:fs";
import { hostSeccomp } from "./hostSeccomp";

/** Generation of control groups on the machine that runs the laboratory. */
export type CgroupVersion = 1 | 2;

/** Which generation of control groups this machine uses: the unified hierarchy has this file at its root (cgroups(7)). */
export function detectCgroup(): CgroupVersion {
  return existsSync("/sys/fs/cgroup/cgroup.controllers") ? 2 : 1;
}

/** Run options of a lab host, in the shape of the `@pulumi/docker` Container's arguments. */
export interface HostContainerOptions {
  readonly capabilities: { readonly adds: string[]; readonly drops: string[] };
  readonly securityOpts: string[];
  readonly cgroupnsMode: string;
  readonly tmpfs: Record<string, string>;
  readonly command: string[];
  readonly stopSignal: string;
}

/**
 * What root of a lab host may do beyond an ordinary user, as the engine reports the names. The first four lines are what an engine gives its own
 * containers and what makes them: mounts and name spaces (SYS_ADMIN), networks, a look into processes of other users (SYS_PTRACE, for
 * health checks of containers without root), priorities and locked memory, which databases ask for. SYS_BOOT lets a host stop itself.
 * Not among them: the machine's modules, clock, ports, log, files by handle, limits (SYS_RESOURCE, which many CI runners do not have).
 */
const CAPABILITIES = `
  CAP_AUDIT_WRITE CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_FSETID CAP_KILL CAP_MKNOD CAP_NET_BIND_SERVICE
  CAP_NET_RAW CAP_SETFCAP CAP_SETGID CAP_SETPCAP CAP_SETUID CAP_SYS_CHROOT
  CAP_SYS_ADMIN CAP_NET_ADMIN CAP_SYS_PTRACE
  CAP_SYS_NICE CAP_IPC_LOCK
  CAP_SYS_BOOT`;

/** Where the engine inside a lab host keeps images, volumes and Swarm state. It needs a volume: overlay2 does not stack on overlay2. */
export const HOST_DATA_PATH = "/var/lib/docker";
/** Where a lab host's own key and the keys that may log in as root are uploaded before its first start. */
export const HOST_KEY_PATH = "/etc/ssh/ssh_host_ed25519_key";
export const AUTHORIZED_KEYS_PATH = "/root/.ssh/authorized_keys";

/**
 * How a container has to be run so that systemd and a Docker Engine work in it, and with no more than that. It is a fence, not a
 * wall: an engine mounts file systems, and who may do that can mount the machine's kernel parameters, too (README, "Try it").
 * Missing from it on purpose, because each host has its own: name, hostname, network address, the volume at {@link HOST_DATA_PATH}
 * and the uploads ({@link hostUploads}).
 */
export function hostContainerOptions(cgroup: CgroupVersion): HostContainerOptions {
  return {
    capabilities: { adds: CAPABILITIES.trim().split(/\s+/).sort(), drops: ["ALL"] },
    // AppArmor's profile for containers forbids every mount.
    securityOpts: [`seccomp=${hostSeccomp(cgroup)}`, "apparmor=unconfined"],
    // Of the machine's control groups a host sees its own: lab-init mounts them.
    cgroupnsMode: "private",
    tmpfs: { "/run": "", "/run/lock": "", "/tmp": "" },
    // systemd 257 starts on cgroup v1 only when told so twice.
    command: ["/sbin/lab-init", ...(cgroup === 1 ? ["systemd.unified_cgroup_hierarchy=0", "SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1"] : [])],
    // What systemd takes as "power off" (systemd(1), SIGNALS).
    stopSignal: "SIGRTMIN+3",
  };
}

/** A file that is put into the container before its first start. */
export interface HostUpload<Text> {
  readonly file: string;
  readonly content: Text;
  readonly permissions: string;
}

/**
 * The files that give a lab host its SSH identity.
 * @param hostKey private ed25519 key, in OpenSSH or PKCS #8 PEM form (sshd of Debian 13 reads both)
 * @param authorizedKeys content of root's authorized_keys
 */
export function hostUploads<Text>(hostKey: Text, authorizedKeys: Text): HostUpload<Text>[] {
  return [
    { file: HOST_KEY_PATH, content: hostKey, permissions: "0600" },
    { file: AUTHORIZED_KEYS_PATH, content: authorizedKeys, permissions: "0600" },
  ];
}
