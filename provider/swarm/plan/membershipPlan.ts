import { hasMajority, majority, type Quorum } from "../node/quorum";

export type Role = "manager" | "worker";
export type Availability = "active" | "pause" | "drain";

/** A node as the managers see it. */
export interface Member {
  readonly name: string;
  readonly role: Role;
  readonly availability: Availability;
  /** Whether it answers: a manager is reachable in raft, a worker is ready. */
  readonly up: boolean;
  readonly leader?: boolean;
  /** machine-id that it joined with; left out, not known. */
  readonly machine?: string;
}

/** A node as the configuration wants it. */
export interface WantedMember {
  readonly name: string;
  readonly role: Role;
  readonly availability: Availability;
  /** machine-id of the host that is there now; left out, not known yet. */
  readonly machine?: string;
}

export interface MembershipStep {
  readonly node: string;
  readonly do: "remove" | "join" | "promote" | "demote" | Availability | "leave";
  /** As what it joins. */
  readonly role?: Role;
  readonly because: string;
  readonly before: Quorum;
  readonly after: Quorum;
}

export interface MembershipPlan {
  readonly steps: readonly MembershipStep[];
  /** Why the plan ends before everything is as wanted: the next step would leave raft without a majority. */
  readonly refusal?: string;
  /** Managers whose steps have no order among themselves yet: the leader goes last of them, and who leads is not known. */
  readonly unordered?: readonly string[];
}

/**
 * The steps from the nodes that there are to those that are wanted, in the order in which the resources go:
 *
 * 1. dead nodes that are not wanted any more, and ghosts of machines that were replaced: raft then counts fewer
 * 2. managers that join or are promoted, one after the other
 * 3. workers that join, managers that become workers, the leader last of all
 * 4. nodes that leave: workers, managers, the leader last
 *
 * Nobody knows whether a manager that joins will answer at once, so the dead go first: of three managers with one dead, the
 * fourth would make it two of four for a moment. A step after which no majority answers is never planned. Pure.
 * @param members of which `unplanned` ones, that are in no configuration and never were, are left alone
 */
export function planMembership(members: readonly Member[], wanted: readonly WantedMember[], unplanned: ReadonlySet<string> = new Set()): MembershipPlan {
  const course = new Course(members);
  const wantedNames = new Set(wanted.map(({ name }) => name));
  const goes = ({ name }: Member) => !wantedNames.has(name) && !unplanned.has(name);
  const order = (role: Role) => leaderLast(wanted.filter((each) => each.role === role), course);
  try {
    for (const member of members.filter((each) => goes(each) && !each.up)) course.remove(member, "it does not answer and is not wanted any more");
    for (const each of wanted) course.removeGhost(each);
    for (const each of order("manager")) course.bring(each);
    for (const each of order("worker")) course.bring(each);
    for (const member of leaving(course.members.filter(goes))) course.leave(member);
  } catch (error) {
    if (!(error instanceof NoMajority)) throw error;
    return { steps: course.steps, refusal: error.message };
  }
  const unordered = members.some(({ leader }) => leader) ? [] : rivals(course.steps);
  return { steps: course.steps, ...(unordered.length > 0 && { unordered }) };
}

/** Steps of one kind are taken side by side, but for what changes raft. */
export type Phase = "in" | "demote" | "leave";

/** In which phase of the change a step takes a node into raft or out of it; undefined for what raft does not notice, and for the dead. Pure. */
export function phaseOf({ do: what, before, after }: MembershipStep): Phase | undefined {
  if (before.of === after.of) return undefined;
  if (what === "join" || what === "promote") return "in";
  return what === "demote" || what === "leave" ? what : undefined;
}

/** Managers of which the leader would go last, in each phase that takes several out of raft. */
function rivals(steps: readonly MembershipStep[]): string[] {
  return (["demote", "leave"] as const).flatMap((phase) => {
    const nodes = steps.filter((step) => phaseOf(step) === phase).map(({ node }) => node);
    return nodes.length > 1 ? nodes : [];
  });
}

class NoMajority extends Error {}

/** Workers first, so that nobody is left without a manager to ask; the leader last, so that it changes once. */
function leaving(members: readonly Member[]): Member[] {
  const rank = ({ role, leader }: Member) => (role === "worker" ? 0 : leader ? 2 : 1);
  return [...members].sort((a, b) => rank(a) - rank(b));
}

function leaderLast(wanted: readonly WantedMember[], { members }: Course): WantedMember[] {
  const leads = ({ name }: WantedMember) => Number(members.some((member) => member.name === name && member.leader === true));
  return [...wanted].sort((a, b) => leads(a) - leads(b));
}

/** What the steps so far have made of the cluster. */
class Course {
  readonly steps: MembershipStep[] = [];
  members: readonly Member[];

  constructor(members: readonly Member[]) {
    this.members = members;
  }

  removeGhost({ name, machine }: WantedMember): void {
    const ghost = this.members.find((member) => member.name === name && machine !== undefined && member.machine !== undefined && member.machine !== machine);
    if (ghost) this.remove(ghost, "another machine has its name now");
  }

  remove(member: Member, because: string): void {
    this.step(member.name, "remove", because, this.members.filter((each) => each !== member));
  }

  bring({ name, role, availability, machine }: WantedMember): void {
    const member = this.members.find((each) => each.name === name);
    if (!member) {
      this.step(name, "join", "it is new", [...this.members, { name, role, availability: "active", up: true, machine }], role);
    } else if (member.role !== role) {
      this.step(name, role === "manager" ? "promote" : "demote", `it is a ${member.role}`, this.with(name, { role, leader: false }));
    }
    const found = this.members.find((each) => each.name === name)!.availability;
    if (found !== availability) this.step(name, availability, `it is ${WORDS[found]}`, this.with(name, { availability }));
  }

  leave(member: Member): void {
    this.step(member.name, "leave", "it is not wanted any more", this.members.filter(({ name }) => name !== member.name));
  }

  private with(name: string, change: Partial<Member>): Member[] {
    return this.members.map((member) => (member.name === name ? { ...member, ...change } : member));
  }

  private step(node: string, what: MembershipStep["do"], because: string, then: readonly Member[], role?: Role): void {
    const refusal = majorityLost(node, what, then);
    if (refusal !== undefined) throw new NoMajority(refusal);
    this.steps.push({ node, do: what, ...(role && { role }), because, before: quorumOf(this.members), after: quorumOf(then) });
    this.members = then;
  }
}

const WORDS: Readonly<Record<Availability, string>> = { active: "active", pause: "paused", drain: "drained" };

/** Managers that answer, of all. */
export function quorumOf(members: readonly Member[]): Quorum {
  const managers = members.filter(({ role }) => role === "manager");
  return { reachable: managers.filter(({ up }) => up).length, of: managers.length };
}

/**
 * Why a step must not be taken, or undefined where it may: raft would have no majority after it. Asked for each step of a plan, and
 * once more when its turn comes, with the nodes as they are then. Pure.
 */
export function majorityLost(node: string, what: MembershipStep["do"], then: readonly Member[]): string | undefined {
  const { reachable, of } = quorumOf(then);
  if (hasMajority({ reachable, of })) return undefined;
  if (of === 0) return `to ${what} ${node} would leave no manager at all; keep one, or make another node a manager first`;
  const silent = then.filter(({ role, up }) => role === "manager" && !up).map(({ name }) => name);
  return `to ${what} ${node} would leave ${reachable} of ${of} managers that answer, and ${majority(of)} are needed; bring back ${silent.join(", ")} first, or take them out of the configuration`;
}
