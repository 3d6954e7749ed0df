import { majority } from "../node/quorum";

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

/** Managers that answer, of all that raft counts. */
export interface Quorum {
  readonly reachable: number;
  readonly of: number;
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
    return { steps: course.steps };
  } catch (error) {
    if (error instanceof NoMajority) return { steps: course.steps, refusal: error.message };
    throw error;
  }
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
    const [before, after] = [quorumOf(this.members), quorumOf(then)];
    if (after.reachable < majority(after.of)) throw new NoMajority(noMajority(node, what, this.members, after));
    this.steps.push({ node, do: what, ...(role && { role }), because, before, after });
    this.members = then;
  }
}

const WORDS: Readonly<Record<Availability, string>> = { active: "active", pause: "paused", drain: "drained" };

/** Managers that answer, of all. */
export function quorumOf(members: readonly Member[]): Quorum {
  const managers = members.filter(({ role }) => role === "manager");
  return { reachable: managers.filter(({ up }) => up).length, of: managers.length };
}

function noMajority(node: string, what: string, members: readonly Member[], { reachable, of }: Quorum): string {
  if (of === 0) return `to ${what} ${node} would leave no manager at all; keep one, or make another node a manager first`;
  const silent = members.filter(({ name, role, up }) => role === "manager" && !up && name !== node).map(({ name }) => name);
  return `to ${what} ${node} would leave ${reachable} of ${of} managers that answer, and ${majority(of)} are needed; bring back ${silent.join(", ")} first, or take them out of the configuration`;
}
