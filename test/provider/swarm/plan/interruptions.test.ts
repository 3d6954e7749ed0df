import { foretellRestart } from "../../../../provider/hosts/engineForetell";
import type { Operation } from "../../../../provider/resource";
import { MACHINE_LABEL, type SwarmNode } from "../../../../provider/swarm/node/membership";
import { goingDown } from "../../../../provider/swarm/plan/foresee";
import { type ClusterView, interruptionText, warnOfInterruptions } from "../../../../provider/swarm/plan/interruptions";
import type { LiveService, LiveTask } from "../../../../provider/swarm/service/engineApi";

const node = (name: string): SwarmNode => ({
  ID: name,
  Version: { Index: 1 },
  Spec: { Role: "worker", Availability: "active", Labels: { [MACHINE_LABEL]: `machine-${name}` } },
  Description: { Hostname: name },
  Status: { State: "ready", Addr: "" },
});
const service = (name: string, mounts: object[] = []): LiveService => ({
  ID: name,
  Version: { Index: 1 },
  Spec: { Name: name, Mode: { Replicated: { Replicas: 1 } }, TaskTemplate: { ContainerSpec: { Image: "i", Mounts: mounts as never } } },
});
const task = (of: string, on: string): LiveTask => ({ ID: `${of}.${on}`, ServiceID: of, NodeID: on, CreatedAt: "", DesiredState: "running", Status: { State: "running" } });
const DATA = { Type: "volume", Source: "data", Target: "/d" };
const CLUSTER: ClusterView = {
  nodes: [node("a"), node("b")],
  services: [service("web"), service("db", [DATA]), service("cache")],
  tasks: [task("web", "a"), task("db", "a"), task("cache", "b")],
};

/** An operation that sees the cluster through a shared look, as after a first one; with what it warned of. */
function operation(cluster: ClusterView | undefined) {
  const warnings: string[] = [];
  const shared = <T>(key: string, make: () => Promise<T>) => (key === "what runs where" ? Promise.resolve(cluster as T) : make());
  const op = { warn: (line: string) => void warnings.push(line), shared, stack: "no-such-stack", engines: { workersAtOnce: 1, backupMaxAge: 1000 } };
  return { op: op as unknown as Operation, warnings };
}

describe("what a node interrupts that goes down", () => {
  it("is told with the reason, and what is started elsewhere first by its name", () =>
    expect(interruptionText(CLUSTER, CLUSTER.nodes[0]!)).toBe(
      "service db is interrupted (its volume data is on this node; elsewhere it would start with another one); web has no task elsewhere and is started there first",
    ));
  it("is nothing where nothing runs alone", () => expect(interruptionText({ ...CLUSTER, tasks: [task("web", "a"), task("web", "b")] }, CLUSTER.nodes[0]!)).toBeUndefined());
  it("is more where the others go as well", async () => {
    const { op, warnings } = operation(CLUSTER);
    await warnOfInterruptions(op, ["a", "b"]);
    expect(warnings).toEqual([expect.stringMatching(/^while a goes down: service web is interrupted \(no other node takes tasks\); service db/), expect.stringMatching(/^while b goes down: service cache/)]);
  });
  it("is left out where no manager answers", async () => {
    const { op, warnings } = operation(undefined);
    await warnOfInterruptions(op, ["a"]);
    expect(warnings).toEqual([]);
  });
});

describe("nodes that a change takes down", () => {
  const planned = (name: string, availability: "active" | "drain" = "active") => ({ name, role: "worker" as const, availability });
  test.each([
    ["removed", [planned("a"), planned("b")], [planned("a")], ["b"]],
    ["drained", [planned("a"), planned("b")], [planned("a", "drain"), planned("b")], ["a"]],
    ["drained already", [planned("a", "drain")], [planned("a", "drain")], []],
    ["a drained one that comes back, and a new one", [planned("a", "drain")], [planned("a"), planned("b")], []],
    ["a program that names no nodes", [planned("a")], [], []],
  ])("%s", (_case, before, after, going) => expect(goingDown(before, after)).toEqual(going));
});

describe("a preview of an engine", () => {
  const connection = { address: "10.0.0.1", port: 22, user: "root", hostKey: "k" };
  const engine = (more: object) => ({ connection, host: "machine-a", ...more }) as never;
  const told = async (before: object, after: object) => {
    const { op, warnings } = operation(CLUSTER);
    await foretellRestart(op, [], { inputs: engine(before), outputs: { version: "26.1.5+dfsg1" } }, engine(after));
    return warnings;
  };
  it("tells what a restart interrupts", async () =>
    expect(await told({ daemon: {} }, { daemon: { "log-driver": "local" } })).toEqual([expect.stringMatching(/^while the engine of a restarts: service db is interrupted/)]));
  it("tells of a version also that a backup is missing", async () =>
    expect(await told({}, { package: { source: "distribution", version: "27" } })).toEqual([
      expect.stringMatching(/^another version of the engines will be refused: no backup was ever made/),
      expect.stringContaining("db is interrupted"),
    ]));
  it("tells nothing of a reload, nor of a version that runs already", async () => {
    expect(await told({ daemon: {} }, { daemon: { labels: ["a=b"] } })).toEqual([]);
    expect(await told({}, { package: { source: "distribution", version: "26.1.5" } })).toEqual([]);
  });
});
