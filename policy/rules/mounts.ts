import { posix } from "node:path";
import type { ServiceInputs, ServiceMount } from "../../provider/swarm/service/inputs";
import { isAllowed, JOB, perService, type ResourceRule, SERVICE } from "./rule";

export const noSensitiveMounts: ResourceRule<Pick<ServiceInputs, "name" | "mounts">> = {
  name: "no-sensitive-mounts",
  description: "No socket of the engine and no folder of the host's own is mounted: whoever gets into such a container has the host, and a manager's socket is the whole Swarm (CIS Docker Benchmark 5.6 and 5.32).",
  level: "mandatory",
  types: [SERVICE, JOB],
  allow: perService("/path/on/the/host"),
  *check({ name, mounts = [] }, allowed) {
    for (const [place, mount] of mounts.entries()) {
      const path = hostPath(mount);
      if (path === undefined || isAllowed(allowed, name, path)) continue;
      const problem = pathProblem(path, mount.readOnly === true);
      if (problem !== undefined) yield `mounts[${place}]: ${path} ${problem}`;
    }
  },
};

/** The folder or file of the host that a mount shows; a volume of the local driver can be one in disguise. */
function hostPath({ type, source, volumeDriver = "local", volumeDriverOptions: options }: ServiceMount): string | undefined {
  if (type === "bind") return source === undefined ? undefined : plain(source);
  if (type !== "volume" || volumeDriver !== "local") return undefined;
  const binds = (options?.["o"] ?? "").split(",").some((option) => option === "bind" || option === "rbind");
  return binds && options?.["device"] ? plain(options["device"]) : undefined;
}

/** Without "..", doubled slashes and one at the end. */
function plain(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/$/, "");
}

const SOCKETS = ["/run/docker.sock", "/var/run/docker.sock", "/run/containerd/containerd.sock", "/var/run/containerd/containerd.sock"];

/** The host's own: CIS Docker Benchmark 5.6, and where the engine keeps what it runs. */
const TREES = ["/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/root", "/run", "/sbin", "/sys", "/usr", "/var/lib/containerd", "/var/lib/docker", "/var/run", "/var/spool/cron"];

/** What containers commonly show of the host to tell the local time; nothing in it is worth protecting. */
const HARMLESS_TO_READ = ["/etc/localtime", "/etc/timezone", "/usr/share/zoneinfo"];

function pathProblem(path: string, readOnly: boolean): string | undefined {
  if (SOCKETS.some((socket) => within(socket, path))) {
    return "gives the container the engine's socket, and so the host, read-only or not; do without it, or make an exception for this one service";
  }
  if (readOnly && HARMLESS_TO_READ.includes(path)) return undefined;
  const tree = TREES.find((each) => within(path, each) || within(each, path));
  if (tree === undefined) return undefined;
  const what = tree === path ? "is the host's own" : within(path, tree) ? `is in the host's ${tree}` : `contains the host's ${tree}`;
  return `${what}; mount a volume, or a folder of the application's own such as /srv/<application>`;
}

/** Whether a path is a folder or something below it. */
function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}
