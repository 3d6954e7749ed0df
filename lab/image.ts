import { createReadStream, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { cacheDirectory } from "../toolchain/cache";
import { withLock } from "../toolchain/lock";
import { capture, succeed } from "../toolchain/process";
import type { Obstacle, SetupStep } from "../toolchain/step";
import { debianMirror, recipeHash } from "./hostRecipe";
import { readRecipe } from "./recipeFiles";

/** Name of the image that lab hosts run. */
export const LAB_HOST_IMAGE = "dockyard/lab-host";
const RECIPE = join(__dirname, "host");
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** The image of a lab host in the engine of this machine, built from Debian packages: no image registry takes part. */
export const hostImage: SetupStep = {
  title: "image of the lab hosts (Debian 13)",
  estimate: "about 1 minute",
  satisfied: async () => (await loadedRecipe()) === wantedRecipe(),
  async obstacles(): Promise<Obstacle[]> {
    return existsSync(archivePath()) ? [] : buildObstacles();
  },
  async run(report): Promise<void> {
    if (!existsSync(archivePath())) await build(report);
    report("import into the engine");
    await load();
  },
};

function wantedRecipe(): string {
  return recipeHash(readRecipe(RECIPE), [process.arch]);
}

function archivePath(): string {
  return join(cacheDirectory(), "lab-host", `${wantedRecipe()}.tar`);
}

async function loadedRecipe(): Promise<string | undefined> {
  try {
    return (await new Docker().getImage(LAB_HOST_IMAGE).inspect()).Config?.Labels?.["dockyard.recipe"];
  } catch {
    return undefined;
  }
}

async function buildObstacles(): Promise<Obstacle[]> {
  const obstacles: Obstacle[] = [];
  if (process.getuid?.() !== 0) obstacles.push({ reason: "a Debian root file system can be built only by root", fix: "sudo ./dockyard up" });
  if (machineMirror() === undefined) {
    obstacles.push({
      reason: "the image is built from Debian packages, and this machine's apt sources name no Debian mirror for its own release",
      fix: "use a Debian machine, or docker build an image with the packages of lab/host/packages and the files of lab/host/rootfs",
    });
  }
  return obstacles;
}

async function build(report: (line: string) => void): Promise<void> {
  const mirror = machineMirror();
  if (mirror === undefined) throw new Error("apt's sources name no Debian mirror for this machine's own release: add one to /etc/apt/sources.list");
  await installDebootstrap(report);
  const archive = archivePath();
  const waiting = ({ pid }: { pid: number }) => report(`waiting for another build (process ${pid})`);
  await withLock(`${archive}.lock`, waiting, async () => {
    if (!existsSync(archive)) await buildArchive(mirror, archive, report);
  });
}

async function buildArchive(mirror: string, archive: string, report: (line: string) => void): Promise<void> {
  // A mount namespace of its own: debootstrap's mounts end with it, however it ends.
  await succeed("unshare", ["--mount", "--fork", "--kill-child", "--", "sh", join(RECIPE, "build.sh"), mirror, archive], {
    env: { ...process.env, ...(await aptProxy()) },
    onLine: (line) => report(line.replace(/^I: /, "")),
  });
}

async function installDebootstrap(report: (line: string) => void): Promise<void> {
  if ((await capture("debootstrap", ["--version"])).code === 0 && existsSync(KEYRING)) return;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args: string[]) => succeed("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=120", ...args], { env, onLine: report });
  const install = () => apt("install", "-y", "--no-install-recommends", "debootstrap", "debian-archive-keyring");
  // Package lists may be missing or old; most machines have good ones, and an update takes longer than the installation.
  await install().catch(async () => {
    await apt("update").catch(() => undefined);
    await install();
  });
}

/** apt's proxy, when it has one: debootstrap does not read apt's configuration. */
async function aptProxy(): Promise<NodeJS.ProcessEnv> {
  const found = /^PROXY='(.+)'$/m.exec((await capture("apt-config", ["shell", "PROXY", "Acquire::http::Proxy"])).stdout);
  return found?.[1] && found[1] !== "DIRECT" ? { http_proxy: found[1] } : {};
}

async function load(): Promise<void> {
  const docker = new Docker();
  const stream = await docker.importImage(createReadStream(archivePath()) as unknown as string, {
    repo: LAB_HOST_IMAGE,
    tag: "latest",
    changes: `LABEL dockyard.image=lab-host dockyard.recipe=${wantedRecipe()}`,
  });
  await new Promise<void>((resolve, reject) => docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve())));
  if ((await loadedRecipe()) !== wantedRecipe()) {
    throw new Error(`The engine did not keep the image ${LAB_HOST_IMAGE} that was imported into it: see the engine's log.`);
  }
  // What the name meant before; the engine keeps it where a host still runs on it.
  await docker.pruneImages({ filters: { dangling: ["true"], label: ["dockyard.image=lab-host"] } });
}

function machineMirror(): string | undefined {
  const list = "/etc/apt/sources.list.d";
  const read = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "");
  const files = existsSync(list) ? readdirSync(list).filter((name) => /\.(list|sources)$/.test(name)) : [];
  const codename = /^VERSION_CODENAME=(.*)$/m.exec(read("/etc/os-release"))?.[1] ?? "";
  return debianMirror([read("/etc/apt/sources.list"), ...files.map((name) => read(join(list, name)))], codename);
}
