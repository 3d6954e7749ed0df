import type { Mount } from "../model";
import { unknownName } from "../settings/values";
import type { Context } from "./context";
import type { ComposeMount, ComposeService, ComposeVolumes } from "./schema";

/** The mounts of a service: its volumes, then its tmpfs. */
export function mountsOf(key: string, service: ComposeService, definitions: ComposeVolumes, context: Context): Mount[] {
  const mounted = (which: "volumes" | "tmpfs") =>
    (service[which] ?? []).flatMap((item, index) => mountOf(["services", key, which, index], item, definitions ?? {}, context) ?? []);
  return [...mounted("volumes"), ...mounted("tmpfs")];
}

function mountOf(path: readonly PropertyKey[], item: ComposeMount, definitions: NonNullable<ComposeVolumes>, context: Context): Mount | undefined {
  const { type, source, target, read_only, bind, volume, tmpfs } = item;
  const foreign = foreignOptions(item);
  if (foreign.length > 0) context.problem(path, `remove ${foreign.join(", ")}, which a mount of type ${type} does not have`);
  const mount = { type, target, ...(read_only !== undefined && { readOnly: read_only }) };
  if (type === "tmpfs") return { ...mount, ...(tmpfs?.size !== undefined && { tmpfsSize: tmpfs.size }), ...(tmpfs?.mode !== undefined && { tmpfsMode: tmpfs.mode }) };
  if (type === "bind") {
    if (source === undefined) context.problem(path, "write the path on the hosts as source");
    return { ...mount, source: source ?? "", ...(bind?.propagation !== undefined && { propagation: bind.propagation }) };
  }
  const copied = { ...mount, ...(volume?.nocopy !== undefined && { noCopy: volume.nocopy }) };
  if (source === undefined || source === "") return { ...copied, ...(volume?.labels !== undefined && { volumeLabels: volume.labels }) };
  if (!Object.hasOwn(definitions, source)) {
    context.problem(path, `${unknownName("volume", source, Object.keys(definitions))}; a new one is defined under volumes: { ${JSON.stringify(source)}: {} }`);
    return undefined;
  }
  return { ...copied, ...namedVolume(source, definitions[source], volume?.labels) };
}

/** Which of the type's own blocks are written for another type. */
function foreignOptions({ type, source, bind, volume, tmpfs }: ComposeMount): string[] {
  const given = { ...(type !== "bind" && { bind }), ...(type !== "volume" && { volume }), ...(type !== "tmpfs" ? { tmpfs } : { source: source || undefined }) };
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}

function namedVolume(key: string, definition: NonNullable<ComposeVolumes>[string], ownLabels: Record<string, string> | undefined): Partial<Mount> {
  const { name, external, driver, driver_opts, labels } = definition ?? {};
  if (external) return { source: (typeof external === "object" ? external.name : undefined) ?? name ?? key, external: true };
  const volumeLabels = { ...labels, ...ownLabels };
  return {
    source: key,
    ...(name !== undefined && { volumeName: name }),
    ...(Object.keys(volumeLabels).length > 0 && { volumeLabels }),
    ...(driver !== undefined && { driver }),
    ...(driver_opts !== undefined && { driverOptions: driver_opts }),
  };
}
