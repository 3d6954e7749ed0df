import type { Graph } from "../support/mocks";
import { type StackConfiguration, withWorkers, Workspace } from "../support/program";
import { comparable } from "../support/wire";

/** What a change of the hosts changes: those hosts, and nothing that runs on the platform. */

jest.setTimeout(120_000);
const workspace = new Workspace();
afterAll(() => workspace.remove());

/** Type and name of each resource that is there in one of both only, or is asked for something else. */
function changes(before: Graph, after: Graph): string[] {
  const inputs = ({ all }: Graph) => new Map(all.map(({ urn, type, name, wire }) => [urn, { label: `${type.split(":").at(-1)} ${name}`, wire: JSON.stringify(comparable(wire)) }]));
  const [old, now] = [inputs(before), inputs(after)];
  const urns = [...new Set([...old.keys(), ...now.keys()])].filter((urn) => old.get(urn)?.wire !== now.get(urn)?.wire);
  return urns.map((urn) => (old.get(urn) ?? now.get(urn))!.label).sort();
}

async function changed(change: (configuration: StackConfiguration) => void): Promise<string[]> {
  const configuration = withWorkers();
  change(configuration);
  return changes(before, (await workspace.run(configuration)).graph);
}

let before: Graph;
beforeAll(async () => {
  ({ graph: before } = await workspace.run(withWorkers()));
});

test("a host more is that host alone", async () => {
  const found = await changed(({ hosts }) => hosts.hosts.push({ name: "w9", role: "worker", address: "10.213.0.19" }));
  expect(found).toEqual(["Access w9", "Container lab-w9", "Engine w9", "Host w9", "Node w9", "Trust w9", "Volume lab-w9"]);
});

test("a host less is that host alone", async () => {
  const found = await changed(({ hosts }) => hosts.hosts.pop());
  expect(found).toEqual(["Access w2", "Container lab-w2", "Engine w2", "Host w2", "Node w2", "Trust w2", "Volume lab-w2"]);
});

test("other managers are those nodes and whom the provider asks, not what runs in the Swarm", async () => {
  const role = (configuration: StackConfiguration, host: string, to: string) => Object.assign(configuration["hosts"].hosts.find(({ name }: { name: string }) => name === host), { role: to });
  const found = await changed((configuration) => {
    for (const worker of ["w1", "w2"]) role(configuration, worker, "manager");
  });
  expect(found).toEqual(["Node w1", "Node w2", "dockyard dockyard"]);
});

test("another label is that node alone", async () => {
  const found = await changed(({ hosts }) => Object.assign(hosts.hosts[1], { labels: { disk: "fast" } }));
  expect(found).toEqual(["Node m2"]);
});

test("a key of daemon.json is every engine, and nothing else", async () => {
  const found = await changed((configuration) => Object.assign(configuration, { engine: { daemon: { "log-driver": "local" } } }));
  expect(found).toEqual(["Engine m1", "Engine m2", "Engine m3", "Engine w1", "Engine w2"]);
});
