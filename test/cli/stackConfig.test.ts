import fc from "fast-check";
import { parse } from "yaml";
import { deriveStackConfig, earlierSalt, hostSourceOf } from "../../cli/stackConfig";

const TRACKED = "# three hosts\nconfig:\n  dockyard:hosts:\n    - name: a # the first\n";

describe("the configuration that Pulumi works with", () => {
  it("is what the user wrote as long as there is no salt", () => expect(deriveStackConfig(TRACKED, undefined, "P")).toBe(TRACKED));
  it("adds the salt of the earlier run and keeps the rest, comments included", () => {
    expect(deriveStackConfig(TRACKED, "v1:abc=:v1:x:y", "P")).toBe(`${TRACKED}encryptionsalt: v1:abc=:v1:x:y\n`);
  });
  it("leaves the salt of a user who manages it himself", () => {
    const own = `${TRACKED}encryptionsalt: v1:mine\n`;
    expect(deriveStackConfig(own, "v1:other", "P")).toBe(own);
  });
  it.each(["", "# nothing yet\n"])("may be empty: %j", (tracked) => expect(parse(deriveStackConfig(tracked, "v1:s", "P"))).toEqual({ encryptionsalt: "v1:s" }));
  it.each(["config: [", "a: 1\na: 2\n"])("is refused with its path when it is no YAML: %j", (tracked) => {
    expect(() => deriveStackConfig(tracked, "v1:s", "/x/Pulumi.dev.yaml")).toThrow(/^\/x\/Pulumi\.dev\.yaml is not valid YAML: /);
  });
  it.each(["- a\n", "text\n"])("is refused when it is no mapping: %j", (tracked) => {
    expect(() => deriveStackConfig(tracked, "v1:s", "P")).toThrow("P: a mapping");
  });
  it("never loses a value, and gives the same from its own result", () => {
    const key = fc.stringMatching(/^[a-z]{1,8}:[a-z]{1,8}$/);
    fc.assert(
      fc.property(fc.dictionary(key, fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string()))), fc.base64String({ minLength: 1 }), (config, random) => {
        const salt = `v1:${random}`;
        const derived = deriveStackConfig(JSON.stringify({ config }), salt, "P");
        expect(parse(derived)).toEqual({ config, encryptionsalt: salt });
        expect(earlierSalt(derived)).toBe(salt);
        expect(deriveStackConfig(derived, salt, "P")).toBe(derived);
      }),
    );
  });
  it("takes no salt from a file that was cut off", () => expect(["a: [", "", "- 1", "encryptionsalt: 5"].map(earlierSalt)).toEqual(Array(4).fill(undefined)));
});

describe("where a stack's hosts are", () => {
  it.each([["aws"], ["lab"]])("is read from its file: %s", (source) => expect(hostSourceOf(`config:\n  dockyard:hosts:\n    source: ${source}\n`)).toBe(source));
  it.each(["", "config: [", "config:\n  dockyard:hosts: x\n", "- 1", "config:\n  dockyard:hosts:\n    source: 5\n"])("is not known from %j", (content) => expect(hostSourceOf(content)).toBeUndefined());
});
