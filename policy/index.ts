import * as policy from "@pulumi/policy";
import { RESOURCE_RULES, STACK_RULES } from "./rules";
import type { ResourceRule, StackResource, StackRule } from "./rules/rule";

/*
 * The pack: `pulumi preview --policy-pack policy`, or `./dockyard preview --policy-pack policy`. The rules themselves know
 * nothing of Pulumi. What each means and how to configure it: docs/policy.md
 */
new policy.PolicyPack("dockyard", { policies: [...RESOURCE_RULES.map(onResources), ...STACK_RULES.map(onStack)] });

function onResources(rule: ResourceRule<never>): policy.ResourceValidationPolicy {
  return {
    ...described(rule),
    validateResource: ({ type, props, getConfig }, report) => {
      if (rule.types.includes(type)) reportKnown(() => rule.check(props as never, allowed(getConfig)), report);
    },
  };
}

function onStack(rule: StackRule): policy.StackValidationPolicy {
  return {
    ...described(rule),
    validateStack: ({ resources, getConfig }, report) => reportKnown(() => rule.checkAll(resources.map(seen), allowed(getConfig)), report),
  };
}

function seen({ type, name, props, opts: { protect }, propertyDependencies }: policy.PolicyResource): StackResource {
  return { type, name, props, protect, uses: (property) => (propertyDependencies[property] ?? []).map((used) => used.name) };
}

function described({ name, description, level, allow }: ResourceRule<never> | StackRule): policy.Policy {
  return {
    name,
    description,
    enforcementLevel: level,
    ...(allow !== undefined && {
      configSchema: { properties: { allow: { type: "array", items: { type: "string" }, default: [], description: `Exceptions, each ${allow}.` } } },
    }),
  };
}

function allowed(getConfig: () => { allow?: string[] }): readonly string[] {
  return getConfig().allow ?? [];
}

/**
 * Reports what a rule finds until it comes to something that is not known yet: the digest of an image that is still to be
 * pushed, say. The update asks once more, with everything known, before it makes the resource.
 */
function reportKnown(check: () => Iterable<string>, report: policy.ReportViolation): void {
  try {
    for (const finding of check()) report(finding);
  } catch (error) {
    if (!(error instanceof policy.UnknownValueError)) throw error;
  }
}
