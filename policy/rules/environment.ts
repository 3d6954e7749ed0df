import { environmentFindings } from "../../components/bundle/lintEnvironment";
import type { ServiceInputs } from "../../provider/swarm/service/inputs";
import { isAllowed, JOB, perService, type ResourceRule, SERVICE } from "./rule";

export const noSecretsInEnvironment: ResourceRule<Pick<ServiceInputs, "name" | "env">> = {
  name: "no-secrets-in-environment",
  description: "No password, token or key stands in an environment variable: everyone who may inspect the service reads it, every child process inherits it, and crash reports carry it away. A Swarm secret is a file in memory that only its tasks see.",
  level: "mandatory",
  types: [SERVICE, JOB],
  allow: perService("NAME_OF_VARIABLE"),
  *check({ name: service, env = [] }, allowed) {
    for (const line of env) {
      for (const { name, why } of environmentFindings([variable(line)])) {
        if (!isAllowed(allowed, service, name)) yield `env: ${name} ${why}; mount a secret and give the name of its file instead`;
      }
    }
  },
};

/** What a template of Swarm ("{{.Node.Hostname}}") stands for is known to the engine, not to us: it counts as no value. */
const TEMPLATE = /^\{\{[^{}]*\}\}$/;

function variable(line: string) {
  const [, name, value] = /^([^=]*)(?:=(.*))?$/s.exec(line)!;
  return { name: name!, value: value === undefined || TEMPLATE.test(value) ? undefined : value, literal: true };
}
