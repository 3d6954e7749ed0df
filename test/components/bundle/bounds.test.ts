import { interpolate } from "../../../components/bundle/compose/interpolate";
import { readEnvFile } from "../../../components/bundle/compose/envFile";
import { readYaml } from "../../../components/bundle/compose/yamlText";
import { nearest } from "../../../components/bundle/nearest";
import { serviceNameProblem } from "../../../components/bundle/serviceName";
import { failureOf } from "./failure";
import { read, withWeb } from "./compose/reading";

/*
 * Each of these took many seconds or gigabytes, or ended in a stack trace. No time is measured here: what is not
 * refused at once does not end before the test does.
 */

const MIB = 1024 * 1024;
const NODES = /^compose file f: it has more than 100,000 keys, values and items, with those that aliases \(\*\) stand for; split it, or write fewer aliases$/;
const DEPTH = /^compose file f: blocks and lists are within each other more than 64 times at line \d+, column \d+; write them flatter$/;
const levels = (count: number, each: (before: string) => string) => Array.from({ length: count }, (_, index) => `x-${index + 1}: &l${index + 1} ${each(`*l${index}`)}`).join("\n");

test.each<[string, string, RegExp]>([
  ["lists of lists by aliases", `x-0: &l0 [x]\n${levels(9, (before) => `[${`${before},`.repeat(9)}]`)}`, NODES],
  ["blocks of blocks by aliases", `x-0: &l0 { a: x }\n${levels(20, (before) => `{ a: ${before}, b: ${before} }`)}`, NODES],
  ["merge keys of merge keys", `x-0: &l0 { a: x }\n${levels(20, (before) => `{ <<: [${before}, ${before}], b: ${before} }`)}`, NODES],
  ["an alias behind each of many", `x: &a [${"1,".repeat(1000)}]\ny: [${"*a,".repeat(1000)}]`, NODES],
  ["an alias of a long text", `x: &a "${"t".repeat(10_000)}"\ny: [${"*a,".repeat(1000)}]`, /its texts have more than 4,194,304 characters, with those that aliases/],
  ["many aliases", `x: &a 1\ny: [${"*a,".repeat(5001)}]`, /uses anchors more than 5,000 times/],
  ["many anchors", Array.from({ length: 5001 }, (_, index) => `- &a${index} x`).join("\n"), /more than 5,000 anchors/],
  ["an alias within its anchor", "a: &a [*a]", /an alias \(\*\) stands inside of its own anchor/],
  ["aliases within aliases", `x-0: &l0 [x]\n${levels(70, (before) => `[${before}]`)}`, DEPTH],
  ["brackets", "[".repeat(MIB), DEPTH],
  ["braces", "{a: ".repeat(MIB / 4), DEPTH],
  ["dashes", "- ".repeat(MIB / 2), DEPTH],
  ["question marks", "? ".repeat(MIB / 2), DEPTH],
  ["keys in quotes", '"a": '.repeat(MIB / 5), DEPTH],
  ["indentation", Array.from({ length: 1400 }, (_, index) => `${" ".repeat(index)}a:`).join("\n"), DEPTH],
  ["keys of one block", Array.from({ length: 90_000 }, (_, index) => `k${index}: 1`).join("\n"), NODES],
  ["keys in braces", `{${Array.from({ length: 90_000 }, (_, index) => `k${index}: 1`).join(",")}}`, NODES],
  ["closing brackets", "]".repeat(MIB), NODES],
  ["comments", "#\n".repeat(MIB / 2), NODES],
  ["documents", "---\n".repeat(MIB / 4), /there are several documents/],
  ["anchors of one value", "&a ".repeat(MIB / 3), NODES],
  ["faults", "a: @\n".repeat(MIB / 5), NODES],
])("YAML of %s is refused", (_what, yaml, message) => expect(failureOf(() => readYaml(yaml, "f"))).toMatch(message));

test.each<[string, string, unknown]>([
  ["digits", `a: ${"9".repeat(MIB)}`, { a: "9".repeat(MIB) }],
  ["blanks", `a:${" ".repeat(MIB)}x`, { a: "x" }],
  ["lines of one text", `a: |\n${" \n".repeat(MIB / 2)}`, { a: "" }],
  ["1.1 directives", "%YAML 1.1\n---\na: yes\nb: 2001-01-01", { a: "yes", b: "2001-01-01" }],
  ["a mark for the order of bytes", "\ufeffa: b", { a: "b" }],
])("YAML of %s is read", (_what, yaml, expected) => expect(readYaml(yaml, "f")).toEqual(expected));

test.each<[string, string, RegExp]>([
  ["bytes in base64", "a: !!binary c2VjcmV0", /a tag \(!…\) is not known/],
  ["sets", "a: !!set { secret }", /a tag \(!…\) is not known/],
  ["tags of a program", "a: !!js/function secret", /a tag \(!…\) is not known/],
  ["a list as a key", "? [secret]\n: b", /a key is no text/],
  ["a key that clears the screen", '"secret\\e[2J": 1', /a key holds a control code/],
  ["a key that writes backwards", '"secret\\u202e": 1', /a key holds a control code/],
  ["a merge of a text", "a: { <<: secret }", /a merge key \(<<\) takes blocks/],
  ["an unknown anchor", "a: *secret", /an alias \(\*\) has no anchor/],
  ["a key twice", "secret: 1\nsecret: 2", /a key stands twice/],
  ["a bad escape", 'secret: "\\q"', /an escape/],
  ["a directive", "%SECRET secret\n---\na: b", /a directive \(%\) is not known/],
])("YAML with %s is refused by none of its words", (_what, yaml, message) => {
  const text = failureOf(() => readYaml(yaml, "f"));
  expect(text).toMatch(message);
  expect(text).not.toMatch(/secret/i);
});

test("UTF-16 is no Compose file", () => {
  expect(failureOf(() => read(Buffer.from("\ufeffservices: {}", "utf16le").toString("utf8")))).toMatch(/found a text|found "|a key holds a control code/);
});

describe("variables", () => {
  const nothing = () => undefined;
  test.each<[string, string, RegExp]>([
    ["within each other", "${A:-".repeat(MIB / 5) + "}".repeat(MIB / 5), /more than 16 variables are within each other/],
    ["never closed", "${A:-".repeat(MIB / 5), /a \$\{ that nothing closes/],
    ["braces", "${" + "{".repeat(MIB), /a \$\{ that nothing closes/],
  ])("%s", (_what, text, message) => expect(failureOf(() => interpolate(text, nothing))).toMatch(message));

  test("that double with every line", () => {
    const lines = Array.from({ length: 40 }, (_, index) => `V${index + 1}=$V${index}$V${index}`);
    expect(failureOf(() => readEnvFile(["V0=0123456789", ...lines].join("\n"), nothing))).toMatch(/more than 4,194,304 characters come from variables/);
  });

  test("that are long and many", () => {
    const environment = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`A${index}`, "$LONG"]));
    expect(failureOf(() => read(JSON.stringify({ services: { web: { image: "i", environment } } }), { variables: { LONG: "x".repeat(1000) } }))).toMatch(/characters come from variables/);
  });

  test.each([
    ["many lines that name earlier ones", Array.from({ length: 60_000 }, (_, index) => `A${index}=$A${index - 1}`).join("\n").replace("$A-1", "1"), 60_000],
    ["blanks", `A=a${" ".repeat(500_000)}b`, 1],
    ["blanks before hashes", `A=a${" #".repeat(200_000)}`, 1],
    ["lines of blanks", `${" ".repeat(500_000)}\nA=1`, 1],
  ])("of %s are read", (_what, text, entries) => expect(readEnvFile(text, nothing)).toHaveLength(entries));
});

describe("an application", () => {
  const services = (count: number, service: (index: number) => object) => JSON.stringify({ services: Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}`, service(index)])) });
  test.each<[string, string, RegExp]>([
    ["services", services(2001, () => ({ image: "i" })), /more than 2,000 services; split the application/],
    ["ports of ranges", withWeb(`ports: [${'"1-65535",'.repeat(1000)}]`), /more than 10,000 ports are published or exposed/],
    ["exposed ranges", withWeb(`expose: [${'"1-65535",'.repeat(1000)}]`), /more than 10,000 ports are published or exposed/],
    ["long ranges", withWeb('ports: [{ target: 1, published: "1-65535" }]'), /more than 10,000 ports are published or exposed/],
    ["services that extend each other", services(40, (index) => (index === 0 ? { image: "i" } : { extends: `s${index - 1}` })), /more than 32 services extend each other in a row/],
    [
      "services that extend a large one",
      services(2000, (index) => (index === 0 ? { image: "i", labels: Object.fromEntries(Array.from({ length: 1000 }, (_, label) => [`l${label}`, "x"])) } : { extends: "s0" })),
      /more than 400,000 keys, values and items come of extends/,
    ],
    ["unknown keys", withWeb(Array.from({ length: 20_000 }, (_, index) => `imag${index}: 1`).join(",")), /problems/],
    ["unknown networks", services(2000, (index) => ({ image: "i", networks: Array.from({ length: 10 }, (_, network) => `n${index * 10 + network}`) })), /and perhaps more/],
  ])("of too many %s is refused", (_what, yaml, message) => expect(failureOf(() => read(yaml))).toMatch(message));

  test("names of a megabyte are not compared, and not trimmed", () => {
    expect(nearest("a".repeat(MIB), ["b".repeat(MIB), "image"])).toBeUndefined();
    expect(serviceNameProblem(`${"-".repeat(MIB)}a${"-".repeat(MIB)}b`)).toMatch(/is no name for Swarm/);
  });
});
