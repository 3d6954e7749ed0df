import { existsSync } from "node:fs";

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
  readonly volumes: { readonly containerPath: string; readonly hostPath: string }[];
  readonly command: string[];
  readonly stopSignal: string;
}

/** Where the engine inside a lab host keeps images, volumes and Swarm state. It needs a volume: overlay2 does not stack on overlay2. */
export const HOST_DATA_PATH = "/var/lib/docker";
/** Where a lab host's own key and the keys that may log in as root are uploaded before its first start. */
export const HOST_KEY_PATH = "/etc/ssh/ssh_host_ed25519_key";
export const AUTHORIZED_KEYS_PATH = "/root/.ssh/authorized_keys";

/**
 * How a container has to be run so that systemd and a Docker Engine work in it. Not `privileged`: that fails where
 * CAP_SYS_RESOURCE is outside the bounding set (many CI runners). Missing from it on purpose, because each host has its
 * own: name, hostname, network address, the volume at {@link HOST_DATA_PATH} and the uploads ({@link hostUploads}).
 */
export function hostContainerOptions(cgroup: CgroupVersion): HostContainerOptions {
  return {
    // Names as the engine reports them, so that reading them back is no difference.
    capabilities: { adds: ["ALL"], drops: ["CAP_SYS_RESOURCE"] },
    securityOpts: ["seccomp=unconfined", "apparmor=unconfined"],
    cgroupnsMode: "host",
    tmpfs: { "/run": "", "/run/lock": "", "/tmp": "" },
    volumes: [{ containerPath: "/sys/fs/cgroup", hostPath: "/sys/fs/cgroup" }],
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
