/** Processor architectures, as EC2 names them. */
export type Architecture = "arm64" | "x86_64";

/** "m7g.large": family, generation, attributes ("g" for Graviton among them) and size. */
const TYPE = /^([a-z]+)(\d+)([a-z]*(?:-[a-z0-9]+)*)\.([a-z0-9-]+)$/;

/** Families before the Nitro system: no encryption between instances, no stable names of volumes. */
const BEFORE_NITRO = ["a1", "c1", "c3", "c4", "d2", "f1", "g2", "g3", "g3s", "h1", "i2", "i3", "m1", "m2", "m3", "m4", "p2", "p3", "r3", "r4", "t1", "t2", "x1", "x1e"];

/** The architecture that a type runs, read from its name; undefined when it is no name of a type. */
export function architectureOf(type: string): Architecture | undefined {
  const match = TYPE.exec(type);
  return match === null ? undefined : match[3]!.includes("g") ? "arm64" : "x86_64";
}

/** Why hosts cannot be of this type, whatever their image; undefined when they can. Fit to follow `found "…", `. */
export function typeProblem(type: string): string | undefined {
  const family = type.split(".")[0]!;
  if (architectureOf(type) === undefined) return "which is no instance type";
  if (BEFORE_NITRO.includes(family)) return "which is of before the Nitro system";
  if (family.startsWith("mac")) return "which runs macOS";
  return undefined;
}
