import * as fc from "fast-check";
import { interpolate } from "../../../../components/bundle/compose/interpolate";
import { failureOf } from "../failure";
import { problemsOf, read, web, withWeb } from "./reading";

const VARIABLES: Readonly<Record<string, string>> = { FOO: "first", BAR: "", _x1: "u" };
const lookup = (name: string): string | undefined => (Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined);

test.each([
  ["plain", "plain"],
  ["$FOO", "first"],
  ["${FOO}", "first"],
  ["a${FOO}b$FOO.c", "afirstbfirst.c"],
  ["$FOO_", ""],
  ["$_x1", "u"],
  ["$MISSING|${MISSING}", "|"],
  ["${MISSING:-d}", "d"],
  ["${MISSING-d}", "d"],
  ["${BAR:-d}", "d"],
  ["${BAR-d}", ""],
  ["${FOO:-d}", "first"],
  ["${FOO:+o}", "o"],
  ["${BAR:+o}", ""],
  ["${BAR+o}", "o"],
  ["${MISSING+o}", ""],
  ["${FOO:?why}", "first"],
  ["${BAR?why}", ""],
  ["${MISSING:-${BAR:-${FOO}}}", "first"],
  ["${MISSING:-a$$b}", "a$b"],
  ['${MISSING:-{"a":{"b":1}}}', '{"a":{"b":1}}'],
  ["${MISSING:-:-x?y}", ":-x?y"],
  ["${FOO:-${MISSING:?not needed}}", "first"],
  ["$$FOO $$$FOO $${FOO}", "$FOO $first ${FOO}"],
  ["{{.Node.Hostname}}", "{{.Node.Hostname}}"],
])("%s becomes %s", (text, expected) => expect(interpolate(text, lookup)).toBe(expected));

test.each([
  ["$", "character 1 begins a $ without a variable; write ${NAME}, or $$ for a plain $"],
  ["ab$1", "character 3 begins a $ without a variable; write ${NAME}, or $$ for a plain $"],
  ["${", "character 1 begins a ${ that nothing closes; write ${NAME}, or $$ for a plain $"],
  ["${}", "character 1 begins a ${ without the name of a variable; write ${NAME}, or $$ for a plain $"],
  ["${ FOO }", "character 1 begins a ${ without the name of a variable; write ${NAME}, or $$ for a plain $"],
  ["${FOO!x}", "character 1 begins something after ${FOO that is no operator; write ${NAME}, or $$ for a plain $"],
  ["${MISSING:?}", 'the variable MISSING is required; set it under "variables" in the settings'],
  ["${BAR:?say $FOO}", 'the variable BAR is required (say first); set it under "variables" in the settings'],
  ["${MISSING?why}", 'the variable MISSING is required (why); set it under "variables" in the settings'],
])("%s is refused", (text, message) => expect(failureOf(() => interpolate(text, lookup))).toBe(message));

test("doubling every $ keeps any text as it is", () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom("$", "{", "}", "a", ":", "-", " ") }), (text) => expect(interpolate(text.replaceAll("$", "$$$$"), lookup)).toBe(text)));
});

test("values come from the settings, or from the environment where they say so; keys and extensions are left alone", () => {
  const yaml = `x-note: "$"\nservices: { web: { image: "i:$TAG", labels: { $TAG: "$OTHER" } } }`;
  const service = read(yaml, { variables: { TAG: "1", OTHER: { environment: "THERE" } }, environment: { TAG: "2", OTHER: "no", THERE: "o" } }).application.services[0]!;
  expect(service.image).toBe("i:1");
  expect(service.containerLabels).toEqual({ $TAG: "o" });
});

test("numbers and truth values may come from variables", () => {
  const { run } = web('deploy: { replicas: "${N}" }, read_only: "${R}", stop_grace_period: "${T}"', "", { variables: { N: "3", R: "true", T: "90s" } });
  expect(run).toEqual({ initialReplicas: 3, readOnly: true, stopGracePeriod: { nanoseconds: 90e9 } });
});

test("what is not set, and what only the environment has, is told with what to write and without its value", () => {
  const environment = { U: "s3cret", W: "s3cret", AWS_REGION: "s3cret" };
  const { notices } = read(withWeb('user: "$U", hostname: "$H", working_dir: "${W:-/w}"'), { variables: { U: { environment: "GONE" } }, environment });
  expect(notices).toEqual([
    { severity: "warning", path: "variable H", message: "is not set, and counts as empty; write it under variables in the settings" },
    { severity: "warning", path: "variable U", message: "is not set, and counts as empty: the environment of this run has no GONE, which the settings name for it; set it" },
    {
      severity: "warning",
      path: "variable W",
      message: "the environment of this run has it, but files see only what the settings name; write variables: { W: { environment: W } } in the settings, or its value there; without, the file's own default holds",
    },
  ]);
  expect(problemsOf(() => read(withWeb('user: "$U", environment: [W], hostname: "${AWS_REGION:-x}"'), { environment }))).toEqual([
    "variable AWS_REGION: variables that begin with PULUMI_, DOCKYARD_, AWS_, SSH_ hold the run's own access, and no application gets them; take it out of the file",
    "variable U: the environment of this run has it, but files see only what the settings name; write variables: { U: { environment: U } } in the settings, or its value there",
    "variable W: the environment of this run has it, but files see only what the settings name; write variables: { W: { environment: W } } in the settings, or its value there",
  ]);
});

test("all faults of a file come at once, with their paths and without the values", () => {
  const problems = problemsOf(() => read(withWeb('environment: { PASSWORD: "4711$" }, user: "${U:?who}"')));
  expect(problems).toEqual([
    "services.web.environment.PASSWORD: character 5 begins a $ without a variable; write ${NAME}, or $$ for a plain $",
    'services.web.user: the variable U is required (who); set it under "variables" in the settings',
  ]);
});
