import * as z from "zod";
import { commandLine } from "../../remote/shell";
import { foreignName, PLAIN } from "../foreignName";

/** Whose a platform is: one state of one stack. It is an agreement among states, no secret and no defence against who manages the Swarm. */
export const Owner = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{16}$/, "16 hexadecimal digits").describe("Made once at random, and kept in the stack's state."),
  name: z.string().regex(PLAIN, "a short text of letters, digits and ._/@:,+-").describe('Project, stack and the machine that its state was begun on, "dockyard/prod@desk"; for people.'),
});
export type Owner = z.infer<typeof Owner>;

/** Environment variable with the owner whose platform this run is to take over. */
export const TAKE_OVER = "DOCKYARD_TAKE_OVER";

const ID_LABEL = "dockyard.owner";
const NAME_LABEL = "dockyard.owner-name";

/** Who wants to change a platform. */
export interface Claimant {
  /** Left out: a program that owns nothing, and may change what nobody owns. */
  readonly owner?: Owner;
  /** Id of the owner who is to lose it; of a Swarm without an owner, the Swarm's own id. */
  readonly takeOver?: string;
}

/** A Swarm, as far as it is somebody's. */
export interface OwnedSwarm {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>> | null | undefined;
}

/** The owner as labels of the Swarm itself. */
export function ownerLabels({ id, name }: Pick<Owner, "id" | "name">): Record<string, string> {
  return { [ID_LABEL]: id, [NAME_LABEL]: name };
}

/** The owner that the Swarm's labels tell, fit to be shown; undefined where they tell none. */
export function ownerIn(labels: OwnedSwarm["labels"]): { readonly id: string; readonly name: string } | undefined {
  const id = labels?.[ID_LABEL];
  return id === undefined ? undefined : { id: foreignName(id), name: foreignName(labels?.[NAME_LABEL] ?? "") };
}

/**
 * Why a Swarm must not be changed, or undefined when it may be: it is the claimant's, it is taken over by its owner's id, or nobody owns
 * it and the claimant's state knows it. Pure.
 * @param what what was met, to begin the message with: "host m1 (10.0.0.11)"
 * @param known whether the claimant's state knew it before, as that of a platform from before there were owners does
 */
export function notOwned(what: string, swarm: OwnedSwarm, { owner, takeOver }: Claimant, known: boolean): string | undefined {
  const there = ownerIn(swarm.labels);
  if (there === undefined) return known || owner === undefined || takeOver === swarm.id ? undefined : unowned(what, swarm.id, takeOver);
  if (owner !== undefined && (there.id === owner.id || there.id === takeOver)) return undefined;
  const self = owner === undefined ? "this program, which names no owner" : ownerText(owner);
  return (
    `${what} belongs to the platform of ${ownerText(there)}, not to ${self}; nothing was changed. ${otherwiseNamed(takeOver)}` +
    `Work with the state of ${there.name}, or take other hosts. Only if that one is to lose its platform to this one, name it: ${takeOverText(there.id)}`
  );
}

/** Why a host must not be changed that is in a Swarm of which no manager can be asked. Pure. */
export function notAnswered(what: string, swarm: string, { takeOver }: Claimant, known: boolean): string | undefined {
  if (known || takeOver === swarm) return undefined;
  return (
    `${what} is in the Swarm ${swarm}, which this state does not know, and no manager of it answers here to say whose it is; nothing was changed. ${otherwiseNamed(takeOver)}` +
    `Bring a manager of it back, or let the host leave it (docker swarm leave --force). Only if its owner is to lose it, name the Swarm: ${takeOverText(swarm)}`
  );
}

function unowned(what: string, swarm: string, takeOver: string | undefined): string {
  return (
    `${what} is in the Swarm ${swarm}, which has no owner and which this state does not know: it was made by hand, or by an earlier version for another state; ` +
    `nothing was changed. ${otherwiseNamed(takeOver)}Let its hosts leave it (docker swarm leave --force), or take it over by its name: ${takeOverText(swarm)}`
  );
}

/** Who was to be taken from, where that is another one than the one that was found. */
function otherwiseNamed(takeOver: string | undefined): string {
  return takeOver === undefined ? "" : `It was to be taken over from ${foreignName(takeOver)}, which is another one. `;
}

/** "dockyard/prod@desk (owner 0123456789abcdef)" */
export function ownerText({ id, name }: { readonly id: string; readonly name: string }): string {
  return `${name} (owner ${id})`;
}

function takeOverText(id: string): string {
  const word = commandLine([id]);
  return `./dockyard up --take-over ${word} (${TAKE_OVER}=${word} for pulumi up)`;
}
