import { RESOURCE_RULES, STACK_RULES } from "../../policy/rules";
import { devConfiguration, Workspace } from "../support/program";

/** The checked-in stack, with its three example applications, against every rule that ends a run. */

jest.setTimeout(240_000);
const workspace = new Workspace();
afterAll(() => workspace.remove());

test("the stack dev and its bundles break no mandatory rule", async () => {
  const { graph } = await workspace.run(devConfiguration());
  const resources = graph.all.map(({ type, name, protect, inputs, id }) => ({ type, name, protect, props: { ...inputs, id }, uses: () => [] }));
  const rules = RESOURCE_RULES.filter(({ level }) => level === "mandatory");
  const asked = rules.flatMap((rule) => resources.filter(({ type }) => rule.types.includes(type)).map(({ props }) => ({ rule, props })));
  // A rule that met nothing would prove nothing: those on AWS alone have nothing here.
  expect(rules.filter((rule) => !asked.some((each) => each.rule === rule)).map(({ name }) => name).every((name) => name.startsWith("aws-"))).toBe(true);
  const broken = [...asked.flatMap(({ rule, props }) => [...rule.check(props as never, [])].map((told) => `${rule.name} ${told}`)), ...STACK_RULES.flatMap((rule) => [...rule.checkAll(resources, [])])];
  // The mocks know no digests of images.
  expect(broken.filter((finding) => !finding.startsWith("image-pinned"))).toEqual([]);
});
