import * as fc from "fast-check";
import { namesIn, withNames } from "../../../provider/hosts/hostsFile";

const ORIGINAL = "127.0.0.1\tlocalhost\n\n# kept\n10.77.0.11\tnode1\n";

const line = fc.constantFrom("127.0.0.1 localhost", "", "# a comment", "10.0.0.1 a b", "# BEGIN dockyard names", "# END dockyard names", "# BEGIN dockyard hostname", "# END dockyard hostname");
const file = fc.array(line, { maxLength: 12 }).map((lines) => (lines.length === 0 ? "" : `${lines.join("\n")}\n`));
const name = fc.stringMatching(/^[a-z]{1,4}(\.[a-z]{1,4})?$/);
const addresses = fc.oneof(fc.ipV4(), fc.uniqueArray(fc.ipV4(), { minLength: 2, maxLength: 3 }));
const names = fc.dictionary(name, addresses, { noNullPrototype: true });

describe("names in /etc/hosts", () => {
  test("stand in a marked block at the end, sorted", () => {
    expect(withNames(ORIGINAL, "names", { "b.example": "10.0.0.2", "a.example": "10.0.0.1" })).toBe(
      `${ORIGINAL}# BEGIN dockyard names\n10.0.0.1 a.example\n10.0.0.2 b.example\n# END dockyard names\n`,
    );
  });

  test("have a line for each of several addresses, in their order", () => {
    const text = withNames("", "names", { a: ["10.0.0.2", "10.0.0.1"] });
    expect(text).toBe("# BEGIN dockyard names\n10.0.0.2 a\n10.0.0.1 a\n# END dockyard names\n");
    expect(namesIn(text, "names")).toEqual({ a: ["10.0.0.2", "10.0.0.1"] });
  });

  test("keep their place when they change", () => {
    const text = "1.1.1.1 x\n# BEGIN dockyard names\n10.0.0.1 a\n# END dockyard names\n2.2.2.2 y\n";
    expect(withNames(text, "names", { a: "10.0.0.9" })).toBe("1.1.1.1 x\n# BEGIN dockyard names\n10.0.0.9 a\n# END dockyard names\n2.2.2.2 y\n");
  });

  test("are read as they stand, whatever a hand has made of them", () => {
    const text = "# BEGIN dockyard names\n10.0.0.1\ta b # both\n\n# nothing\n# END dockyard names\n10.0.0.3 outside\n";
    expect(namesIn(text, "names")).toEqual({ a: "10.0.0.1", b: "10.0.0.1" });
  });

  test("a begin without an end takes no line of the host with it", () => {
    const text = "# BEGIN dockyard names\n10.77.0.11 node1\n";
    expect(namesIn(text, "names")).toEqual({});
    expect(withNames(text, "names", {})).toBe("10.77.0.11 node1\n");
  });

  test("what is written is what is read", () => fc.assert(fc.property(file, names, (text, wanted) => expect(namesIn(withNames(text, "names", wanted), "names")).toEqual(wanted))));

  test("what was written before leaves no trace", () =>
    fc.assert(
      fc.property(file, names, names, (text, first, second) => {
        fc.pre(Object.keys(first).length > 0);
        expect(withNames(withNames(text, "names", first), "names", second)).toBe(withNames(text, "names", second));
      }),
    ));

  test("a block that is taken out again leaves the file as it was", () =>
    fc.assert(
      fc.property(file, names, (text, wanted) => {
        fc.pre(!text.includes("dockyard names"));
        expect(withNames(withNames(text, "names", wanted), "names", {})).toBe(text);
      }),
    ));

  test("every line outside the block stays, in its order", () =>
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[ -~]{0,20}$/)), fc.array(fc.stringMatching(/^[ -~]{0,20}$/)), names, (before, after, wanted) => {
        const text = [...before, "# BEGIN dockyard names", "1.1.1.1 old", "# END dockyard names", ...after].join("\n") + "\n";
        const lines = withNames(text, "names", wanted).split("\n");
        expect(lines.slice(0, before.length)).toEqual(before);
        expect(lines.slice(lines.length - 1 - after.length, -1)).toEqual(after);
      }),
    ));
});
