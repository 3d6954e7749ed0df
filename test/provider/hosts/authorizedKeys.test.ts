import fc from "fast-check";
import { letsIn, withKey } from "../../../provider/hosts/authorizedKeys";

const NEW = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINEW dockyard";
const OLD = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOLD";

describe("an authorized_keys file", () => {
  test.each([
    ["empty", "", `${NEW}\n`],
    ["with somebody's key and a comment", `# ours\nssh-rsa AAAAB3Nza somebody@there\n`, `# ours\nssh-rsa AAAAB3Nza somebody@there\n${NEW}\n`],
    ["without a line end at its end", "ssh-rsa AAAAB3Nza somebody@there", `ssh-rsa AAAAB3Nza somebody@there\n${NEW}\n`],
    ["that has the key, with options and another comment", `from="10.0.0.0/8" ${NEW} mine\n`, `from="10.0.0.0/8" ${NEW} mine\n`],
    ["that has the key commented out", `# ${NEW}\n`, `# ${NEW}\n${NEW}\n`],
    ["with a former key", `${OLD} lab\n${NEW}\n`, `${NEW}\n`],
    ["with a former key that has options", `restrict ${OLD}\n`, `${NEW}\n`],
  ])("%s", (_, before, after) => {
    expect(withKey(before, NEW, [OLD])).toBe(after);
  });

  const word = fc.stringMatching(/^[A-Za-z0-9+/]{4,12}$/);
  const line = fc.oneof(word.map((key) => `ssh-ed25519 AAAA${key} me`), fc.constantFrom("", "# a comment", 'no-pty,command="true" ssh-rsa AAAAB3Nza x', OLD, NEW));
  const file = fc.array(line).map((lines) => lines.map((each) => `${each}\n`).join(""));

  test("lets in the key and none of the former ones, keeps all other lines in order, and is left alone when that is so", () => {
    fc.assert(
      fc.property(file, (before) => {
        const after = withKey(before, NEW, [OLD]);
        expect([letsIn(after, NEW), letsIn(after, OLD)]).toEqual([true, false]);
        const others = (text: string) => text.split("\n").filter((each) => each !== OLD && each !== NEW);
        expect(others(after)).toEqual(others(before));
        expect(withKey(after, NEW, [OLD])).toBe(after);
      }),
    );
  });
});
