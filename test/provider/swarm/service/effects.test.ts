import * as fc from "fast-check";
import { diffService, effectOf, EFFECTS, hardest, explainEffect } from "../../../../provider/swarm/service/effects";
import { ServiceInputs } from "../../../../provider/swarm/service/inputs";
import { service } from "./serviceArbitrary";

const web: ServiceInputs = { cluster: "c1", name: "web", image: "i" };
const diff = (old: Partial<ServiceInputs>, wanted: Partial<ServiceInputs>, unknown: string[] = []) =>
  diffService({ inputs: { ...web, ...old }, outputs: {} }, { ...web, ...wanted }, unknown);

test("every field has an effect", () => {
  expect(Object.keys(EFFECTS).filter((path) => !path.includes(".")).sort()).toEqual(Object.keys(ServiceInputs.shape).sort());
});

test("the same inputs in another order are no change", () => {
  const shuffled = service.chain((inputs) =>
    fc.record({ env: fc.shuffledSubarray(inputs.ports ?? [], { minLength: inputs.ports?.length ?? 0 }), mounts: fc.shuffledSubarray(inputs.mounts ?? [], { minLength: inputs.mounts?.length ?? 0 }) }).map(({ env: ports, mounts }) => [inputs, { ...inputs, ports, mounts }] as const),
  );
  fc.assert(fc.property(shuffled, ([inputs, other]) => expect(diffService({ inputs, outputs: {} }, other, [])).toEqual([])));
});

test.each<[string, Partial<ServiceInputs>, Partial<ServiceInputs>, string[]]>([
  ["an environment is one change", { env: ["A=1"] }, { env: ["A=2"] }, ["env update"]],
  ["a label is named", { labels: { a: "1", team: "x" } }, { labels: { a: "1", team: "y" } }, ["labels.team update"]],
  ["a label with dots is quoted", {}, { labels: { "com.docker.stack.namespace": "x" } }, ["labels add"]],
  ["a dotted label that changes", { labels: { "a.b": "1" } }, { labels: { "a.b": "2" } }, ['labels["a.b"] update']],
  ["a port that moves", { ports: [{ target: 80, published: 1 }] }, { ports: [{ target: 80, published: 2 }] }, ["ports[0].published update"]],
  ["a port that comes", { ports: [{ target: 80 }] }, { ports: [{ target: 80 }, { target: 81 }] }, ["ports update"]],
  ["a field that goes", { user: "a" }, {}, ["user delete"]],
  ["a default that is spelled out", {}, { stopGracePeriod: "10s", restartPolicy: { condition: "any", delay: "5s" }, endpointMode: "vip", updateConfig: { parallelism: 1 } }, []],
  ["replicas that are given", {}, { replicas: 2 }, ["replicas add"]],
  ["replicas that are left to the operator", { replicas: 2 }, {}, []],
  ["words in another order are another command", { args: ["a", "b"] }, { args: ["b", "a"] }, ["args update"]],
  ["a limit", { resources: { limits: { cpus: 1 } } }, { resources: { limits: { cpus: 2 } } }, ["resources.limits.cpus update"]],
  ["how long to wait", {}, { convergence: { timeout: "1m" } }, ["convergence add"]],
])("%s", (_what, old, wanted, expected) => expect(diff(old, wanted).map(({ path, kind }) => `${path} ${kind}`)).toEqual(expected));

test.each<[string, Partial<ServiceInputs>]>([["name", { name: "other" }], ["cluster", { cluster: "c2" }], ["mode", { mode: "global" }]])("another %s makes the service anew", (field, wanted) => {
  expect(diff({}, wanted)).toContainEqual(expect.objectContaining({ path: field, replace: true }));
});

test("a switch to global takes the replicas' meaning along without a change of its own", () => {
  expect(diff({ replicas: 3 }, { mode: "global" }).map(({ path }) => path)).toEqual(["mode"]);
});

test("what is not known yet is a change where it stands, and nothing beside it", () => {
  expect(diff({ networks: [{ id: "n1" }] }, { networks: [{ id: undefined as never }] }, ["networks[0].id"])).toEqual([{ path: "networks[0].id", kind: "update" }]);
  expect(diff({}, { image: undefined as never, user: "u" }, ["image"]).map(({ path }) => path).sort()).toEqual(["image", "user"]);
});

test("the hardest effect counts", () => {
  const paths = (...names: string[]) => names.map((path) => ({ path, kind: "update" as const }));
  expect(hardest([])).toBe("restarts nothing");
  expect(hardest(paths("labels.x", "replicas"))).toBe("scales");
  expect(hardest(paths("placement.constraints", "labels"))).toBe("moves tasks");
  expect(hardest(paths("env", "replicas"))).toBe("replaces tasks");
  expect(effectOf("placement.spread[1]")).toBe("restarts nothing");
  expect(effectOf("placement.constraints[0]")).toBe("moves tasks");
});

test("a preview says what becomes of the tasks", () => {
  const base = { cluster: "c", name: "s", image: "i", replicas: 2 };
  const explain = (path: string, more: object = {}) => explainEffect([{ path, kind: "update" }], { ...base, ...more });
  expect(explain("labels.team")).toBe("updated in place, no task restarts");
  expect(explain("replicas")).toBe("scales to 2, the tasks that stay are not touched");
  expect(explain("image")).toBe("replaces 2 tasks, each old one stops before the new one starts");
  expect(explain("env", { replicas: undefined, updateConfig: { order: "start-first" } })).toBe("replaces all tasks, each new one starts before the old one stops");
  expect(explain("placement.constraints")).toBe("replaces only the tasks whose node does not fit any more");
  expect(explain("name", { replicas: 1 })).toBe("removes the service and makes it anew with 1 task");
});
