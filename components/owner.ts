import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import * as pulumi from "@pulumi/pulumi";
import { foreignName } from "../provider/swarm/foreignName";
import type { Owner } from "../provider/swarm/owner/owner";

/** What the state keeps of the platform's owner. */
interface Kept {
  readonly id: string;
  /** The machine that the state was begun on. Two states of one project and stack are mostly those of two people. */
  readonly begunOn: string;
}

/**
 * Whose the platform is: an id that is made once and kept in the state, there before the first host is met. So a run that was killed finds
 * its own again, a state that was restored or moved is the same owner, and another state is another one.
 */
export function platformOwner(): pulumi.Output<Owner> {
  const made: Kept = { id: randomBytes(8).toString("hex"), begunOn: hostname() };
  const kept = new pulumi.Stash("owner", { input: made }, { ignoreChanges: ["input"] });
  return (kept.output as pulumi.Output<Kept>).apply(({ id, begunOn }) => ({ id, name: foreignName(`${pulumi.getProject()}/${pulumi.getStack()}@${begunOn}`) }));
}
