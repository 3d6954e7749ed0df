import type { ServiceInputs, ServiceMount } from "../../provider/swarm/service/inputs";
import { isAllowed, JOB, perService, type ResourceRule, SERVICE } from "./rule";

export const volumeOptions: ResourceRule<Pick<ServiceInputs, "name" | "mounts">> = {
  name: "volume-options",
  description: "Volumes are of the local driver, in its own folder, in memory or on NFS, with options that are known: its options are those of mount(8) as root, by which a volume can be any disk, any file system of the kernel and any folder of the host.",
  level: "mandatory",
  types: [SERVICE, JOB],
  allow: perService('a driver ("rexray"), a type of file system ("cifs") or one option ("nfs/fsc")'),
  *check({ name, mounts = [] }, allowed) {
    for (const [place, mount] of mounts.entries()) {
      if (mount.type !== "volume") continue;
      for (const { thing, problem } of problemsOf(mount)) {
        const type = thing.split("/")[0]!;
        if (!isAllowed(allowed, name, thing) && !isAllowed(allowed, name, type)) yield `mounts[${place}].${problem}`;
      }
    }
  },
};

/** Whether a volume is a folder of the host in disguise, which then is judged as one: mount(8) looks at no type where it binds. */
export function isBind({ type, volumeDriver = "local", volumeDriverOptions: options }: ServiceMount): boolean {
  return type === "volume" && volumeDriver === "local" && flags(options?.["o"]).some((flag) => flag === "bind" || flag === "rbind");
}

/** What a type's options (`o`) and `device` may be; a value where it has one. */
interface FileSystem {
  readonly device: RegExp;
  readonly options: Readonly<Record<string, RegExp>>;
}

const NUMBER = /^\d{1,10}$/;
/** An option that has no value. */
const FLAG = /^$/;
const FLAGS = Object.fromEntries(["ro", "rw", "noexec", "nosuid", "nodev", "noatime", "nodiratime", "relatime", "sync", "async"].map((name) => [name, FLAG]));

const NFS: FileSystem = {
  device: /^[\w.:[\]-]*:\/[^\s,]*$/,
  options: {
    ...FLAGS,
    ...Object.fromEntries(["hard", "soft", "softerr", "intr", "nointr", "tcp", "udp", "lock", "nolock", "ac", "noac", "acl", "noacl", "cto", "nocto", "resvport", "noresvport", "rdirplus", "nordirplus", "sharecache", "nosharecache", "bg", "fg"].map((name) => [name, FLAG])),
    ...Object.fromEntries(["timeo", "retrans", "rsize", "wsize", "port", "mountport", "nconnect", "retry", "actimeo", "acregmin", "acregmax", "acdirmin", "acdirmax", "namlen"].map((name) => [name, NUMBER])),
    addr: /^[\w.:-]{1,253}$/,
    nfsvers: /^[34](?:\.[0-2])?$/,
    vers: /^[34](?:\.[0-2])?$/,
    minorversion: /^[0-2]$/,
    proto: /^(?:tcp|udp|rdma|tcp6|udp6)$/,
    mountproto: /^(?:tcp|udp|tcp6|udp6)$/,
    sec: /^(?:sys|krb5|krb5i|krb5p)$/,
    lookupcache: /^(?:all|none|pos|positive)$/,
    local_lock: /^(?:all|flock|posix|none)$/,
  },
};
const TYPES: Readonly<Record<string, FileSystem>> = {
  nfs: NFS,
  nfs4: NFS,
  tmpfs: { device: /^(?:tmpfs|none)?$/, options: { ...FLAGS, size: /^\d{1,15}[kmg%]?$/i, mode: /^[0-7]{3,4}$/, uid: NUMBER, gid: NUMBER, nr_inodes: /^\d{1,10}[kmg]?$/i } },
};
/** What may stand beside `bind`; its folder is the business of the rule on mounts. */
const BIND: FileSystem = { device: /^/, options: { ...FLAGS, bind: FLAG, rbind: FLAG, private: FLAG, rprivate: FLAG } };

function* problemsOf(mount: ServiceMount): Iterable<{ readonly thing: string; readonly problem: string }> {
  const { source, volumeDriver: driver = "local", volumeDriverOptions: options = {} } = mount;
  if (source !== undefined && !/^[A-Za-z0-9][\w.-]*$/.test(source)) yield { thing: `source/${source}`, problem: `source: ${JSON.stringify(source)} is no name of a volume; write letters, digits, "_", "." and "-"` };
  if (driver !== "local") return yield { thing: driver, problem: `volumeDriver: ${JSON.stringify(driver)} is a plugin, which runs as root on every host; write "local", or allow the driver` };
  for (const key of Object.keys(options)) {
    if (!["type", "o", "device", "size"].includes(key)) yield { thing: `local/${key}`, problem: `volumeDriverOptions: ${JSON.stringify(key)} is not known; write type, o, device or size` };
  }
  const { type, o, device } = options;
  if (type === undefined && o === undefined && device === undefined) return;
  const bind = isBind(mount);
  const known = bind ? (["none", "bind", "", undefined].includes(type) ? BIND : undefined) : type !== undefined && Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (known === undefined) return yield { thing: type ?? "none", problem: `volumeDriverOptions.type: ${type === undefined ? "there is none" : `${JSON.stringify(type)} is not allowed`}; write ${Object.keys(TYPES).join(", ")}, or leave all options out` };
  const kind = bind ? "bind" : type!;
  if (!known.device.test(device ?? "")) yield { thing: `${kind}/device`, problem: `volumeDriverOptions.device: it is none of type ${kind}; write ${type === "tmpfs" ? '"tmpfs"' : '":/exported/folder"'}` };
  for (const flag of flags(o)) {
    const [, key, value] = /^([^=]*)=?(.*)$/s.exec(flag)!;
    // The value may be a password, so it is not said.
    if (!Object.hasOwn(known.options, key!) || !known.options[key!]!.test(value!)) yield { thing: `${kind}/${key}`, problem: `volumeDriverOptions.o: ${JSON.stringify(key)} is not allowed so for type ${kind}; docs/policy.md has what is` };
  }
}

/** Empty parts mean nothing to mount(8). */
function flags(o: string | undefined): string[] {
  return (o ?? "").split(",").filter((flag) => flag !== "");
}
