import { dirname } from "node:path";
import { Budget, MAX_APPLICATION_BYTES, MAX_COMPOSE_BYTES, MAX_FILES } from "./bounds";
import type { ReadText } from "./compose/files";
import { readCompose } from "./compose/read";
import { applicationOf } from "./dab/application";
import { BundleError } from "./dab/read";
import { BundleFolders } from "./folders";
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
  /** For those variables of Compose files that the settings take from there. Default: the environment of this process. */
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
  if (compose.length === 0 && paths.length <= 1) {
    return { application: applicationOf(loadBundle(paths[0], stack, options.notice, settings.folders)), settings, notices: [] };
  }
  if (compose.length < paths.length) throw new BundleError(`application ${stack}: only Compose files (.yaml, .yml) can be laid over each other, found ${paths.join(", ")}; name one bundle, or Compose files only`);
  checkStackName(stack);
  return { ...loadCompose(compose, settings, options), settings };
}

/** Whether a file of this name is read as a Compose file. */
export const isComposePath = (path: string): boolean => /\.ya?ml$/i.test(path);

function loadCompose(paths: readonly string[], settings: Settings, { notice, environment = process.env }: LoadOptions) {
  const { variables, profiles, folders: allowed = [] } = settings;
  const folders = new BundleFolders({ own: dirname(paths[0]!), allowed });
  const readText = boundedReader(folders);
  const files = paths.map((path) => {
    notice?.(`Loading Compose file from ${path}`);
    // Each that the operator names may lie in a folder of its own, but not be a link to elsewhere.
    const text = boundedReader(new BundleFolders({ own: dirname(path), allowed }))(path, MAX_COMPOSE_BYTES);
    if (text === undefined) throw new ApplicationError(`compose file ${path}`, ["there is no such file; write one, or correct the path"]);
    return { path, text };
  });
  const reading = readCompose(files, { environment, readText, folders, ...(variables && { variables }), ...(profiles && { profiles }) });
  reading.notices.forEach((each) => notice?.(noticeLine(each)));
  return reading;
}

/** Reads texts, and bounds how many and how much of them. */
function boundedReader(folders: BundleFolders): ReadText {
  const files = new Budget(MAX_FILES, "files are read; write fewer");
  const bytes = new Budget(MAX_APPLICATION_BYTES, "bytes are read; make its files smaller");
  return (path, limit) => {
    files.spend(1);
    const content = folders.bytes(path, limit);
    bytes.spend(content?.length ?? 0);
    return content?.toString("utf8");
  };
}

/**
 * From the files of an application to its plan.
 * @throws BundleError, ApplicationError
 */
export function loadPlan(stack: string, files: ApplicationFiles, options: PlanOptions & LoadOptions = {}): ApplicationPlan {
  const { application, settings } = loadApplication(stack, files, options);
  return planApplication(stack, application, settings, options);
}
