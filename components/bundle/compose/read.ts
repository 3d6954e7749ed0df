import { dirname } from "node:path";
import { explain } from "../explain";
import type { Application } from "../model";
import type { Notice } from "../notice";
import { ApplicationError } from "../problems";
import { checkedKeys } from "./check";
import { Context, recording } from "./context";
import { ComposeFile, oneFile, ReadText } from "./files";
import { ComposeFileData, composeFile } from "./schema";
import { networksOf, storedFilesOf } from "./sections";
import { serviceOf } from "./service";
import { RecordedVariables } from "./variables";

export interface ComposeOptions {
  /** Values for variables, before those of the environment. Default: none. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The environment in which the program runs. Default: empty. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Profiles whose services run too. Default: none. */
  readonly profiles?: readonly string[];
  /** For `env_file`, `label_file` and `extends`; paths are from the current folder. Default: there are no files. */
  readonly readText?: ReadText;
}

export interface ComposeReading {
  readonly application: Application;
  /** What is not as the files say, in the order of the files. */
  readonly notices: readonly Notice[];
}

/**
 * Reads an application from Compose files, version 3 or Compose Specification; later files are laid over earlier ones.
 * Pure: whatever else has to be read is asked for.
 * @param files at least one; paths in all of them are relative to the folder of the first
 * @throws ApplicationError with all problems: YAML, variables, keys that cannot be honoured, values
 */
export function readCompose(files: readonly ComposeFile[], options: ComposeOptions = {}): ComposeReading {
  const { readText = () => undefined, profiles = [] } = options;
  const variables = new RecordedVariables(options.variables ?? {}, options.environment ?? {});
  const subject = `compose file ${files.map(({ path }) => path).join(", ")}`;
  const checked = checkedKeys(oneFile(files, variables.lookup, readText));
  const context = recording({ folder: dirname(files[0]!.path), lookup: variables.lookup, readText });
  const parsed = composeFile.safeParse(checked.tree, { reportInput: true });
  const shape = parsed.success ? [] : parsed.error.issues.map(explain);
  const application = parsed.success ? applicationOf(chosen(parsed.data, profiles, context), context) : undefined;
  const problems = [...checked.problems, ...shape, ...context.problems];
  if (application === undefined || problems.length > 0) throw new ApplicationError(subject, problems);
  return { application, notices: [...checked.notices, ...context.notices, ...variables.notices()] };
}

/** Without the services whose profiles no one asked for. */
function chosen(file: ComposeFileData, profiles: readonly string[], { notice }: Context): ComposeFileData {
  const services = Object.entries(file.services ?? {}).filter(([key, service]) => {
    const own = service.profiles ?? [];
    const runs = own.length === 0 || own.some((profile) => profiles.includes(profile));
    if (!runs) notice("info", ["services", key], `left out: the settings name none of its profiles (${own.join(", ")})`);
    return runs;
  });
  return { ...file, services: Object.fromEntries(services) };
}

function applicationOf(file: ComposeFileData, context: Context): Application {
  const services = Object.entries(file.services ?? {}).map(([key, service]) => serviceOf(key, service, file, context));
  const used = new Map(services.flatMap(({ key, networks }) => networks.map((network) => [network, ["services", key, "networks"]] as const)));
  return {
    services,
    networks: networksOf(file, used, context),
    secrets: storedFilesOf("secrets", file, context),
    configs: storedFilesOf("configs", file, context),
  };
}
