import { readBundle } from "../../../../components/bundle/dab/read";
import { failureOf } from "../failure";

const port = (literal: string): string => `{"Services":{"a":{"Ports":[{"Port":${literal}}]}}}`;
const type = (byte: number, want: string, got: string): string => `Unexpected type at byte ${byte}. Expected ${want} but received ${got}.`;
const syntax = (byte: number, text: string): string => `JSON syntax error at byte ${byte}: invalid character ${text}`;

const VALUE = "looking for beginning of value";
const KEY = "looking for beginning of object key string";
const AFTER_PAIR = "after object key:value pair";
const SERVICES = "map[string]bundlefile.Service";

const CASES: readonly (readonly [id: string, file: string, message: string])[] = [
  ["E1", '{\n\t\t"Version": "0.1",\n\t\t"Services": unquoted string\n\t}', syntax(37, `'u' ${VALUE}`)],
  [
    "E2",
    '{\n\t\t"Version": "0.1",\n\t\t"Services": {\n\t\t\t"web": {\n\t\t\t\t"Image": "redis",\n\t\t\t\t"Networks": "none"\n\t\t\t}\n\t\t}\n\t}',
    type(94, "[]string", "string"),
  ],
  ["E3", "", "EOF"],
  ["E3", " \n\t\r", "EOF"],
  ["E4", '{"Version":"0.1"', "unexpected EOF"],
  ["E4", "{", "unexpected EOF"],
  ["E4", '{"Version":1', "unexpected EOF"],
  ["E5", "[]", type(1, "bundlefile.Bundlefile", "array")],
  ["E6", '"x"', type(3, "bundlefile.Bundlefile", "string")],
  ["E6", "1", type(1, "bundlefile.Bundlefile", "number")],
  ["E7", '{"Version":0.1}', type(14, "string", "number")],
  ["E7", '{"Version":true}', type(15, "string", "bool")],
  ["E8", '{"Services":[]}', type(13, SERVICES, "array")],
  ["E9", '{"Services":{"a":"i"}}', type(20, "bundlefile.Service", "string")],
  ["E10", '{"Services":{"a":{"Image":1}}}', type(27, "string", "number")],
  ["E10", '{"Services":{"a":{"Image":{}}}}', type(27, "string", "object")],
  ["E11", '{"Services":{"a":{"Command":"top"}}}', type(33, "[]string", "string")],
  ["E12", '{"Services":{"a":{"Args":["a",1]}}}', type(31, "string", "number")],
  ["E13", '{"Services":{"a":{"Env":{"A":"1"}}}}', type(25, "[]string", "object")],
  ["E14", '{"Services":{"a":{"Labels":["A=1"]}}}', type(28, "map[string]string", "array")],
  ["E14", '{"Services":{"a":{"Labels":{"A":1}}}}', type(33, "string", "number")],
  ["E15", '{"Services":{"a":{"Ports":{"Port":80}}}}', type(27, "[]bundlefile.Port", "object")],
  ["E15", '{"Services":{"a":{"Ports":[80]}}}', type(29, "bundlefile.Port", "number")],
  ["E16", port('"80"'), type(39, "uint32", "string")],
  ["E17", port("-1"), type(37, "uint32", "number -1")],
  ["E17", port("-0"), type(37, "uint32", "number -0")],
  ["E17", port("80.0"), type(39, "uint32", "number 80.0")],
  ["E17", port("8e1"), type(38, "uint32", "number 8e1")],
  ["E17", port("4294967296"), type(45, "uint32", "number 4294967296")],
  ["E18", '{"Services":{"a":{"User":1000}}}', type(29, "string", "number")],
  ["E18", '{"Services":{"a":{"WorkingDir":["/"]}}}', type(32, "string", "array")],
  ["E19", '{"Version":1,"Services":{"a":{"Image":2}}}', type(12, "string", "number")],
  ["E20", '{"Version":1,"Services":}', syntax(25, `'}' ${VALUE}`)],
  ["E21", '{"Version":"0.1",}', syntax(18, `'}' ${KEY}`)],
  ["E22", '{/*x*/"Version":"0.1"}', syntax(2, `'/' ${KEY}`)],
  ["E22", "{'Version':'0.1'}", syntax(2, `'\\'' ${KEY}`)],
  ["E22", '{Version:"0.1"}', syntax(2, `'V' ${KEY}`)],
  ["E23", "\ufeff{}", syntax(1, `'ï' ${VALUE}`)],
  ["E24", '{"Version" "0.1"}', syntax(12, `'"' after object key`)],
  ["E24", '{"Version":"0.1" "Services":{}}', syntax(18, `'"' ${AFTER_PAIR}`)],
  ["E25", '{"Services":{"a":{"Args":["x" "y"]}}}', syntax(31, `'"' after array element`)],
  ["E25", '{"Services":{"a":{"Args":["x",]}}}', syntax(31, `']' ${VALUE}`)],
  ["E26", '{"Version":tru}', syntax(15, "'}' in literal true (expecting 'e')")],
  ["E27", '{"Version":"\\x"}', syntax(14, "'x' in string escape code")],
  ["E27", '{"Version":"\\u12G4"}', syntax(17, "'G' in \\u hexadecimal character escape")],
  ["E28", '{"Version":"a\tb"}', syntax(14, "'\\t' in string literal")],
  ["E28", '{"Version":"a\nb"}', syntax(14, "'\\n' in string literal")],
  ["E29", port("080"), syntax(37, `'8' ${AFTER_PAIR}`)],
  ["E29", port("+80"), syntax(36, `'+' ${VALUE}`)],
  ["E29", port("80."), syntax(39, "'}' after decimal point in numeric literal")],
  ["E29", port("8e"), syntax(38, "'}' in exponent of numeric literal")],
  ["E29", port("-"), syntax(37, "'}' in numeric literal")],
  ["E30", "[".repeat(10_001) + "]".repeat(10_001), syntax(10_001, "'[' exceeded max depth")],
  ["E31", '{"Version":"é","Services":1}', type(28, SERVICES, "number")],
  ["quoting", "{\0}", syntax(2, `'\\x00' ${KEY}`)],
  ["quoting", "{\\}", syntax(2, `'\\\\' ${KEY}`)],
  ["quoting", "{\u00a0}", syntax(2, `'Â' ${KEY}`)],
  ["blanks", "\u2028{}", syntax(1, `'â' ${VALUE}`)],
];

test.each(CASES.map(([id, file, message]) => [id, file.length > 80 ? `${file.slice(0, 80)}…` : file, message, file] as const))(
  "%s: %j is refused with: %s",
  (_id, _shown, message, file) => {
    expect(failureOf(() => readBundle(Buffer.from(file)))).toBe(message);
  },
);

test("as deep as Go goes is no fault", () => {
  const file = `{"unknown":${"[".repeat(9_999)}${"]".repeat(9_999)},"Version":"0.1"}`;
  expect(readBundle(Buffer.from(file)).version).toBe("0.1");
});
