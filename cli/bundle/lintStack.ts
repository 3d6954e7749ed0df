import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import color from "picocolors";
import { parse } from "yaml";
import { applicationPlans } from "../../components/applicationPlans";
import { ApplicationError } from "../../components/bundle";
import { type Configuration, parseConfiguration } from "../../components/config";
import { ConfigurationSchema } from "../../components/config/schema";
import { UserError } from "../error";
import { planOrProblems, readSubject, sourceText, type Subject } from "./application";
import { FAILED, REFUSED } from "./exitCodes";
import { noticesOf } from "./lint";
import { renderFindings } from "./lintText";
import { print } from "../terminal";

/**
 * Lints all applications of a stack's configuration file, each as its settings make it on as many hosts as the stack has, and
 * all of them together: ports that two publish, networks that the platform lacks.
 * @returns the exit code.
 */
export function lintStack(path: string, { strict }: { readonly strict: boolean }): number {
  const configuration = readStackFile(path);
  const subjects = configuration.applications.map(({ name, bundle, settings }) => readSubject([bundle].flat(), { stack: name, settings }));
  const results = subjects.map((subject) => ({ subject, notices: noticesOf(subject, configuration.hosts.length), problems: planOrProblems(subject).problems }));
  for (const { subject, notices, problems } of results) {
    print(`${renderFindings(titleOf(subject), subject.application, notices, problems)}\n`);
  }
  // What one application is refused for stands above; together they can only be judged when each of them stands.
  const alone = results.some(({ problems }) => problems.length > 0);
  const together = alone ? [] : problemsTogether(configuration);
  for (const problem of together) print(`${color.red("refused")}  ${problem}`);
  if (alone || together.length > 0) return REFUSED;
  return strict && results.some(({ notices }) => notices.some(({ severity }) => severity === "warning")) ? FAILED : 0;
}

const titleOf = (subject: Subject): string => `${subject.stack} from ${sourceText(subject)}`;

function problemsTogether(configuration: Configuration): readonly string[] {
  try {
    applicationPlans(configuration, () => undefined);
    return [];
  } catch (error) {
    if (error instanceof ApplicationError) return error.problems;
    throw error;
  }
}

/** The platform's keys of a file such as Pulumi.dev.yaml. Encrypted ones and those of applications are not looked at. */
function readStackFile(path: string): Configuration {
  if (!existsSync(path)) throw new UserError(`there is no file ${path} in ${process.cwd()}`, "name the stack's configuration file, such as Pulumi.dev.yaml");
  const { config = {} } = (parse(readFileSync(path, "utf8")) ?? {}) as { config?: Record<string, unknown> };
  const known = Object.keys(ConfigurationSchema.shape).flatMap((key) => (`dockyard:${key}` in config ? [[key, config[`dockyard:${key}`]]] : []));
  return parseConfiguration(Object.fromEntries(known) as Record<string, unknown>, /^Pulumi\.(.+)\.ya?ml$/.exec(basename(path))?.[1] ?? "dev");
}
