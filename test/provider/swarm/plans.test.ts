import fc from "fast-check";
import type { SwarmInfo } from "../../../provider/remote/manager";
import { type Candidate, planCluster } from "../../../provider/swarm/cluster/plan";
import { stillDraining, type TaskPlace } from "../../../provider/swarm/node/drain";
import { MACHINE_LABEL, type SwarmNode } from "../../../provider/swarm/node/membership";
import { planJoin } from "../../../provider/swarm/node/plan";
import { majority } from "../../../provider/swarm/node/quorum";
import { keptInRaft } from "../../../provider/swarm/plan/foresee";

const inactive: SwarmInfo = { LocalNodeState: "inactive" };
const manager = (cluster: string): SwarmInfo => ({ LocalNodeState: "active", ControlAvailable: true, NodeID: "n", Cluster: { ID: cluster } });

describe("planCluster", () => {
  const cases: [string, Candidate[], object][] = [
    ["all free", [{ address: "a", swarm: inactive }, { address: "b", swarm: inactive }], { do: "init" }],
    ["one is in it", [{ address: "a", swarm: inactive }, { address: "b", swarm: manager("c1") }], { do: "adopt", clusterId: "c1", through: "b" }],
    ["one is in it, one is dead", [{ address: "a", unreachable: "a: dead" }, { address: "b", swarm: manager("c1") }], { do: "adopt", clusterId: "c1", through: "b" }],
    ["one is on its way", [{ address: "a", swarm: { LocalNodeState: "pending" } }], { do: "wait", reason: "a is pending" }],
    ["one has no leader", [{ address: "a", swarm: { LocalNodeState: "active", ControlAvailable: true, Error: "no leader" } }], { do: "wait", reason: "a is active: no leader" }],
  ];
  test.each(cases)("%s", (_, candidates, step) => expect(planCluster(candidates)).toEqual(step));

  const refused: [string, Candidate[], string][] = [
    ["two clusters", [{ address: "a", swarm: manager("c1") }, { address: "b", swarm: manager("c2") }], "belong to different Swarms: a (c1), b (c2)"],
    ["a worker of another", [{ address: "a", swarm: { LocalNodeState: "active", ControlAvailable: false } }], "a is a worker of some Swarm"],
    ["a locked one", [{ address: "a", swarm: { LocalNodeState: "locked" } }], 'a is in the state "locked"'],
    ["a silent one", [{ address: "a", swarm: inactive }, { address: "b", unreachable: "b: no SSH connection" }], "cannot be asked: b: no SSH connection"],
  ];
  test.each(refused)("%s is refused", (_, candidates, reason) => {
    expect(planCluster(candidates)).toEqual({ do: "refuse", reason: expect.stringContaining(reason) });
  });

  test("a Swarm is started only when every manager said that it is in none", () => {
    const swarm = fc.constantFrom<SwarmInfo | undefined>(inactive, manager("c1"), manager("c2"), { LocalNodeState: "pending" }, { LocalNodeState: "locked" }, { LocalNodeState: "error" }, undefined);
    fc.assert(
      fc.property(fc.array(swarm, { minLength: 1, maxLength: 7 }), (states) => {
        const plan = planCluster(states.map((state, index) => ({ address: `m${index}`, ...(state ? { swarm: state } : { unreachable: "silent" }) })));
        expect(plan.do === "init").toBe(states.every((state) => state?.LocalNodeState === "inactive"));
      }),
    );
  });
});

const node = (id: string, more: Partial<SwarmNode> = {}): SwarmNode => ({
  ID: id,
  Version: { Index: 1 },
  Spec: { Role: "worker", Availability: "active" },
  Description: { Hostname: id },
  Status: { State: "ready", Addr: `10.0.0.${id.length}` },
  ...more,
});
const managing = (id: string, reachable: boolean): SwarmNode =>
  node(id, { Spec: { Role: "manager", Availability: "active" }, ManagerStatus: { Reachability: reachable ? "reachable" : "unreachable", Addr: `${id}:2377` } });

describe("planJoin", () => {
  const host = { name: "w1", address: "10.0.0.9", machine: "abc", cluster: "c1" };
  test("a free host joins", () => expect(planJoin(host, inactive, [node("m1")])).toEqual({ do: "join", ghosts: [] }));
  test("a member is adopted", () => {
    expect(planJoin(host, { LocalNodeState: "active", NodeID: "n1" }, [node("n1", { Spec: { Role: "worker", Availability: "active", Labels: { [MACHINE_LABEL]: "abc" } } })])).toEqual({ do: "adopt", nodeId: "n1" });
  });
  test("one that is still joining is waited for", () => expect(planJoin(host, { LocalNodeState: "pending" }, [])).toMatchObject({ do: "wait" }));
  test("a member of another Swarm is left alone", () => {
    expect(planJoin(host, { LocalNodeState: "active", NodeID: "n7", Cluster: { ID: "c2" } }, [])).toEqual({ do: "refuse", reason: expect.stringContaining("a node of the Swarm c2, not of c1") });
  });
  test("a copied machine-id is refused, with both names", () => {
    const other = node("w2", { Spec: { Role: "worker", Availability: "active", Labels: { [MACHINE_LABEL]: "abc" } } });
    expect(planJoin(host, inactive, [other])).toEqual({ do: "refuse", reason: expect.stringMatching(/w1 \(10\.0\.0\.9\) has the machine-id abc, which the node w2/) });
  });
  test("a dead node of the same name, or another machine at the same address, is a ghost", () => {
    const dead = node("w1", { Status: { State: "down", Addr: "10.0.0.3" } });
    const replaced = node("old", { Status: { State: "ready", Addr: "10.0.0.9" }, Spec: { Role: "worker", Availability: "active", Labels: { [MACHINE_LABEL]: "was" } } });
    const namesake = node("w1", { ID: "live" });
    expect(planJoin(host, inactive, [dead, replaced, namesake, node("w3")])).toEqual({ do: "join", ghosts: [dead, replaced] });
  });
});

describe("the quorum", () => {
  test.each([[1, 1], [2, 2], [3, 2], [4, 3], [5, 3], [7, 4]])("of %d managers %d are a majority", (members, needed) => expect(majority(members)).toBe(needed));

  test("a manager may go exactly when a majority of those that stay is reachable", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }), fc.nat(), (reachable, pick) => {
        const nodes = [...reachable.map((ok, index) => managing(`m${index}`, ok)), node("worker")];
        const leaving = pick % reachable.length;
        const stay = reachable.filter((_, index) => index !== leaving);
        const fine = stay.length > 0 && stay.filter(Boolean).length > stay.length / 2;
        expect(keptInRaft(nodes, `m${leaving}`) === undefined).toBe(fine);
      }),
    );
  });
  test("the message names who has to come back", () => {
    expect(keptInRaft([managing("m1", true), managing("m2", false), managing("m3", true)], "m3")).toBe(
      "to demote m3 would leave 1 of 2 managers that answer, and 2 are needed; bring back m2 first, or take them out of the configuration",
    );
    expect(keptInRaft([managing("m1", true)], "m1")).toBe("to demote m1 would leave no manager at all; keep one, or make another node a manager first");
  });
  test("one whose demotion was asked for counts until raft has let it go", () => {
    const going = managing("m2", true);
    const nodes = [managing("m1", false), { ...going, Spec: { ...going.Spec, Role: "worker" as const } }, managing("m3", true)];
    expect(keptInRaft(nodes, "m3")).toContain("would leave 1 of 2 managers");
  });
});

test("a drained node is waited for until its own tasks ended and the slots of its services run elsewhere", () => {
  const task = (NodeID: string, State: string, more: Partial<TaskPlace> = {}): TaskPlace => ({ ServiceID: "s1", Slot: 1, NodeID, DesiredState: "running", Status: { State }, ...more });
  const onNode = task("n1", "running", { DesiredState: "shutdown" });
  const starting = task("n2", "preparing");
  const others = [task("n1", "shutdown"), task("n2", "running", { Slot: 2 }), task("n3", "preparing", { ServiceID: "s2" }), task("n3", "pending", { Slot: undefined })];
  expect(stillDraining([onNode, starting, ...others], "n1", new Set(["s1"]))).toEqual({ onNode: [onNode], waiting: [starting] });
});
