import { isComposePath, loadBundle, bundleOf, printBundle } from "../../components/bundle";
import { planApplication } from "../../components/bundle/plan";
import { planOrProblems, readSubject, type ReadOptions, type Subject } from "./application";
import { REFUSED } from "./exitCodes";
import { withoutSecrets } from "./planText";
import { renderApplication } from "./showText";
import { print, printJson } from "../terminal";

/** Options of `bundle show`, see its help. */
export interface ShowOptions extends ReadOptions {
  readonly dab: boolean;
  readonly plan: boolean;
}

/** What an application consists of and how it would run. @returns the exit code. */
export async function show(paths: readonly string[], options: ShowOptions): Promise<number> {
  const subject = readSubject(paths, options);
  if (options.dab) return writeJson(referencePrint(subject));
  if (options.plan) return writeJson(JSON.stringify(withoutSecrets(planApplication(subject.stack, subject.application, subject.settings)), undefined, 2));
  const { problems } = planOrProblems(subject);
  print(renderApplication(subject, problems));
  return problems.length === 0 ? 0 : REFUSED;
}

/** The bundle itself, whatever the settings say. One that is a file already is printed as its file says it, nothing put right. */
function referencePrint({ paths, stack, application, settings }: Subject): string {
  const bundle = isComposePath(paths[0]!) ? bundleOf(application).bundle : loadBundle(paths[0]!, stack, undefined, settings.folders);
  return printBundle(bundle);
}

function writeJson(text: string): number {
  printJson(text);
  return 0;
}
