import { record } from "../support/mocks";

/** The mocks of the other component tests: they see what is there, and let nothing else pass. */

jest.setTimeout(60_000);

type Pulumi = typeof import("@pulumi/pulumi");

/** A resource made straight from its type token. */
const make = (pulumi: Pulumi, type: string, name: string, props: object = {}, opts = {}) => new (class extends pulumi.CustomResource {})(type, name, { ...props }, opts);

test("a resource that they do not know is refused", async () => {
  await expect(record((pulumi) => void make(pulumi, "dockyard:swarm:Nodes", "typo"))).rejects.toThrow("the mocks know no resource of type dockyard:swarm:Nodes (typo)");
});

test("a component that they do not know is refused", async () => {
  await expect(record((pulumi) => void new pulumi.ComponentResource("dockyard:components:Other", "other"))).rejects.toThrow("dockyard:components:Other (other)");
});

test("a function that they do not know is refused", async () => {
  await expect(record((pulumi) => void pulumi.runtime.invoke("docker:index/getNetwork:getNetwork", {}))).rejects.toThrow("docker:index/getNetwork:getNetwork");
});

test("two resources of one URN are refused", async () => {
  const same = (pulumi: Pulumi) => make(pulumi, "dockyard:swarm:Config", "same");
  await expect(record((pulumi) => void [same(pulumi), same(pulumi)])).rejects.toThrow("two resources have the URN urn:pulumi:dev::dockyard::dockyard:swarm:Config::same");
});

test("what is made late, inside apply, is waited for", async () => {
  const { graph } = await record((pulumi) => {
    make(pulumi, "dockyard:swarm:Config", "first").id.apply((id) => make(pulumi, "dockyard:swarm:Config", "second", { after: id }));
  });
  expect(graph.one("swarm:Config", "second").inputs).toEqual({ after: "first.Config" });
});

test("options, dependencies and secrets are seen as the engine sees them", async () => {
  const { graph } = await record((pulumi) => {
    const first = make(pulumi, "dockyard:swarm:Config", "first");
    const second = make(pulumi, "dockyard:swarm:Config", "second", { after: first.id });
    const aliases = [{ name: "old" }];
    make(pulumi, "dockyard:swarm:Config", "third", { part: { data: pulumi.secret("x") } }, { dependsOn: [second], protect: true, deleteBeforeReplace: false, deletedWith: first, aliases });
  });
  const third = graph.one("swarm:Config", "third");
  expect(third).toMatchObject({ protect: true, deleteBeforeReplace: false, deletedWith: graph.one("swarm:Config", "first").urn });
  expect(third.aliases).toHaveLength(1);
  expect(third.inputs).toEqual({ part: { data: "x" } });
  expect(third.masked).toEqual({ part: { data: "[secret]" } });
  expect([...graph.before(third)].map(({ name }) => name)).toEqual(["second", "first"]);
  expect(graph.one("swarm:Config", "first")).toMatchObject({ protect: false, deleteBeforeReplace: undefined, deletedWith: "", aliases: [] });
});
