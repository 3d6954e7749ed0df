import { deadAndUnwanted, foreseen, planChange } from "../../../../provider/swarm/plan/foresee";
import type { SwarmNode } from "../../../../provider/swarm/node/membership";

const OURS = { "dockyard.machine": "x" };
const node = (name: string, role: "manager" | "worker", more: { id?: string; up?: boolean; labels?: Record<string, string>; leader?: boolean } = {}): SwarmNode => ({
  ID: more.id ?? `id-${name}`,
  Version: { Index: 1 },
  Spec: { Role: role, Availability: "active", Labels: more.labels ?? OURS },
  Description: { Hostname: name },
  Status: { State: more.up === false ? "down" : "ready", Addr: "10.0.0.1" },
  ...(role === "manager" && { ManagerStatus: { Leader: more.leader ?? false, Reachability: more.up === false ? ("unreachable" as const) : ("reachable" as const), Addr: "10.0.0.1:2377" } }),
});
const wanted = (name: string, role: "manager" | "worker" = "manager") => ({ name, role, availability: "active" as const });
const steps = (nodes: readonly SwarmNode[], goal: Parameters<typeof planChange>[1]) => planChange(nodes, goal).steps.map((step) => `${step.do} ${step.node}`);

describe("the change of nodes as they are", () => {
  it("leaves alone those that this program never made", () =>
    expect(steps([node("m1", "manager"), node("theirs", "worker", { labels: {} }), node("w1", "worker")], [wanted("m1")])).toEqual(["leave w1"]));

  it("tells the former node of a machine from the one that joined again", () => {
    const nodes = [node("m1", "manager", { leader: true }), node("m2", "manager"), node("m2", "manager", { id: "0123456789abcdef", up: false })];
    expect(steps(nodes, [wanted("m1"), wanted("m2")])).toEqual(["remove m2 (0123456789ab)"]);
    expect(deadAndUnwanted(nodes, [wanted("m1"), wanted("m2")]).map(({ ID }) => ID)).toEqual(["0123456789abcdef"]);
  });

  it("has to be without the dead that nobody wants, not without those that may come back", () => {
    const nodes = [node("m1", "manager"), node("m2", "manager"), node("m3", "manager", { up: false }), node("m4", "manager", { up: false }), node("m5", "manager")];
    expect(deadAndUnwanted(nodes, [wanted("m1"), wanted("m2"), wanted("m3"), wanted("m5"), wanted("m6")]).map(({ ID }) => ID)).toEqual(["id-m4"]);
  });

  it("removes nobody where the program does not say which nodes it wants", () =>
    expect(deadAndUnwanted([node("m1", "manager"), node("m2", "manager", { up: false }), node("w1", "worker", { up: false })], [])).toEqual([]));
});

describe("the change as a preview foresees it", () => {
  it("is the steps from the nodes of the last update to the wanted ones", () =>
    expect(foreseen([wanted("m1")], [wanted("m1"), wanted("w1", "worker")])).toBe("1 step of the nodes, in this order:\n  1. join w1 as a worker: it is new"));
  it("is nothing without a change, before the first update, and where everything goes", () => {
    expect(foreseen([wanted("m1")], [wanted("m1")])).toBeUndefined();
    expect(foreseen([], [wanted("m1")])).toBeUndefined();
    expect(foreseen([wanted("m1")], [])).toBeUndefined();
  });
  it("says what would be refused", () => expect(foreseen([wanted("m1")], [wanted("m1", "worker")])).toContain("refused from here on: to demote m1 would leave no manager at all"));
});
