import { join } from "node:path";
import { MAX_VARIABLES_BYTES } from "../bounds";
import type { EnvironmentVariable, Labels } from "../model";
import { readFor } from "../problems";
import type { Context } from "./context";
import { EnvEntry, EnvFileError, readEnvFile, readRawEnvFile } from "./envFile";
import { InterpolationError, type Lookup } from "./interpolate";
import type { ComposeService } from "./schema";

/**
 * The variables of a service: those of its files in their order, over them its own. A name without a value takes it from
 * the settings' variables; they have none: a service's own stays a name alone, a file's is left out.
 */
export function environmentOf(key: string, service: ComposeService, context: Context): EnvironmentVariable[] {
  const { variables } = context;
  const fromFiles = (service.env_file ?? []).flatMap((file, index) => {
    const { entries, bare } = entriesOf(["services", key, "env_file", index], file, context);
    return entries.flatMap(([name, value = bare(name)]) => (value === undefined ? [] : [[name, value] as const]));
  });
  const own = Object.entries(service.environment ?? {}).map(([name, value]) => [name, value ?? variables.bare(name)] as const);
  for (const [name] of own.filter(([, value]) => value === undefined)) {
    context.notice("info", ["services", key, "environment", name], "has no value, neither here nor under variables in the settings; containers get none");
  }
  const byName = new Map<string, string | undefined>([...fromFiles, ...own]);
  return [...byName].map(([name, value]) => ({ name, value, literal: false }));
}

/** Labels of the containers: those of its files, over them its own. */
export function containerLabelsOf(key: string, service: ComposeService, context: Context): Labels {
  const fromFiles = (service.label_file ?? []).flatMap((path, index) => entriesOf(["services", key, "label_file", index], { path }, context).entries);
  return { ...Object.fromEntries(fromFiles.map(([name, value = ""]) => [name, value])), ...service.labels };
}

function entriesOf(
  where: readonly PropertyKey[],
  { path, required = true, format }: { path: string; required?: boolean; format?: "raw" },
  { folder, readText, folders, variables, budget, problem, notice }: Context,
): { readonly entries: readonly EnvEntry[]; readonly bare: Lookup } {
  const place = join(path.startsWith("/") ? "" : folder, path);
  // What is none of the bundle's is not quoted, not even the names in it.
  const foreign = folders?.isForeign(place) ?? false;
  const lookup = foreign ? variables.unrecorded : variables.lookup;
  const bare: Lookup = foreign ? variables.unrecorded : (name) => variables.bare(name);
  const file = readFor(() => readText(place, MAX_VARIABLES_BYTES));
  if ("refusals" in file) {
    file.refusals.forEach((says) => problem(where, says));
    return { entries: [], bare };
  }
  const text = file.content;
  if (text === undefined) {
    if (required) problem(where, `there is no file "${path}"; correct the path, or write required: false`);
    return { entries: [], bare };
  }
  const raw = readRawEnvFile(text);
  if (format === "raw") return { entries: raw, bare };
  try {
    const entries = readEnvFile(text, lookup, budget);
    const asTheyStand = new Set(raw.map((entry) => JSON.stringify(entry)));
    const other = entries.filter((entry) => !asTheyStand.has(JSON.stringify(entry))).map(([name]) => name);
    if (other.length > 0) notice("info", where, `read as Compose does, with quotes, comments and variables; \`docker stack deploy\` takes the lines as they stand, which differs in ${foreign ? "some" : other.join(", ")}`);
    return { entries, bare };
  } catch (error) {
    if (!(error instanceof EnvFileError || error instanceof InterpolationError)) throw error;
    problem(where, `${path}: ${foreign && error instanceof InterpolationError ? "a variable in it is required, or misplaced; the file is none of the bundle's, so nothing of it is quoted" : error.message}`);
    return { entries: [], bare };
  }
}
