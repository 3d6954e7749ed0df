import { dirname } from "node:path";
import { Budget, MAX_LISTED, MAX_SERVICES, TooMuch } from "../bounds";
import { explain } from "../explain";
import type { Application } from "../model";
import type { Notice } from "../notice";
import type { Settings } from "../settings/schema";
import { ApplicationError } from "../problems";
import { checkedKeys } from "./check";
import { Context, recording } from "./context";
import { ComposeFile, type Folders, oneFile, ReadText } from "./files";
import { interpolationBudget } from "./interpolate";
import { ComposeFileData, composeFile } from "./schema";
import { networksOf, storedFilesOf } from "./sections";
import { serviceOf } from "./service";
import { RecordedVariables } from "./variables";

export interface ComposeOptions {
  /** The variables that the files see. Default: none. */
  readonly variables?: Settings["variables"];
  /** The environment in which the program runs, for those variables that are said to come from there. Default: empty. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Profiles whose services run too. Default: none. */
  readonly profiles?: readonly string[];
  /** For `env_file`, `label_file` and `extends`; paths are from the current folder. Default: there are no files. */
  readonly readText?: ReadText;
  /** Where these, and the files behind secrets and configs, may lie. Default: anywhere. */
  readonly folders?: Folders;
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
 * @throws ApplicationError with all problems: YAML, variables, keys that cannot be honoured, values, and whatever is too
 * much. Of a file that is none of the bundle's no word is quoted.
 */
export function readCompose(files: readonly ComposeFile[], options: ComposeOptions = {}): ComposeReading {
  const subject = `compose file ${files.map(({ path }) => path).join(", ")}`;
  const reading = new ComposeRun(files, subject, options);
  try {
    return reading.result();
  } catch (error) {
    const foreign = reading.foreign;
    if (foreign !== undefined && error instanceof ApplicationError) throw new ApplicationError(subject, [`it cannot be read with what it extends; ${unquoted(foreign)}`]);
    if (error instanceof TooMuch) throw new ApplicationError(subject, [error.message], { cause: error });
    throw error;
  }
}

const unquoted = (path: string): string => `${path} is none of the bundle's, so nothing of it is quoted: for more, look at it by itself (dockyard bundle lint ${JSON.stringify(path)})`;

class ComposeRun {
  private readonly extended = new Set<string>();
  private readonly variables: RecordedVariables;

  constructor(
    private readonly files: readonly ComposeFile[],
    private readonly subject: string,
    private readonly options: ComposeOptions,
  ) {
    this.variables = new RecordedVariables(options.variables ?? {}, options.environment ?? {});
  }

  /** A file that services are extended from, and that is none of the bundle's. */
  get foreign(): string | undefined {
    return [...this.extended].find((path) => this.options.folders?.isForeign(path));
  }

  result(): ComposeReading {
    const { readText = () => undefined, folders, profiles = [] } = this.options;
    const { files, subject, variables } = this;
    const budget = interpolationBudget();
    const lookupOf = (path: string) => (folders?.isForeign(path) ? variables.unrecorded : variables.lookup);
    const checked = checkedKeys(oneFile(files, { lookupOf, budget, readText: this.remembering(readText) }));
    const context = recording({ subject, folder: dirname(files[0]!.path), folders, variables, budget, readText });
    const parsed = composeFile.safeParse(checked.tree, { reportInput: true });
    const shape = parsed.success ? [] : parsed.error.issues.slice(0, MAX_LISTED).map(explain);
    const application = parsed.success ? applicationOf(chosen(parsed.data, profiles, context), context) : undefined;
    const problems = [...checked.problems, ...shape, ...context.problems, ...variables.problems()];
    if (application === undefined || problems.length > 0) throw new ApplicationError(subject, problems);
    return { application, notices: [...this.words([...checked.notices, ...context.notices]), ...variables.notices()] };
  }

  private remembering(readText: ReadText): ReadText {
    return (path, limit) => {
      const text = readText(path, limit);
      if (text !== undefined) this.extended.add(path);
      return text;
    };
  }

  /** What was noticed, unless it may quote what is none of the bundle's. */
  private words(notices: readonly Notice[]): readonly Notice[] {
    const { foreign } = this;
    if (foreign === undefined || notices.length === 0) return notices;
    return [{ severity: "warning", path: "extends", message: `not all is as the files say; ${unquoted(foreign)}` }];
  }
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
  new Budget(MAX_SERVICES, "services; split the application").spend(Object.keys(file.services ?? {}).length);
  const services = Object.entries(file.services ?? {}).map(([key, service]) => serviceOf(key, service, file, context));
  const used = new Map(services.flatMap(({ key, networks }) => networks.map((network) => [network, ["services", key, "networks"]] as const)));
  return {
    services,
    networks: networksOf(file, used, context),
    secrets: storedFilesOf("secrets", file, context),
    configs: storedFilesOf("configs", file, context),
  };
}
