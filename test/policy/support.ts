import type { ResourceRule, StackResource } from "../../policy/rules/rule";

/** What a rule finds wrong with the properties. */
export function findings<Props>(rule: ResourceRule<Props>, props: Props, ...allowed: string[]): string[] {
  return [...rule.check(props, allowed)];
}

/** A resource of a stack, unprotected; `uses` has the names that its properties are made of. */
export function resource(type: string, name: string, props: Record<string, unknown>, more: { protect?: boolean; uses?: Record<string, readonly string[]> } = {}): StackResource {
  return { type, name, props, protect: more.protect ?? false, uses: (property) => more.uses?.[property] ?? [] };
}
