import fc from "fast-check";
import { majority } from "../../../../provider/swarm/node/quorum";
import { type Member, type MembershipStep, planMembership, quorumOf, type WantedMember } from "../../../../provider/swarm/plan/membershipPlan";
import { planText } from "../../../../provider/swarm/plan/planText";

const manager = (name: string, more: Partial<Member> = {}): Member => ({ name, role: "manager", availability: "active", up: true, ...more });
const worker = (name: string, more: Partial<Member> = {}): Member => ({ ...manager(name, more), role: "worker" });
const wantedAs = (members: readonly Member[]): WantedMember[] => members.map(({ name, role, availability, machine }) => ({ name, role, availability, machine }));
const told = (members: readonly Member[], wanted: readonly WantedMember[]) => {
  const { steps, refusal } = planMembership(members, wanted);
  return [...steps.map((step) => `${step.do} ${step.node} ${step.after.reachable}/${step.after.of}`), ...(refusal ? [refusal] : [])];
};
const THREE = [manager("m1", { leader: true }), manager("m2"), manager("m3")];

describe("the steps of a change", () => {
  it("are none where all is as wanted", () => expect(told([...THREE, worker("w1")], wantedAs([...THREE, worker("w1")]))).toEqual([]));

  it("grow from one manager to three and to five, one after the other", () => {
    expect(told([manager("m1")], wantedAs(THREE))).toEqual(["join m2 2/2", "join m3 3/3"]);
    expect(told(THREE, wantedAs([...THREE, manager("m4"), manager("m5")]))).toEqual(["join m4 4/4", "join m5 5/5"]);
  });

  it("shrink with the leader last", () => expect(told(THREE, wantedAs([manager("m3")]))).toEqual(["leave m2 2/2", "leave m1 1/1"]));

  it("promote before they demote, and demote the leader last", () => {
    const members = [...THREE, worker("w1"), worker("w2")];
    const wanted = wantedAs([worker("m1"), worker("m2"), manager("m3"), manager("w1"), manager("w2")]);
    expect(told(members, wanted)).toEqual(["promote w1 4/4", "promote w2 5/5", "demote m2 4/4", "demote m1 3/3"]);
  });

  it("remove the dead before anybody joins", () => {
    const members = [manager("m1", { leader: true }), manager("m2"), manager("m3", { up: false }), worker("w1", { up: false })];
    expect(told(members, wantedAs([...THREE.slice(0, 2), manager("m4")]))).toEqual(["remove m3 2/2", "remove w1 2/2", "join m4 3/3"]);
  });

  it("remove the ghost of a machine that was replaced, and let the new one join", () => {
    const members = [manager("m1", { machine: "a", leader: true }), manager("m2", { machine: "b" }), manager("m3", { machine: "c", up: false })];
    const wanted = wantedAs([...members.slice(0, 2), manager("m3", { machine: "d" })]);
    expect(told(members, wanted)).toEqual(["remove m3 2/2", "join m3 3/3"]);
  });

  it("drain, pause and activate", () =>
    expect(told([...THREE, worker("w1"), worker("w2"), worker("w3", { availability: "drain" })], wantedAs([...THREE, worker("w1", { availability: "drain" }), worker("w2", { availability: "pause" }), worker("w3")]))).toEqual([
      "drain w1 3/3", "pause w2 3/3", "active w3 3/3",
    ]));

  it("leave alone what was never ours", () => expect(planMembership([...THREE, worker("theirs")], wantedAs(THREE), new Set(["theirs"])).steps).toEqual([]));

  it("end where the majority would be lost, and say who has to come back", () => {
    const members = [manager("m1", { leader: true }), manager("m2"), manager("m3", { up: false })];
    expect(told(members, wantedAs([manager("m1"), worker("m2"), manager("m3")]))).toEqual([
      "to demote m2 would leave 1 of 2 managers that answer, and 2 are needed; bring back m3 first, or take them out of the configuration",
    ]);
    expect(told([manager("m1")], wantedAs([worker("m1")]))).toEqual(["to demote m1 would leave no manager at all; keep one, or make another node a manager first"]);
  });

  it("read as a list", () =>
    expect(planText(planMembership([...THREE, worker("w1")], wantedAs([manager("m1"), manager("m2"), worker("m3"), manager("w1", { availability: "drain" })])))).toBe(
      [
        "3 steps of the nodes, in this order:",
        "  1. promote w1: it is a worker (managers that answer: 3 of 3 → 4 of 4)",
        "  2. drain w1: it is active",
        "  3. demote m3: it is a manager (managers that answer: 4 of 4 → 3 of 3)",
      ].join("\n"),
    ));
});

describe("where nobody knows who leads", () => {
  const members = [manager("m1"), manager("m2"), manager("m3"), manager("m4"), manager("m5")];
  const firstLine = (wanted: readonly WantedMember[]) => planText(planMembership(members, wanted)).split("\n")[0];

  it("the managers that are demoted together, or leave together, are said to be in no order", () => {
    expect(firstLine(wantedAs([...members.slice(0, 3), worker("m4"), worker("m5")]))).toBe(
      "2 steps of the nodes, in this order but for m4, m5, of which the leader goes last (who leads is seen when they go):",
    );
    expect(firstLine(wantedAs(members.slice(0, 3)))).toMatch(/in this order but for m4, m5, of which/);
  });

  it("one alone has its place", () => expect(firstLine(wantedAs([...members.slice(0, 4), worker("m5")]))).toBe("1 step of the nodes, in this order:"));
});

describe("whatever is there and whatever is wanted", () => {
  const NAMES = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const availability = fc.constantFrom("active" as const, "pause" as const, "drain" as const);
  const machine = fc.constantFrom("1", "2");
  const cluster = fc
    .uniqueArray(fc.record({ name: fc.constantFrom(...NAMES), role: fc.constantFrom("manager" as const, "worker" as const), availability, machine, up: fc.boolean() }), { selector: ({ name }) => name, minLength: 1 })
    .map((members): Member[] => {
      const leader = members.find(({ role, up }) => role === "manager" && up);
      return members.map((member) => ({ ...member, leader: member === leader }));
    })
    .filter((members) => hasMajority(members));
  const goal = fc.uniqueArray(fc.record({ name: fc.constantFrom(...NAMES), role: fc.constantFrom("manager" as const, "worker" as const), availability, machine }), { selector: ({ name }) => name, minLength: 1 });

  it("no step leaves raft without a majority", () =>
    fc.assert(
      fc.property(cluster, goal, (members, wanted) => {
        const { steps } = planMembership(members, wanted);
        let now = members;
        for (const step of steps) {
          expect(quorumOf(now)).toEqual(step.before);
          now = done(now, step, wanted);
          expect(quorumOf(now)).toEqual(step.after);
          expect(hasMajority(now)).toBe(true);
        }
      }),
    ));

  it("the steps end in what is wanted, unless one of them is refused", () =>
    fc.assert(
      fc.property(cluster, goal, (members, wanted) => {
        const { steps, refusal } = planMembership(members, wanted);
        const end = steps.reduce((now, step) => done(now, step, wanted), members);
        if (refusal === undefined) expect(shape(end)).toEqual(shape(wanted));
        else expect(refusal).toMatch(/would leave/);
      }),
    ));

  it("interrupted anywhere and planned again, it ends in the same", () =>
    fc.assert(
      fc.property(cluster, goal, fc.nat(20), (members, wanted, cut) => {
        const whole = planMembership(members, wanted);
        const interrupted = whole.steps.slice(0, cut).reduce((now, step) => done(now, step, wanted), members);
        const again = planMembership(interrupted, wanted);
        const end = again.steps.reduce((now, step) => done(now, step, wanted), interrupted);
        expect(again.refusal === undefined).toBe(whole.refusal === undefined);
        if (whole.refusal === undefined) expect(shape(end)).toEqual(shape(wanted));
      }),
    ));

  it("a wish of managers that all answer is never refused", () =>
    fc.assert(
      fc.property(cluster.map((members) => members.map((member) => ({ ...member, up: true }))), goal.filter((wanted) => wanted.some(({ role }) => role === "manager")), (members, wanted) => {
        // Ghosts go before their machines join again: of those, a majority must be left to vote.
        const known = wanted.map(({ machine: _machine, ...rest }) => rest);
        expect(planMembership(members, known).refusal).toBeUndefined();
      }),
    ));
});

function hasMajority(members: readonly Member[]): boolean {
  const { reachable, of } = quorumOf(members);
  return of > 0 && reachable >= majority(of);
}

function shape(members: readonly WantedMember[]) {
  return members.map(({ name, role, availability }) => `${name} ${role} ${availability}`).sort();
}

/** What a step does, written down once more and apart from the planner. */
function done(members: readonly Member[], { node, do: what, role }: MembershipStep, wanted: readonly WantedMember[]): Member[] {
  const set = (change: Partial<Member>) => members.map((member) => (member.name === node ? { ...member, ...change } : member));
  switch (what) {
    case "remove":
    case "leave":
      return members.filter(({ name }) => name !== node);
    case "join":
      return [...members, { name: node, role: role!, availability: "active", up: true, machine: wanted.find(({ name }) => name === node)?.machine }];
    case "promote":
      return set({ role: "manager" });
    case "demote":
      return set({ role: "worker", leader: false });
    default:
      return set({ availability: what });
  }
}
