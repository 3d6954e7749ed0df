import { readEnvFile, readRawEnvFile } from "../../../../components/bundle/compose/envFile";
import { failureOf } from "../failure";
import { problemsOf, read, web, withWeb } from "./reading";

const lookup = (name: string): string | undefined => (name === "HOME" ? "/root" : undefined);

test.each([
  ["A=1", [["A", "1"]]],
  ["export A=1\r\n\n# note\n  B = 2", [["A", "1"], ["B", "2"]]],
  ["A=", [["A", ""]]],
  ["A", [["A", undefined]]],
  ["A: yaml", [["A", "yaml"]]],
  ["A=x # note", [["A", "x"]]],
  ["A=x# no note", [["A", "x# no note"]]],
  ["A=#x", [["A", ""]]],
  ['A="x # no note" # note', [["A", "x # no note"]]],
  ["A='$HOME ${HOME}'", [["A", "$HOME ${HOME}"]]],
  ["A=$HOME/x", [["A", "/root/x"]]],
  ["A=1\nB=${A}2", [["A", "1"], ["B", "12"]]],
  ["A='Let\\'s go'", [["A", "Let's go"]]],
  ['A="a\\tb\\n\\"c\\" \\$HOME"', [["A", 'a\tb\n"c" $HOME']]],
  ["A=a\\tb", [["A", "a\\tb"]]],
  ['A="two\nlines"\nB=2', [["A", "two\nlines"], ["B", "2"]]],
  ["A=1\nA=2", [["A", "1"], ["A", "2"]]],
  ["\ufeffA=1", [["A", "1"]]],
])("%j", (text, entries) => expect(readEnvFile(text, lookup)).toEqual(entries));

test.each([
  ["=x", "line 1 has no name; write NAME=value"],
  ["A=1\nB C", "line 2 has a blank in the name; write NAME=value"],
  ['A=1\n\nB="x', 'line 3 opens a " that nothing closes'],
])("%j is refused", (text, message) => expect(failureOf(() => readEnvFile(text, lookup))).toBe(message));

test("raw, every line is as it stands", () => {
  expect(readRawEnvFile("# note\nA='x' # y\n  B=$HOME\nC\n\n")).toEqual([["A", "'x' # y"], ["B", "$HOME"], ["C", undefined]]);
});

describe("env_file of a service", () => {
  const files: Record<string, string> = { "app/a.env": "A=a\nB=a\nHERE\nGONE", "app/b.env": 'B="b"', "/abs.env": "C=c" };
  const options = { readText: (path: string) => files[path], variables: { HERE: { environment: "HOME_OF_HERE" } }, environment: { HOME_OF_HERE: "h" } };
  const variables = (body: string) => Object.fromEntries(web(body, "", options).environment.map(({ name, value }) => [name, value]));

  test.each([
    ["env_file: a.env", { A: "a", B: "a", HERE: "h" }],
    ["env_file: [./a.env, b.env]", { A: "a", B: "b", HERE: "h" }],
    ["env_file: [{ path: b.env, format: raw }]", { B: '"b"' }],
    ["env_file: [/abs.env, { path: none.env, required: false }]", { C: "c" }],
    ["env_file: b.env, environment: { B: own, HERE: null }", { B: "own", HERE: "h" }],
  ])("%s", (body, expected) => expect(variables(body)).toEqual(expected));

  test("a name alone sees nothing of the environment that the settings do not name", () => {
    expect(problemsOf(() => web("env_file: a.env", "", { ...options, environment: { GONE: "s3cret" } }))).toEqual([expect.stringMatching(/^variable GONE: .* write variables: \{ GONE: \{ environment: GONE \} \}/)]);
  });

  test("a file that is not there", () => {
    expect(problemsOf(() => web("env_file: none.env", "", options))).toEqual(['services.web.env_file[0]: there is no file "none.env"; correct the path, or write required: false']);
  });

  test("where `docker stack deploy` reads something else, the names are told", () => {
    expect(read(withWeb("env_file: [a.env, b.env]"), options).notices).toContainEqual({
      severity: "info",
      path: "services.web.env_file[1]",
      message: "read as Compose does, with quotes, comments and variables; `docker stack deploy` takes the lines as they stand, which differs in B",
    });
  });

  test("label_file goes below the labels", () => {
    const service = web("label_file: l.labels, labels: { a: own }", "", { readText: () => "a=file\nb=file" });
    expect(service.containerLabels).toEqual({ a: "own", b: "file" });
  });
});
