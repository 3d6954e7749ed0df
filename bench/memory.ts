import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Parts of a run, each a process of its own, with the most memory that it held, in bytes. */
export type Peaks = Readonly<Record<Part, number>>;
export type Part = "program" | "provider" | "engine";

/** Milliseconds between two looks. The kernel keeps the peak, so only a process that ends in between escapes with its last growth. */
const INTERVAL = 200;

/** Watches a run of the CLI, and everything that it starts, until `stop`. */
export function watchMemory(cli: number): { stop(): Peaks } {
  const peaks: Record<Part, number> = { program: 0, provider: 0, engine: 0 };
  const look = () => {
    for (const pid of descendants(cli)) {
      const part = partOf(read(`/proc/${pid}/cmdline`).split("\0"));
      if (part) peaks[part] = Math.max(peaks[part], peakOf(read(`/proc/${pid}/status`)));
    }
  };
  look();
  const timer = setInterval(look, INTERVAL);
  return {
    stop: () => {
      clearInterval(timer);
      return peaks;
    },
  };
}

/** What a process of a run is, by its command line; undefined for those that only pass something on. */
export function partOf(command: readonly string[]): Part | undefined {
  const program = command[0]?.split("/").at(-1);
  if (program === "pulumi") return "engine";
  if (program !== "node") return undefined;
  if (command.some((argument) => /\/provider\/main\.ts$/.test(argument))) return "provider";
  return command.some((argument) => /\/@pulumi\/pulumi\/cmd\/run\b/.test(argument)) ? "program" : undefined;
}

/** Peak of resident memory in bytes from the text of /proc/PID/status; 0 where there is none. */
export function peakOf(status: string): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/**
 * Memory that the processes of a container hold, in bytes, without the page cache: what the machine would get back.
 * @param pid of the container's first process
 * @param id of the container: everything below its control group counts, also what systemd and the engine in it made
 * @throws Error where the control group has no memory accounting
 */
export function containerMemory(pid: number, id: string): number {
  const folder = memoryGroup(read(`/proc/${pid}/cgroup`), id);
  const file = folder && ["/sys/fs/cgroup/memory", "/sys/fs/cgroup"].map((root) => `${root}${folder}/memory.stat`).find((path) => existsSync(path));
  const bytes = file && residentOf(readFileSync(file, "utf8"));
  if (!bytes) throw new Error(`container ${id.slice(0, 12)}: this machine keeps no account of its memory (control group ${folder ?? "unknown"})`);
  return bytes;
}

/** The container's own group from the text of /proc/PID/cgroup, generation 1 or 2, however deep the process sits in it. */
export function memoryGroup(text: string, id: string): string | undefined {
  const paths = text.split("\n").flatMap((line) => /^\d+:(?:(?:.*,)?memory(?:,.*)?)?:(\/.*)$/.exec(line)?.[1] ?? []);
  const segments = paths.find((each) => each.includes(id))?.split("/");
  return segments?.slice(0, segments.findIndex((segment) => segment.includes(id)) + 1).join("/");
}

function residentOf(stat: string): number {
  return Number(/^(?:total_rss|anon) (\d+)$/m.exec(stat)?.[1] ?? 0);
}

function descendants(pid: number): number[] {
  const children = list(`/proc/${pid}/task`).flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean).map(Number));
  return [pid, ...children.flatMap(descendants)];
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // the process is gone
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
