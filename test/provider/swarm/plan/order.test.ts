import fc from "fast-check";
import type { PlannedNode } from "../../../../provider/configuration";
import { Refused } from "../../../../provider/resource";
import type { SwarmNode } from "../../../../provider/swarm/node/membership";
import { hasMajority } from "../../../../provider/swarm/node/quorum";
import { deadAndUnwanted, keptInRaft, placeOf, planChange } from "../../../../provider/swarm/plan/foresee";
import { type MembershipPlan, type Phase, phaseOf } from "../../../../provider/swarm/plan/membershipPlan";
import { Turns } from "../../../../provider/turns";

type Role = PlannedNode["role"];
const node = (name: string, role: Role, up = true, leader = false): SwarmNode => ({
  ID: `id-${name}`,
  Version: { Index: 1 },
  Spec: { Role: role, Availability: "active", Labels: { "dockyard.machine": name } },
  Description: { Hostname: name },
  Status: { State: up ? "ready" : "down", Addr: "10.0.0.1" },
  ...(role === "manager" && { ManagerStatus: { Leader: leader, Reachability: up ? ("reachable" as const) : ("unreachable" as const), Addr: "10.0.0.1:2377" } }),
});
const wish = (name: string, role: Role): PlannedNode => ({ name, role, availability: "active" });

/**
 * A Swarm that does what the steps of nodes do to a real one, asked for them in the order in which Pulumi asks: managers side by side,
 * then workers, then what is deleted. Turns, places, the rule of the majority and the removal of the dead are the real ones.
 */
class Followed {
  readonly done: string[] = [];
  readonly refused: string[] = [];
  private readonly turns = new Turns(40);
  private readonly plan: MembershipPlan;

  constructor(
    public nodes: readonly SwarmNode[],
    private readonly wanted: readonly PlannedNode[],
  ) {
    this.plan = planChange(nodes, wanted);
  }

  /** @param shuffled brings what Pulumi asks for side by side into some order */
  async follow(shuffled: <T>(items: readonly T[]) => T[]): Promise<void> {
    const wanted = (role: Role) => shuffled(this.wanted.filter((each) => each.role === role));
    await Promise.all(wanted("manager").map(({ name }) => this.bringIn(name)));
    await Promise.all(wanted("worker").map(({ name }) => this.makeWorker(name)));
    const gone = shuffled(this.nodes.filter(({ Description }) => !this.wanted.some(({ name }) => name === Description.Hostname)));
    await Promise.all(gone.filter(({ ManagerStatus }) => !ManagerStatus).map(({ Description }) => this.drop(Description.Hostname)));
    await Promise.all(gone.filter(({ ManagerStatus }) => ManagerStatus).map(({ Description }) => this.letGo(Description.Hostname)));
  }

  private async bringIn(name: string): Promise<void> {
    const there = this.find(name);
    if (there?.ManagerStatus) return;
    await this.inTurn(name, "in", () => {
      this.removeDead();
      this.put(node(name, "manager", there === undefined || there.Status.State === "ready"));
      this.done.push(`${there ? "promote" : "join"} ${name}`);
    });
  }

  private async makeWorker(name: string): Promise<void> {
    if (this.find(name)?.ManagerStatus === undefined) return this.put(this.find(name) ?? node(name, "worker"));
    await this.inTurn(name, "demote", () => {
      this.removeDead(name);
      this.assertMajorityWithout(name);
      this.put(node(name, "worker", this.find(name)!.Status.State === "ready"));
      this.done.push(`demote ${name}`);
    });
  }

  private async letGo(name: string): Promise<void> {
    await this.inTurn(name, "leave", () => {
      const there = this.find(name);
      if (!there) return;
      this.removeDead(name);
      this.assertMajorityWithout(name);
      this.drop(name);
      this.done.push(`${there.Status.State === "ready" ? "leave" : "remove"} ${name}`);
    });
  }

  private async inTurn(name: string, phase: Phase, work: () => void): Promise<void> {
    const step = async () => {
      await new Promise(setImmediate);
      work();
      expect(this.majority()).toBe(true);
    };
    await this.turns.take({ name, ...placeOf(this.plan, name, phase), othersGoOn: true }, step).catch((error: Error) => {
      if (!(error instanceof Refused)) throw error;
      this.refused.push(error.message);
    });
  }

  private removeDead(spared?: string): void {
    for (const { ID, ManagerStatus, Description } of deadAndUnwanted(this.nodes, this.wanted)) {
      if (!ManagerStatus || ID === `id-${spared}`) continue;
      this.assertMajorityWithout(Description.Hostname);
      this.drop(Description.Hostname);
      this.done.push(`remove ${Description.Hostname}`);
    }
  }

  private assertMajorityWithout(name: string): void {
    const problem = keptInRaft(this.nodes, `id-${name}`);
    if (problem) throw new Refused(problem);
  }

  private majority(): boolean {
    const managers = this.nodes.filter(({ ManagerStatus }) => ManagerStatus !== undefined);
    return hasMajority({ reachable: managers.filter(({ ManagerStatus }) => ManagerStatus!.Reachability === "reachable").length, of: managers.length });
  }

  private find(name: string): SwarmNode | undefined {
    return this.nodes.find(({ Description }) => Description.Hostname === name);
  }

  private put(one: SwarmNode): void {
    const there = this.find(one.Description.Hostname);
    this.nodes = there ? this.nodes.map((each) => (each === there ? one : each)) : [...this.nodes, one];
  }

  private drop(name: string): void {
    this.nodes = this.nodes.filter(({ Description }) => Description.Hostname !== name);
  }
}

/** What a plan does to raft: the dead that are removed, and the rest in its order. */
function planned({ steps }: MembershipPlan, nodes: readonly SwarmNode[]) {
  const managers = nodes.filter(({ ManagerStatus }) => ManagerStatus).map(({ Description }) => Description.Hostname);
  return {
    removed: steps.filter((step) => step.do === "remove" && managers.includes(step.node)).map((step) => `remove ${step.node}`).sort(),
    inOrder: steps.filter((step) => phaseOf(step) !== undefined).map((step) => `${step.do} ${step.node}`),
  };
}

const NAMES = ["a", "b", "c", "d", "e", "f", "g", "h"];
const role = fc.constantFrom<Role>("manager", "worker");
const cluster = fc
  .uniqueArray(fc.record({ name: fc.constantFrom(...NAMES), role, up: fc.boolean() }), { selector: ({ name }) => name, minLength: 1 })
  .map((members) => {
    const leader = members.find((member) => member.role === "manager" && member.up);
    return members.map((member) => node(member.name, member.role, member.up, member === leader));
  })
  .filter((nodes) => {
    const managers = nodes.filter(({ ManagerStatus }) => ManagerStatus);
    return managers.length <= 7 && hasMajority({ reachable: managers.filter(({ ManagerStatus }) => ManagerStatus!.Reachability === "reachable").length, of: managers.length });
  });
const goal = fc
  .uniqueArray(fc.record({ name: fc.constantFrom(...NAMES), role }), { selector: ({ name }) => name, minLength: 1 })
  .map((wishes) => wishes.map(({ name, role: as }) => wish(name, as)));

describe("what runs, in the order in which Pulumi asks for it", () => {
  it("is what was planned: all of it is accepted where the plan is, in the plan's order", () =>
    fc.assert(
      fc.asyncProperty(cluster, goal, fc.infiniteStream(fc.nat()), async (nodes, wanted, numbers) => {
        const plan = planChange(nodes, wanted);
        fc.pre(plan.refusal === undefined); // such a plan is refused as a whole, before its first step
        const followed = new Followed(nodes, wanted);
        await followed.follow((items) => shuffle(items, () => numbers.next().value!));
        expect(followed.refused).toEqual([]);
        const { removed, inOrder } = planned(plan, nodes);
        const dead = followed.done.filter((step) => step.startsWith("remove "));
        expect(followed.done.filter((step) => !dead.includes(step))).toEqual(inOrder);
        expect(dead.sort()).toEqual(removed);
      }),
      { numRuns: 200 },
    ));

  it("takes two dead managers out before one that answers is demoted, whatever Pulumi deletes last", async () => {
    const nodes = [node("m1", "manager", true, true), node("m2", "manager"), node("m3", "manager"), node("m4", "manager", false), node("m5", "manager", false)];
    const followed = new Followed(nodes, [wish("m1", "manager"), wish("m2", "manager"), wish("m3", "worker")]);
    await followed.follow((items) => [...items]);
    expect([followed.refused, followed.done]).toEqual([[], ["remove m4", "remove m5", "demote m3"]]);
  });

  it("demotes the leader last of two, though it came first", async () => {
    const nodes = [node("m1", "manager", true, true), node("m2", "manager"), node("m3", "manager")];
    const followed = new Followed(nodes, [wish("m1", "worker"), wish("m2", "worker"), wish("m3", "manager")]);
    await followed.follow((items) => [...items]);
    expect(followed.done).toEqual(["demote m2", "demote m1"]);
  });
});

function shuffle<T>(items: readonly T[], next: () => number): T[] {
  const left = [...items];
  return items.map(() => left.splice(next() % left.length, 1)[0]!);
}
