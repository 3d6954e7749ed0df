import type { Graph, Registration } from "../support/mocks";
import { withWorkers, Workspace } from "../support/program";

/** What the program makes before what, which in reverse is the order in which it goes. */

jest.setTimeout(120_000);
const workspace = new Workspace();
afterAll(() => workspace.remove());

let lab: Graph;
beforeAll(async () => {
  ({ graph: lab } = await workspace.run(withWorkers()));
});

const REGISTRY = "registry.dev.dockyard.internal:5000";
const names = (resources: Iterable<Registration>) => [...resources].map(({ name }) => name).sort();
const waitsFor = (graph: Graph, resource: Registration, others: readonly Registration[]) => {
  const before = graph.before(resource);
  return others.filter((other) => !before.has(other)).map(({ urn }) => `${resource.urn} does not wait for ${urn}`);
};

describe("order", () => {
  const nodes = (role: string) => lab.ofType("swarm:Node").filter(({ inputs }) => inputs["role"] === role);

  test("a host is checked once its container runs", () => {
    for (const host of lab.ofType("hosts:Host")) {
      expect(waitsFor(lab, host, [lab.one("Container", `lab-${host.name}`)])).toEqual([]);
      // Hosts boot side by side.
      expect(names(lab.before(host)).filter((name) => lab.ofType("hosts:Host").some((other) => other.name === name))).toEqual([]);
    }
  });

  test("an engine is touched when every host has passed", () => {
    expect(lab.ofType("hosts:Engine").flatMap((engine) => waitsFor(lab, engine, lab.ofType("hosts:Host")))).toEqual([]);
  });

  test("a CA is trusted on every host before anything has a certificate of it, and proven on every host before a former one goes", () => {
    const trusting = lab.ofType("hosts:Trust");
    for (const engine of lab.ofType("hosts:Engine")) expect(waitsFor(lab, engine, trusting.filter(({ name }) => name === engine.name))).toEqual([]);
    expect(waitsFor(lab, lab.one("swarm:Config", "registry-tls.crt"), trusting)).toEqual([]);
    expect(names(lab.ofType("registry:Access"))).toEqual(names(trusting));
    for (const proof of lab.ofType("registry:Access")) expect(waitsFor(lab, proof, [lab.one("swarm:Service", "registry"), ...trusting])).toEqual([]);
  });

  test("the Swarm begins when the managers' engines run, whatever the workers' do", () => {
    const before = lab.before(lab.one("swarm:Cluster"));
    expect(names([...before].filter(({ type }) => type === "dockyard:hosts:Engine"))).toEqual(["m1", "m2", "m3"]);
  });

  test("workers come after the managers, and so leave before them", () => {
    expect(nodes("worker")).toHaveLength(2);
    expect(nodes("worker").flatMap((worker) => waitsFor(lab, worker, nodes("manager")))).toEqual([]);
    expect(nodes("manager").flatMap((manager) => [...lab.before(manager)].filter(({ type }) => type === "dockyard:swarm:Node"))).toEqual([]);
    for (const node of lab.ofType("swarm:Node")) expect(waitsFor(lab, node, [lab.one("hosts:Engine", node.name)])).toEqual([]);
  });

  test("networks, secrets, configs and services come after all nodes, and so go before them", () => {
    const inSwarm = ["Network", "Secret", "Config", "Service"].flatMap((kind) => lab.ofType(`swarm:${kind}`));
    expect(inSwarm.length).toBeGreaterThan(14);
    expect(inSwarm.flatMap((resource) => waitsFor(lab, resource, lab.ofType("swarm:Node")))).toEqual([]);
  });

  test("applications' images are pushed once the registry serves; its own comes from the host", () => {
    const registry = lab.one("swarm:Service", "registry");
    const [own, pushed] = [lab.one("registry:Image", "registry-image"), lab.ofType("registry:Image").filter(({ name }) => name !== "registry-image")];
    expect(pushed).toHaveLength(8);
    expect(pushed.flatMap((image) => waitsFor(lab, image, [registry]))).toEqual([]);
    for (const { inputs } of pushed) expect(inputs).toMatchObject({ registry: REGISTRY });
    expect(lab.before(own)).not.toContain(registry);
    expect(own.inputs["hosts"].map(({ address }: { address: string }) => address)).toEqual(["10.213.0.11"]);
    expect(waitsFor(lab, registry, [own])).toEqual([]);
  });

  test("nothing waits for itself", () => {
    expect(lab.all.filter((resource) => lab.before(resource).has(resource))).toEqual([]);
  });
});

describe("the order of what is listed", () => {
  test("means nothing for networks and applications", async () => {
    const configuration = withWorkers();
    for (const list of ["networks", "applications"]) configuration[list].reverse();
    const { graph } = await workspace.run(configuration);
    expect(sortedWires(graph)).toEqual(sortedWires(lab));
  });

  const sortedWires = ({ all }: Graph) => all.map(({ urn, wire }) => ({ urn, wire })).sort((a, b) => (a.urn < b.urn ? -1 : 1));
});

test("tasks are spread again after everything else, and only where a count asks for it", async () => {
  expect(lab.ofType("swarm:Rebalance")).toEqual([]);
  const configuration = withWorkers();
  const { graph } = await workspace.run({ ...configuration, swarm: { ...configuration["swarm"], rebalance: { count: 2 } } });
  const step = graph.one("swarm:Rebalance");
  expect(step.inputs).toMatchObject({ count: 2, pause: "5s" });
  expect(waitsFor(graph, step, [...graph.ofType("swarm:Node"), ...graph.ofType("swarm:Service")].filter(({ name }) => name !== "registry"))).toEqual([]);
});
