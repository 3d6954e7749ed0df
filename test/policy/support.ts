import type { ResourceRule } from "../../policy/rules/rule";

/** What a rule finds wrong with the properties. */
export function findings<Props>(rule: ResourceRule<Props>, props: Props, ...allowed: string[]): string[] {
  return [...rule.check(props, allowed)];
}
