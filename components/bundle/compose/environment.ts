import { join } from "node:path";
import type { EnvironmentVariable, Labels } from "../model";
import type { Context } from "./context";
import { EnvEntry, EnvFileError, readEnvFile, readRawEnvFile } from "./envFile";
import { InterpolationError } from "./interpolate";
import type { ComposeService } from "./schema";

/**
 * The variables of a service: those of its files in their order, over them its own. A name without a value takes it from
 * the environment in which the program runs; there is none: a service's own stays a name alone, a file's is left out.
 */
export function environmentOf(key: string, service: ComposeService, context: Context): EnvironmentVariable[] {
  const fromFiles = (service.env_file ?? []).flatMap((file, index) => {
    const path = ["services", key, "env_file", index];
    return entriesOf(path, file, context).flatMap(([name, value = context.lookup(name, true)]) => (value === undefined ? [] : [[name, value] as const]));
  });
  const own = Object.entries(service.environment ?? {}).map(([name, value]) => [name, value ?? context.lookup(name, true)] as const);
  for (const [name] of own.filter(([, value]) => value === undefined)) {
    context.notice("info", ["services", key, "environment", name], "has no value, neither here nor in the environment of this run; containers get none");
  }
  const byName = new Map<string, string | undefined>([...fromFiles, ...own]);
  return [...byName].map(([name, value]) => ({ name, value, literal: false }));
}

/** Labels of the containers: those of its files, over them its own. */
export function containerLabelsOf(key: string, service: ComposeService, context: Context): Labels {
  const fromFiles = (service.label_file ?? []).flatMap((path, index) => entriesOf(["services", key, "label_file", index], { path }, context));
  return { ...Object.fromEntries(fromFiles.map(([name, value = ""]) => [name, value])), ...service.labels };
}

function entriesOf(
  where: readonly PropertyKey[],
  { path, required = true, format }: { path: string; required?: boolean; format?: "raw" },
  { folder, readText, lookup, problem, notice }: Context,
): EnvEntry[] {
  const text = readText(join(path.startsWith("/") ? "" : folder, path));
  if (text === undefined) {
    if (required) problem(where, `there is no file "${path}"; correct the path, or write required: false`);
    return [];
  }
  const raw = readRawEnvFile(text);
  if (format === "raw") return raw;
  try {
    const entries = readEnvFile(text, lookup);
    const other = entries.filter(([name, value]) => !raw.some(([rawName, rawValue]) => rawName === name && rawValue === value)).map(([name]) => name);
    if (other.length > 0) notice("info", where, `read as Compose does, with quotes, comments and variables; \`docker stack deploy\` takes the lines as they stand, which differs in ${other.join(", ")}`);
    return entries;
  } catch (error) {
    if (!(error instanceof EnvFileError || error instanceof InterpolationError)) throw error;
    problem(where, `${path}: ${error.message}`);
    return [];
  }
}
