import type { Block } from "./tree";

const PROPAGATIONS = ["private", "rprivate", "shared", "rshared", "slave", "rslave"];
const CONSISTENCIES = ["consistent", "cached", "delegated"];

/**
 * The long form of a volume's short one: "/anonymous", "name:/path[:options]", "/host:/path", "./beside:/path",
 * "~/home:/path". Undefined when `text` is none of these.
 */
export function longVolume(text: string): Block | undefined {
  const parts = text.split(":");
  if (parts.length > 3 || parts.some((part) => part === "")) return undefined;
  if (parts.length === 1) return { type: "volume", target: text };
  const [source, target, options = ""] = parts as [string, string, string?];
  const bind = /^[./~]/.test(source);
  const volume = options.split(",").filter((option) => option !== "").reduce<Block | undefined>(withOption, { type: bind ? "bind" : "volume", source, target });
  return volume;
}

function withOption(volume: Block | undefined, option: string): Block | undefined {
  if (volume === undefined) return undefined;
  if (option === "ro") return { ...volume, read_only: true };
  if (option === "rw") return volume;
  if (option === "nocopy") return { ...volume, volume: { nocopy: true } };
  if (option === "z" || option === "Z") return { ...volume, bind: { ...(volume["bind"] as Block | undefined), selinux: option } };
  if (PROPAGATIONS.includes(option)) return { ...volume, bind: { ...(volume["bind"] as Block | undefined), propagation: option } };
  return CONSISTENCIES.includes(option) ? { ...volume, consistency: option } : undefined;
}

/** "/run:size=64m,mode=1777" of a service's `tmpfs`, as a volume's long form. Undefined for options that are not known. */
export function longTmpfs(text: string): Block | undefined {
  const [target, options = "", ...rest] = text.split(":");
  if (rest.length > 0) return undefined;
  const tmpfs: Record<string, unknown> = {};
  for (const option of options.split(",").filter((item) => item !== "")) {
    const [name, value] = option.split("=") as [string, string?];
    // Every tmpfs has these anyway.
    if (["rw", "noexec", "nosuid", "nodev"].includes(name)) continue;
    if ((name !== "size" && name !== "mode") || value === undefined) return undefined;
    tmpfs[name] = name === "mode" ? Number.parseInt(value, 8) : value;
  }
  return { type: "tmpfs", target, ...(Object.keys(tmpfs).length > 0 && { tmpfs }) };
}
