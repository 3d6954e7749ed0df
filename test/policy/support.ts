import type { ResourceRule, StackResource } from "../../policy/rules/rule";

/** What a rule finds wrong with the properties. */
export function findings<Props>(rule: ResourceRule<Props>, props: Props, ...allowed: string[]): string[] {
  return [...rule.check(props, allowed)];
}

/** A resource of a stack, unprotected; `uses` has the names that its properties are made of. */
export function resource(type: string, name: string, props: Record<string, unknown>, more: { protect?: boolean; uses?: Record<string, readonly string[]> } = {}): StackResource {
  return { type, name, props, protect: more.protect ?? false, uses: (property) => more.uses?.[property] ?? [] };
}

/** Properties that a rule must refuse, and others that it must accept; twenty of each at least, so that neither side is only an example. */
export function table<Props>(rule: ResourceRule<Props>, { refused, accepted }: { readonly refused: readonly Props[]; readonly accepted: readonly Props[] }): void {
  describe(rule.name, () => {
    it.each(refused.map((props) => [visible(props), props] as const))("refuses %s", (_, props) => expect(findings(rule, props)).not.toEqual([]));
    it.each(accepted.map((props) => [visible(props), props] as const))("accepts %s", (_, props) => expect(findings(rule, props)).toEqual([]));
    it("is held against twenty of each", () => {
      expect(new Set(refused.map(visible)).size).toBeGreaterThanOrEqual(20);
      expect(new Set(accepted.map(visible)).size).toBeGreaterThanOrEqual(20);
    });
  });
}

const visible = (props: unknown) => JSON.stringify(props) ?? "nothing";
