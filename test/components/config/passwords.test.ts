import { parseRegistryPasswords } from "../../../components/config";
import { problemsOf } from "./samples";

describe("passwords of the registry's users", () => {
  it("are taken as they are; users without one are left out", () => {
    expect(parseRegistryPasswords({ builder: "s3cret" }, ["dockyard", "builder"], true)).toEqual({ builder: "s3cret" });
    expect(parseRegistryPasswords({}, ["dockyard"], false)).toEqual({});
    expect(parseRegistryPasswords(undefined, ["dockyard"], false)).toEqual({});
  });

  const refusals = (raw: unknown, encrypted = true) => problemsOf(() => parseRegistryPasswords(raw, ["dockyard", "builder"], encrypted));
  const SET = "set each with: pulumi config set --secret --path 'dockyard:registryPasswords.USER'";

  it.each<[string, unknown, string[]]>([
    ["a text", "hunter2", [`dockyard:registryPasswords: is no mapping of users to passwords; ${SET}`]],
    ["a list", ["hunter2"], [`dockyard:registryPasswords: is no mapping of users to passwords; ${SET}`]],
    [
      "unknown users",
      { bilder: "hunter2" },
      [
        'dockyard:registryPasswords.bilder: is for a user who is not in registry.users ("dockyard" and "builder"); add the user there, or take it out',
      ],
    ],
    ["a number", { builder: 4711 }, ["dockyard:registryPasswords.builder: is no text; write the password in quotes"]],
    [
      "nothing and too much",
      { builder: "", dockyard: "ü".repeat(37) },
      [
        "dockyard:registryPasswords.builder: is empty; write a password, or take the key out to have one made",
        "dockyard:registryPasswords.dockyard: has more than 72 bytes, of which bcrypt would use the first; write a shorter password",
      ],
    ],
  ])("%s is refused without being repeated", (_, raw, expected) => {
    expect(refusals(raw)).toEqual(expected);
    expect(refusals(raw).join()).not.toMatch(/hunter2|4711|ü/);
  });

  it.each(["\n", "a\n", "\r\na", "a\tb", "a\0", "\u001b[2J", "a\u007f", "\u0085a"])("%j has a control character, which no login can have", (password) => {
    expect(refusals({ builder: password })).toEqual(["dockyard:registryPasswords.builder: has a control character, such as a line end; write a password without"]);
  });

  it("are refused in the clear", () => {
    expect(refusals({ builder: "hunter2" }, false)).toEqual([
      `dockyard:registryPasswords: is in the clear; take it out of the file, change the passwords, and ${SET}`,
    ]);
  });
});
