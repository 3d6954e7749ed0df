import * as z from "zod";
import { changesBetween, replacing } from "../diff";
import { Connection } from "../remote/connection";
import type { Machine } from "../remote/machine";
import { gaveNoAnswer, machineToLookAt } from "../remote/silent";
import { type Operation, Refused, type ResourceKind } from "../resource";
import { letsIn, withKey } from "./authorizedKeys";
import { machineIdOf, mustBe } from "./machineId";
import { withUnknown } from "./unknownChanges";

const Inputs = z.strictObject({
  connection: Connection.describe("How the host is reached over SSH; without a key file."),
  host: z.string().min(1).describe("The machine-id of the host."),
  publicKey: z.string().min(1).describe('Of the first of the provider\'s keys, "ssh-ed25519 AAAA…".'),
  formerKeys: z.array(z.string().min(1)).describe("Public keys of the platform's that let nobody in any more."),
});
type Inputs = z.infer<typeof Inputs>;

/**
 * Replaces the file "$1" by standard input in one step and leaves it with its owner: sshd reads it as the user who logs in, and a file
 * of somebody else's, even for a moment, would lock everybody out.
 */
const REPLACE = `set -e; umask 077; cat > "$1.dockyard-new"; chown --reference="$1" -- "$1.dockyard-new"; chmod --reference="$1" -- "$1.dockyard-new"; mv -fT -- "$1.dockyard-new" "$1"`;

/**
 * The one of the platform's own SSH keys that logs in on a host. Another one is let in beside the former, has to log in, and only then the
 * former ones are taken out of the user's authorized_keys. Keys that somebody else put there stay.
 */
export const loginKind: ResourceKind<Inputs> = {
  type: "dockyard:hosts:Login",
  description: "The SSH key of the platform's that logs in on a host.",
  inputs: Inputs,
  outputs: z.strictObject({}),

  diff: (old, wanted, unknown) => {
    const changes = changesBetween(old.inputs, wanted);
    const known = [wanted.publicKey, ...(wanted.formerKeys ?? [])];
    // A host lets in nothing but the key that it has: with that one forgotten, nobody gets in any more.
    if (unknown.length === 0 && !known.includes(old.inputs.publicKey)) throw goingBack();
    return replacing(withUnknown(changes, unknown), ["host"]);
  },

  create: async (op, inputs) => {
    await change(op, inputs);
    return { id: `${inputs.host} login`, outputs: {} };
  },

  read: async (op, _id, stored) => {
    const machine = await machineToLookAt(op, stored.inputs.connection);
    if (!machine) return stored;
    if ((await machineIdOf(machine)) !== stored.inputs.host) return undefined;
    const text = (await machine.readFile(await keysFile(machine, stored.inputs)))?.toString() ?? "";
    const { publicKey, formerKeys } = stored.inputs;
    return letsIn(text, publicKey) && !formerKeys.some((key) => letsIn(text, key)) ? stored : undefined;
  },

  update: async (op, _id, _old, wanted) => {
    await change(op, wanted);
    return { outputs: {} };
  },

  // Nothing to take back: a machine that goes takes its keys along, and on one that stays the key is the only one that gets in.
  delete: async (op, _id, { inputs }) => {
    try {
      await op.machine(inputs.connection);
    } catch (error) {
      if (!gaveNoAnswer(error)) throw goingBack();
      op.warn(`the login key stays on a host that does not answer: ${(error as Error).message}`);
    }
  },
};

/** Lets the key in, proves it, and takes the former ones away. */
async function change(op: Operation, inputs: Inputs): Promise<void> {
  const machine = await op.machine(inputs.connection);
  await mustBe(machine, inputs.host);
  const { publicKey, formerKeys } = inputs;
  const file = await keysFile(machine, inputs);
  const text = (await machine.readFile(file))?.toString();
  if (text === undefined) throw new Refused(`${machine.address}: there is no ${file}, so sshd takes the keys from elsewhere (AuthorizedKeysFile); put ${publicKey.trim()} there, and the former key out, and keep hosts.loginGeneration as it was`);
  const both = withKey(text, publicKey);
  await write(machine, file, text, both);
  op.status("logging in with the new key");
  try {
    await op.proveLogin(inputs.connection);
  } catch (error) {
    await write(machine, file, both, text);
    throw new Error(`${machine.address}: the new key is in ${file} and does not log in, so it was taken out again: ${(error as Error).message}`, { cause: error });
  }
  await write(machine, file, both, withKey(both, publicKey, formerKeys));
}

async function write(machine: Machine, file: string, before: string, after: string): Promise<void> {
  if (before !== after) await machine.run(["sh", "-c", REPLACE, "sh", file], { stdin: after });
}

/** Where sshd looks for the keys of the user who logs in, unless it was told otherwise. */
async function keysFile(machine: Machine, { connection: { user = "root" } }: Inputs): Promise<string> {
  const home = (await machine.run(["getent", "passwd", user])).trim().split(":")[5];
  return `${home}/.ssh/authorized_keys`;
}

function goingBack(): Refused {
  return new Refused("the host has a later login key than the configuration knows; hosts.loginGeneration only goes up: write the number that it had, or one more");
}
