import { readFileSync } from "node:fs";
import { readCompose } from "./compose/read";
import { applicationOf } from "./dab/application";
import { BundleError } from "./dab/read";
import { checkStackName, loadBundle, loadSettings } from "./load";
import type { Application } from "./model";
import { Notice, noticeLine } from "./notice";
import { ApplicationPlan, PlanOptions, planApplication } from "./plan";
import { ApplicationError } from "./problems";
import type { Settings } from "./settings/schema";

export interface ApplicationFiles {
  /** Path from the current folder: a bundle (.dab, .dsb, .json) or a Compose file (.yaml, .yml), or several of the latter. Default: STACK.dab. */
  readonly bundle?: string | readonly string[];
  /** Path from the current folder. Default: no settings. */
  readonly settings?: string;
}

export interface LoadOptions {
  /** Gets "Loading bundle from PATH", and what is not as the files say. */
  readonly notice?: (line: string) => void;
  /** For the variables of Compose files. Default: the environment of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface LoadedApplication {
  readonly application: Application;
  readonly settings: Settings;
  readonly notices: readonly Notice[];
}

/**
 * Reads the files of an application; which reader, the name of the file says.
 * @throws BundleError, ApplicationError
 */
export function loadApplication(stack: string, files: ApplicationFiles, options: LoadOptions = {}): LoadedApplication {
  const settings = files.settings === undefined ? {} : loadSettings(files.settings);
  const paths = files.bundle === undefined || typeof files.bundle === "string" ? [files.bundle] : files.bundle;
  const compose = paths.filter((path): path is string => path !== undefined && isComposePath(path));
  if (compose.length === 0 && paths.length <= 1) return { application: applicationOf(loadBundle(paths[0], stack, options.notice)), settings, notices: [] };
  if (compose.length < paths.length) throw new BundleError(`application ${stack}: only Compose files (.yaml, .yml) can be laid over each other, found ${paths.join(", ")}; name one bundle, or Compose files only`);
  checkStackName(stack);
  return { ...loadCompose(compose, settings, options), settings };
}

/** Whether a file of this name is read as a Compose file. */
export const isComposePath = (path: string): boolean => /\.ya?ml$/i.test(path);

function loadCompose(paths: readonly string[], settings: Settings, { notice, environment = process.env }: LoadOptions) {
  const files = paths.map((path) => {
    notice?.(`Loading Compose file from ${path}`);
    const text = readText(path);
    if (text === undefined) throw new ApplicationError(`compose file ${path}`, ["there is no such file; write one, or correct the path"]);
    return { path, text };
  });
  const { variables, profiles } = settings;
  const reading = readCompose(files, { environment, readText, ...(variables && { variables }), ...(profiles && { profiles }) });
  reading.notices.forEach((each) => notice?.(noticeLine(each)));
  return reading;
}

/** Undefined when there is no file; whatever else keeps it from being read is an error. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw new ApplicationError(`file ${path}`, [(error as Error).message], { cause: error });
  }
}

/**
 * From the files of an application to its plan.
 * @throws BundleError, ApplicationError
 */
export function loadPlan(stack: string, files: ApplicationFiles, options: PlanOptions & LoadOptions = {}): ApplicationPlan {
  const { application, settings } = loadApplication(stack, files, options);
  return planApplication(stack, application, settings, options);
}
