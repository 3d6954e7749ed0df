import fc from "fast-check";
import { planRecovery } from "../../../cli/lostQuorum/plan";
import { planText, viewsText } from "../../../cli/lostQuorum/text";
import { type ManagerView, type Said, viewOf } from "../../../cli/lostQuorum/views";
import type { SwarmNode } from "../../../provider/swarm/node/membership";

const raft = (index = 10) => ({ last: { term: 2, index }, files: 0, written: 0 });
const view = (name: string, said: Said): ManagerView => ({ name, address: `10.0.0.${name.slice(1)}`, ...said });
const silent = (name: string) => view(name, { says: "nothing", reason: `${name}: no SSH connection` });
const survivor = (name: string, index?: number) => view(name, { says: "no quorum", nodeId: `id-${name}`, reason: "no leader", raft: raft(index) });
const node = (name: string, member: "reachable" | "unreachable" | undefined, state: "ready" | "down" = "ready"): SwarmNode => ({
  ID: `id-${name}`,
  Version: { Index: 1 },
  Spec: { Role: "manager", Availability: "active" },
  Description: { Hostname: name },
  Status: { State: state, Addr: "" },
  ...(member && { ManagerStatus: { Reachability: member, Addr: "" } }),
});
const leader = (name: string, nodes: SwarmNode[], clusterId = "c") => view(name, { says: "quorum", nodeId: `id-${name}`, clusterId, nodes });

describe("a Swarm that has its quorum", () => {
  it("is left alone, also with a manager that is away", () => {
    const nodes = [node("m1", "reachable"), node("m2", "reachable"), node("m3", "unreachable", "down")];
    expect(planRecovery([leader("m1", nodes), leader("m2", nodes), silent("m3")], [])).toEqual({ do: "nothing", reason: "m1 sees a quorum (2 of 3 managers are reachable), so there is nothing to recover" });
  });
  it("is left alone while a member is cut off from it", () => {
    const nodes = [node("m1", "reachable"), node("m2", "reachable"), node("m3", "unreachable")];
    expect(planRecovery([leader("m1", nodes), leader("m2", nodes), survivor("m3")], [])).toMatchObject({ do: "nothing" });
  });
  it("is left alone while a node is on its way to become a manager", () => {
    expect(planRecovery([leader("m1", [node("m1", "reachable"), node("m2", undefined)])], [])).toMatchObject({ do: "nothing" });
  });
  it("may be just losing it: then it is not called well", () => {
    const nodes = [node("m1", "reachable"), node("m2", "unreachable"), node("m3", "unreachable")];
    const plan = planRecovery([leader("m1", nodes), silent("m2"), silent("m3")], ["m2", "m3"]);
    expect(plan).toMatchObject({ do: "refuse", reason: expect.stringContaining("m1 leads 3 managers and reaches 1 of them") });
  });
  it("is not chosen from two", () => {
    const plan = planRecovery([leader("m1", [node("m1", "reachable")], "c"), leader("m2", [node("m2", "reachable")], "d")], []);
    expect(plan).toMatchObject({ do: "refuse", reason: expect.stringContaining("m1, m2 each see a quorum of another Swarm") });
  });
});

describe("a Swarm that has lost its quorum", () => {
  it("goes on from the only survivor, once the user has said that the others are lost", () => {
    const views = [survivor("m1"), silent("m2"), silent("m3")];
    expect(planRecovery(views, [])).toMatchObject({
      do: "refuse",
      reason: "m2, m3 cannot be asked (m2: no SSH connection; m3: no SSH connection) and may be a quorum of 2 among themselves; a second Swarm beside it would be worse than none",
      fix: expect.stringContaining("./dockyard recover --lost m2 --lost m3"),
    });
    expect(planRecovery(views, ["m2", "m3"])).toEqual({
      do: "recover",
      survivor: "m1",
      because: "it is the only manager with the Swarm's state",
      steps: [{ do: "force new cluster", on: "m1" }, { do: "remove", names: ["m2", "m3"] }],
    });
  });
  it("goes on from the most recent of two, and the other one leaves", () => {
    const views = [survivor("m1", 10), survivor("m2", 12), silent("m3"), silent("m4"), silent("m5")];
    expect(planRecovery(views, ["m3", "m4", "m5"])).toMatchObject({
      survivor: "m2",
      because: "its state is the most recent by the end of their logs",
      steps: [{ do: "force new cluster", on: "m2" }, { do: "leave", name: "m1" }, { do: "remove", names: ["m1", "m3", "m4", "m5"] }],
    });
  });
  it("needs no word of the user where the others answer and have nothing", () => {
    const empty = (name: string) => view(name, { says: "no manager" });
    expect(planRecovery([survivor("m1"), empty("m2"), empty("m3")], [])).toMatchObject({ do: "recover", survivor: "m1" });
  });
  it.each<[string, ManagerView[], string[], RegExp]>([
    ["a majority answers, which only has to find each other", [survivor("m1"), survivor("m2"), silent("m3")], ["m3"], /2 of 3 managers, a majority: they need no recovery/],
    ["unlocking may bring the quorum back", [survivor("m1"), view("m2", { says: "locked" }), silent("m3")], ["m3"], /m2 is locked/],
    ["a manager is joining", [survivor("m1"), view("m2", { says: "pending" }), silent("m3")], ["m3"], /m2 is just joining/],
    ["nobody has the state", [view("m1", { says: "no manager" }), silent("m2"), silent("m3")], ["m2", "m3"], /no manager that answers has the Swarm's state/],
    ["a lost one answers", [survivor("m1"), survivor("m2"), silent("m3")], ["m2"], /--lost m2: it answers, so it is not lost/],
    ["a lost one is none of the stack's", [survivor("m1"), silent("m2"), silent("m3")], ["m9"], /--lost m9: the managers of this stack are m1, m2, m3/],
  ])("is not recovered while %s", (_, views, lost, reason) => {
    const plan = planRecovery(views, lost);
    expect(plan).toMatchObject({ do: "refuse", reason: expect.stringMatching(reason) });
  });
  it("goes on where an interrupted recovery stopped", () => {
    const nodes = [node("m1", "reachable"), node("m2", undefined, "ready"), node("m3", undefined, "down")];
    expect(planRecovery([leader("m1", nodes), survivor("m2"), silent("m3")], [])).toEqual({
      do: "recover",
      survivor: "m1",
      because: "it has had a quorum since an earlier recovery, and the steps below are still to be done",
      steps: [{ do: "leave", name: "m2" }, { do: "remove", names: ["m3", "m2"] }],
    });
  });
  it("never goes on while silent managers that nobody has given up are a majority, nor from a copy that is not the latest", () => {
    const said = fc.oneof(
      fc.constant<Said>({ says: "nothing", reason: "x" }),
      fc.integer({ min: 0, max: 5 }).map((index): Said => ({ says: "no quorum", nodeId: "n", reason: "x", raft: raft(index) })),
      fc.constant<Said>({ says: "locked" }),
      fc.constant<Said>({ says: "no manager" }),
      fc.constant<Said>({ says: "broken", reason: "x" }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(said, fc.boolean()), { minLength: 1, maxLength: 7 }), (managers) => {
        const views = managers.map(([each], index) => view(`m${index}`, each));
        const lost = views.filter(({ says }, index) => says === "nothing" && managers[index]![1]).map(({ name }) => name);
        const plan = planRecovery(views, lost);
        if (plan.do !== "recover") return;
        const needed = Math.floor(views.length / 2) + 1;
        expect(views.filter(({ name, says }) => says === "nothing" && !lost.includes(name)).length).toBeLessThan(needed);
        const indexes = views.flatMap((each) => (each.says === "no quorum" ? [[each.name, each.raft.last!.index] as const] : []));
        expect(Math.max(...indexes.map(([, index]) => index))).toBe(new Map(indexes).get(plan.survivor));
        const done = plan.steps.flatMap((step) => (step.do === "leave" ? [step.name] : []));
        expect(done).not.toContain(plan.survivor);
        for (const [name] of indexes) expect(name === plan.survivor || done.includes(name)).toBe(true);
      }),
    );
  });
});

describe("what an engine says", () => {
  it.each<[Parameters<typeof viewOf>, Partial<Said>]>([
    [[{ LocalNodeState: "active", ControlAvailable: true, NodeID: "n", Cluster: { ID: "c" } }, [], undefined], { says: "quorum", clusterId: "c" }],
    [[{ LocalNodeState: "active", ControlAvailable: true, NodeID: "n", Error: "no leader\n" }, undefined, raft()], { says: "no quorum", reason: "no leader" }],
    [[{ LocalNodeState: "active", ControlAvailable: true, NodeID: "n", Error: "no leader" }, undefined, undefined], { says: "broken" }],
    [[{ LocalNodeState: "pending", ControlAvailable: true, NodeID: "n", Error: "no leader" }, undefined, raft()], { says: "no quorum" }],
    [[{ LocalNodeState: "active", ControlAvailable: false }, undefined, undefined], { says: "worker" }],
    [[{ LocalNodeState: "inactive" }, undefined, undefined], { says: "no manager" }],
    [[{ LocalNodeState: "error", NodeID: "n", Error: "certificate has expired" }, undefined, undefined], { says: "broken", reason: "certificate has expired" }],
    [[{ LocalNodeState: "locked" }, undefined, undefined], { says: "locked" }],
    [[{ LocalNodeState: "pending" }, undefined, undefined], { says: "pending" }],
  ])("%j", (input, said) => expect(viewOf(...input)).toMatchObject(said));
});

test("the plan is told before it is done", () => {
  const views = [survivor("m1", 10), silent("m2"), silent("m3")];
  const plan = planRecovery(views, ["m2", "m3"]);
  if (plan.do !== "recover") throw new Error("no plan");
  expect(viewsText(views).split("\n")[1]).toBe("m1       10.0.0.1  it sees no quorum; its log ends at 10 of term 2, last written 1970-01-01T00:00:00Z");
  expect(planText(plan).split("\n")).toEqual([
    "The Swarm goes on from m1: it is the only manager with the Swarm's state.",
    "  1. m1 becomes the only manager, with all services, secrets, configs and networks of its state; its tasks go on running",
    "  2. the entries of m2, m3 are taken out of the list of nodes",
    "  3. you: ./dockyard up, which lets the other managers join again",
  ]);
});
