import { environmentFindings } from "../../components/bundle/lintEnvironment";
import type { ApplicationPlan } from "../../components/bundle/plan";

const HIDDEN = "(hidden: looks like a secret)";

/**
 * A plan to be shown: secrets are in it by name only, but a variable of the environment may hold one all the same. Those that
 * the lint warns of lose their value.
 */
export function withoutSecrets(plan: ApplicationPlan): ApplicationPlan {
  return { ...plan, services: plan.services.map((service) => ({ ...service, spec: { ...service.spec, ...(service.spec.env && { env: service.spec.env.map(hidden) }) } })) };
}

function hidden(entry: string): string {
  const equals = entry.indexOf("=");
  if (equals < 0) return entry;
  const [name, value] = [entry.slice(0, equals), entry.slice(equals + 1)];
  return environmentFindings([{ name, value, literal: true }]).length === 0 ? entry : `${name}=${HIDDEN}`;
}
