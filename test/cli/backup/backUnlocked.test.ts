import { backUnlocked } from "../../../cli/backup/backUnlocked";

const locked = { LocalNodeState: "locked", ControlAvailable: false };
const active = { LocalNodeState: "active", ControlAvailable: true };

/** A manager whose engine says one state after the other; undefined: it does not answer. Only the key "right" opens it. */
function manager(...states: (object | undefined)[]) {
  const given: string[] = [];
  let current: object | undefined;
  const info = () => {
    current = states.length > 1 ? states.shift() : states[0];
    return current ? Promise.resolve({ Swarm: current }) : Promise.reject(new Error("connection refused"));
  };
  const dial = ({ options }: { options: { UnlockKey: string } }, done: (error: Error | null) => void) => {
    given.push(options.UnlockKey);
    done(options.UnlockKey === "right" ? null : new Error("invalid key"));
  };
  return { given, machine: { address: "10.0.0.1", docker: { info, modem: { dial } } as never } };
}

describe("a manager whose engine was away for a copy", () => {
  test.each<[string, (object | undefined)[], string | undefined, string[]]>([
    ["that is not locked needs no key", [undefined, active], undefined, []],
    ["that is locked gets its key", [undefined, locked], "right", ["right"]],
    ["that is still starting is waited for", [{ LocalNodeState: "pending" }, { LocalNodeState: "inactive" }, locked], "right", ["right"]],
    ["that somebody unlocked already gets none", [active], "right", []],
  ])("%s", async (_which, states, unlockKey, keys) => {
    const { machine, given } = manager(...states);
    await backUnlocked(machine, "m1 to be back", { unlockKey }, 5_000);
    expect(given).toEqual(keys);
  });

  test.each([
    ["no key", undefined, "has no key for it"],
    ["another key", "wrong", "does not open it"],
  ])("that is locked, with %s: said, without the key", async (_which, unlockKey, said) => {
    const failure = backUnlocked(manager(locked).machine, "m1 to be back", { unlockKey }, 5_000);
    await expect(failure).rejects.toThrow(said);
    await expect(failure).rejects.not.toThrow("wrong");
  });
});
