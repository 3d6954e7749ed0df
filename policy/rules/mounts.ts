import { posix } from "node:path";
import type { ServiceInputs, ServiceMount } from "../../provider/swarm/service/inputs";
import { isAllowed, JOB, perService, type ResourceRule, SERVICE } from "./rule";
import { isBind } from "./volumes";

export const noSensitiveMounts: ResourceRule<Pick<ServiceInputs, "name" | "mounts">> = {
  name: "no-sensitive-mounts",
  description: "Of the hosts' folders only those for the data of applications are mounted, never the engine's socket or what is the host's own: whoever gets into such a container has the host, and a manager's socket is the whole Swarm (CIS Docker Benchmark 5.6 and 5.32).",
  level: "mandatory",
  types: [SERVICE, JOB],
  allow: perService('a path on the host ("/dev/snd"), or all below a folder ("/var/lib/shop/*")'),
  *check({ name, mounts = [] }, allowed) {
    for (const [place, mount] of mounts.entries()) {
      const path = hostPath(mount);
      if (path === undefined || isAllowed(allowed, name, path) || foldersAbove(path).some((folder) => isAllowed(allowed, name, `${folder}/*`))) continue;
      const problem = pathProblem(path, mount);
      if (problem !== undefined) yield `mounts[${place}]: ${path} ${problem}`;
    }
  },
};

/** The folder or file of the host that a mount shows; a volume of the local driver can be one in disguise. */
function hostPath(mount: ServiceMount): string | undefined {
  if (mount.type === "bind") return plain(mount.source ?? "");
  return isBind(mount) ? plain(mount.volumeDriverOptions?.["device"] ?? "") : undefined;
}

/** Without "..", doubled slashes and one at the end. Links on the host are not seen. */
function plain(path: string): string {
  return posix.normalize(path).replace(/^\/\//, "/").replace(/(?<=.)\/$/, "");
}

/** "/a" and "/a/b" of "/a/b/c"; none of what holds a socket, which has to be allowed by its own name. */
function foldersAbove(path: string): string[] {
  if (SOCKETS.some((socket) => within(socket, path))) return [];
  const parts = path.split("/");
  return parts.slice(2).map((_, index) => parts.slice(0, index + 2).join("/"));
}

/** Folders for the data of applications. Not /opt, where programs are that hosts run as root; not /var/lib and /home, which have owners. */
const FOLDERS = ["/data", "/mnt", "/srv"];
/** What containers commonly show of the host to tell the local time; nothing in it is worth protecting. */
const HARMLESS_TO_READ = ["/etc/localtime", "/etc/timezone", "/usr/share/zoneinfo"];
/** Mounts made in the container stay there, and those that the host makes later do not come in. */
const PROPAGATIONS = [undefined, "private", "rprivate"];

const SOCKETS = ["/run/docker.sock", "/var/run/docker.sock", "/run/containerd/containerd.sock", "/var/run/containerd/containerd.sock"];

/** The host's own: CIS Docker Benchmark 5.6, and where the engine keeps what it runs. Only tells better why; whatever is not allowed is refused. */
const TREES = ["/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/opt", "/proc", "/root", "/run", "/sbin", "/sys", "/usr", "/var"];

function pathProblem(path: string, { readOnly, propagation }: ServiceMount): string | undefined {
  if (SOCKETS.some((socket) => within(socket, path))) {
    return "gives the container the engine's socket, and so the host, read-only or not; do without it, or make an exception for this one service";
  }
  if (!PROPAGATIONS.includes(propagation)) return `shares what is mounted below it with the host (propagation: ${propagation}); write rprivate, or leave it out`;
  if (FOLDERS.some((folder) => within(path, folder)) || (readOnly === true && HARMLESS_TO_READ.includes(path))) return undefined;
  const tree = TREES.find((each) => within(path, each) || within(each, path));
  const what = tree === undefined ? "is no folder for applications" : tree === path ? "is the host's own" : within(path, tree) ? `is in the host's ${tree}` : `contains the host's ${tree}`;
  return `${what}; mount a volume, or a folder in ${FOLDERS.join(", ")}, or make an exception for this one service`;
}

/** Whether a path is a folder or something below it. */
function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}
