import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { commandLine } from "../../../provider/remote/shell";

test("whatever the arguments are, a shell hands them on unread", () => {
  const argument = fc.string({ unit: "binary", maxLength: 12 }).filter((text) => !text.includes("\0"));
  fc.assert(
    fc.property(fc.array(argument, { minLength: 1, maxLength: 6 }), (args) => {
      const said = execFileSync("sh", ["-c", commandLine(["printf", "%s\\0", ...args])]).toString();
      // A lone surrogate has no UTF-8 form; what arrives is what Node itself would have written.
      expect(said).toBe(Buffer.from(args.map((arg) => `${arg}\0`).join("")).toString());
    }),
    { numRuns: 60 },
  );
});

test("quotes, substitutions and line ends are text", () => {
  expect(commandLine(["echo", "a'b", "$(id)", "`id`", "x;y\n&"])).toBe(`'echo' 'a'\\''b' '$(id)' '\`id\`' 'x;y\n&'`);
});

test("a NUL byte is refused", () => {
  expect(() => commandLine(["a\0b"])).toThrow("NUL byte");
});
