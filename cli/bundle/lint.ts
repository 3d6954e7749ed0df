import { lint as findings } from "../../components/bundle/lint";
import type { Notice } from "../../components/bundle/notice";
import { lenientImages, planOrProblems, readSubject, unnamedVariables, sourceText, type ReadOptions, type Subject } from "./application";
import { FAILED, REFUSED } from "./exitCodes";
import { renderFindings } from "./lintText";
import { print } from "../terminal";

/** Options of `bundle lint`, see its help. */
export interface LintOptions extends ReadOptions {
  readonly hosts: number;
  readonly strict: boolean;
}

/** Everything that is risky, not as its file says, or refused. @returns the exit code. */
export async function lint(paths: readonly string[], { hosts, strict, ...read }: LintOptions): Promise<number> {
  const subject = readSubject(paths, read);
  const { problems } = planOrProblems(subject);
  const notices = noticesOf(subject, hosts);
  print(renderFindings(`${subject.stack} from ${sourceText(subject)}`, subject.application, notices, problems));
  if (problems.length > 0) return REFUSED;
  return strict && notices.some(({ severity }) => severity === "warning") ? FAILED : 0;
}

/** The reader's notices and the lint's, paths from the application on. What is refused outright is not warned of as well. */
export function noticesOf(subject: Subject, hosts: number): Notice[] {
  const { stack, application, settings, notices } = subject;
  const resolveImage = lenientImages(subject);
  const unpinned = new Set(application.services.filter(({ image }) => resolveImage(image) === undefined).map(({ key }) => `services.${key}.image`));
  const found = findings([{ stack, application, settings }], { hosts }).map((notice) => ({
    ...notice,
    path: notice.path.startsWith(`${stack}.`) ? notice.path.slice(stack.length + 1) : notice.path,
  }));
  return [...notices, ...unnamedVariables(subject), ...found.filter(({ path }) => !unpinned.has(path))];
}
