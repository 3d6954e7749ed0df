import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type Configuration, parseConfiguration } from "../components/config";
import { ConfigurationSchema } from "../components/config/schema";
import { projectName, type StackPaths } from "./environment";

/**
 * The stack's configuration as the user has written it, checked as the program checks it. Encrypted keys are left out.
 * @throws ConfigurationError with everything that is wrong
 */
export function sourceConfiguration(paths: StackPaths): Configuration {
  return parseConfiguration(plainKeys(readFileSync(paths.source, "utf8"), projectName()), paths.stack);
}

/** The project's own keys in the text of a stack's file, without the project's name. */
export function plainKeys(text: string, project: string): Record<string, unknown> {
  const { config = {} } = (parse(text) ?? {}) as { config?: Record<string, unknown> };
  const own = Object.entries(config).flatMap(([key, value]) => (key.startsWith(`${project}:`) ? [[key.slice(project.length + 1), value] as const] : []));
  return Object.fromEntries(own.filter(([key]) => Object.hasOwn(ConfigurationSchema.shape, key)));
}
