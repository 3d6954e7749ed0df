import fc from "fast-check";
import { planSource } from "../../../cli/backup/source";
import type { SwarmNode } from "../../../provider/swarm/node/membership";

type Reachability = "reachable" | "unreachable";
const manager = (name: string, reachability: Reachability = "reachable", leader = false): SwarmNode => ({
  ID: name,
  Version: { Index: 1 },
  Spec: { Role: "manager", Availability: "active" },
  Description: { Hostname: name },
  Status: { State: reachability === "reachable" ? "ready" : "down", Addr: "" },
  ManagerStatus: { Reachability: reachability, Addr: "", ...(leader && { Leader: true }) },
});
const worker = (name: string): SwarmNode => ({ ...manager(name), Spec: { Role: "worker", Availability: "active" }, ManagerStatus: undefined });
const tasks = (counts: Record<string, number>) => new Map(Object.entries(counts));
const known = (nodes: readonly SwarmNode[]) => new Set(nodes.map(({ ID }) => ID));

describe("the manager whose engine stops for the copy", () => {
  const three = [manager("m1", "reachable", true), manager("m2"), manager("m3"), worker("w1")];

  it("is not the leader, and the one where the fewest tasks stop", () => {
    expect(planSource(three, tasks({ m1: 0, m2: 4, m3: 1 }), known(three), false)).toEqual({ do: "copy", nodeId: "m3", name: "m3", tasks: 1, downtime: false });
    expect(planSource(three, tasks({}), known(three), false)).toMatchObject({ name: "m2", tasks: 0 });
  });
  it("is one that can be reached over SSH", () => {
    expect(planSource(three, tasks({ m2: 4 }), new Set(["m1", "m2"]), false)).toMatchObject({ name: "m2" });
    expect(planSource(three, tasks({}), new Set(["m1"]), false)).toMatchObject({ do: "refuse", fix: "./dockyard refresh" });
  });
  it("is none while the quorum needs every one, downtime allowed or not", () => {
    const two = [manager("m1", "reachable", true), manager("m2"), manager("m3", "unreachable")];
    for (const allowed of [false, true]) {
      expect(planSource(two, tasks({}), known(two), allowed)).toEqual({
        do: "refuse",
        reason: "2 of 3 managers are reachable, and the quorum needs 2: none can be stopped for the copy",
        fix: "bring back m3 first",
      });
    }
  });
  it("is the only one when that is allowed, which is told before", () => {
    const one = [manager("m1", "reachable", true)];
    expect(planSource(one, tasks({ m1: 7 }), known(one), false)).toMatchObject({ do: "refuse", reason: expect.stringContaining("what runs there (tasks: 7) stops and starts again"), fix: expect.stringContaining("--allow-downtime") });
    expect(planSource(one, tasks({ m1: 7 }), known(one), true)).toEqual({ do: "copy", nodeId: "m1", name: "m1", tasks: 7, downtime: true });
  });
  it("never costs the quorum, whatever the Swarm looks like", () => {
    const nodes = fc.array(fc.boolean(), { minLength: 2, maxLength: 7 }).map((up) => up.map((reachable, index) => manager(`m${index}`, reachable ? "reachable" : "unreachable", index === up.indexOf(true))));
    fc.assert(
      fc.property(nodes, fc.boolean(), (all, allowed) => {
        const plan = planSource(all, tasks({}), known(all), allowed);
        if (plan.do === "refuse") return;
        const left = all.filter(({ ID, ManagerStatus }) => ID !== plan.nodeId && ManagerStatus!.Reachability === "reachable");
        expect(left.length).toBeGreaterThan(all.length / 2);
        expect(all.find(({ ID }) => ID === plan.nodeId)!.ManagerStatus!.Leader).toBeUndefined();
      }),
    );
  });
});
