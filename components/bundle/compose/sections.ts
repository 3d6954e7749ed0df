import { join } from "node:path";
import type { ContentSource, FileSource, Network, StoredFile } from "../model";
import { sourceAdvice } from "../reservedVariables";
import { unknownName } from "../settings/values";
import type { Context } from "./context";
import type { Folders } from "./files";
import type { ComposeFileData } from "./schema";

/** The networks that some service is on, and no others; `default` needs no definition. */
export function networksOf(file: ComposeFileData, used: ReadonlyMap<string, readonly PropertyKey[]>, context: Context): Network[] {
  const definitions = file.networks ?? {};
  return [...used].map(([key, path]) => {
    if (key !== "default" && !Object.hasOwn(definitions, key)) {
      context.problem(path, `${unknownName("network", key, Object.keys(definitions))}; a new one is defined under networks: { ${JSON.stringify(key)}: {} }`);
    }
    return networkOf(key, Object.hasOwn(definitions, key) ? definitions[key] : undefined, context);
  });
}

const ENCRYPTED = "encrypted";
const MTU = "com.docker.network.driver.mtu";

function networkOf(key: string, definition: NonNullable<ComposeFileData["networks"]>[string] = {} as never, context: Context): Network {
  const { name, external, attachable, internal, labels, driver_opts = {}, ipam } = definition;
  if (external) return { key, kind: "external", network: (typeof external === "object" ? external.name : undefined) ?? name ?? key };
  const path = ["networks", key];
  for (const option of Object.keys(driver_opts).filter((option) => option !== ENCRYPTED && option !== MTU)) {
    context.problem([...path, "driver_opts", option], `remove it; an overlay takes ${ENCRYPTED} and ${MTU}`);
  }
  const mtu = driver_opts[MTU];
  if (mtu !== undefined && !/^\d+$/.test(mtu ?? "")) context.problem([...path, "driver_opts", MTU], "write a number of bytes");
  const subnets = (ipam?.config ?? []).flatMap(({ subnet }) => subnet ?? []);
  const v4 = subnets.filter((subnet) => /^\d+(\.\d+){3}\/\d+$/.test(subnet));
  if (v4.length !== subnets.length || v4.length > 1) context.problem([...path, "ipam", "config"], 'write one IPv4 subnet such as "10.20.0.0/24"');
  return {
    key,
    kind: "own",
    ...(name !== undefined && { name }),
    ...(attachable !== undefined && { attachable }),
    // The engine takes the mere presence of the option for yes, unless it says "false".
    ...(driver_opts[ENCRYPTED] !== undefined && { encrypted: driver_opts[ENCRYPTED] !== "false" }),
    ...(internal !== undefined && { internal }),
    ...(v4[0] !== undefined && { subnet: v4[0] }),
    ...(labels !== undefined && { labels }),
    ...(mtu && { mtu: Number(mtu) }),
  };
}

/** Every secret or config that is defined; the plan takes those that are used. */
export function storedFilesOf(kind: "secrets" | "configs", file: ComposeFileData, context: Context): StoredFile[] {
  return Object.entries(file[kind] ?? {}).flatMap(([key, definition]) => {
    const source = sourceOf(kind, key, definition ?? ({} as never), context);
    const { name, labels } = definition ?? {};
    const own = source?.kind !== "external";
    return source === undefined ? [] : [{ key, source, ...(own && name !== undefined && { name }), ...(labels !== undefined && { labels }) }];
  });
}

type Definition = NonNullable<NonNullable<ComposeFileData["configs"]>[string]>;

function sourceOf(kind: "secrets" | "configs", key: string, definition: Partial<Definition>, { folder, folders, variables, problem }: Context): FileSource | undefined {
  const { external, name, file, environment, content } = definition;
  const sources: FileSource[] = [
    ...(external ? [{ kind: "external" as const, name: (typeof external === "object" ? external.name : undefined) ?? name ?? key }] : []),
    ...(file !== undefined ? [fileSource(file.startsWith("/") ? file : join(folder, file), folders)] : []),
    ...(environment !== undefined ? [variables.sourceOf(environment)] : []),
    ...(content !== undefined ? [{ kind: "inline" as const, content }] : []),
  ];
  if (kind === "secrets" && environment !== undefined && sources[0]?.kind === "inline") {
    problem([kind, key], `the settings hold the value of ${environment} itself; a secret is not written down: ${sourceAdvice(kind, key, environment)}, and set it for the command`);
  }
  if (sources.length === 1) return sources[0];
  const choice = kind === "secrets" ? "file, environment or external: true" : "file, environment, content or external: true";
  problem([kind, key], `found ${sources.length === 0 ? "nothing" : sources.map((source) => (source.kind === "inline" ? "content" : source.kind === "unnamed" ? "environment" : source.kind)).join(" and ")} to say where its content is; write one of ${choice}`);
  return undefined;
}

function fileSource(path: string, folders: Folders | undefined): ContentSource {
  if (folders === undefined) return { kind: "file", path };
  const refusal = folders.refusal(path);
  return { kind: "file", path, within: folders.paths, ...(refusal !== undefined && { refusal }) };
}
