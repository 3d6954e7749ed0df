import { writeFileSync } from "node:fs";
import { loadApplication, loadPlan } from "../../../components/bundle/loadPlan";
import { parseSettings } from "../../../components/bundle/settings/parse";
import { canariesIn, CANARIES, HOSTILE_ENVIRONMENT, HOSTILE_FILES, hostileFolder, hostileText } from "../../support/hostileBundle";
import { failureOf } from "./failure";
import { inFolderOfItsOwn } from "./inFolder";

inFolderOfItsOwn(() => {
  hostileFolder(".");
});

/** All that reading says: notices, the plan, the refusal. */
function said(text: string, settings = ""): string {
  writeFileSync("app/compose.yaml", text);
  writeFileSync("settings.yaml", settings);
  const lines: string[] = [];
  const files = { bundle: "app/compose.yaml", settings: "settings.yaml" };
  const options = { environment: HOSTILE_ENVIRONMENT, notice: (line: string) => void lines.push(line) };
  const failure = failureOf(() => lines.push(JSON.stringify(loadPlan("demo", files, options)), JSON.stringify(loadApplication("demo", files, options))));
  return [...lines, failure].join("\n");
}

/** Every variable of the process that holds a canary, in every way in which a file can ask for it. */
const ASKED = ["PULUMI_CONFIG", "PULUMI_CONFIG_PASSPHRASE", "AWS_SECRET_ACCESS_KEY", "SSH_AUTH_SOCK", "DOCKYARD_TOKEN", "SOME_TOKEN"];
const SPELLINGS = ["$V", "${V}", "${V:-d}", "${V-d}", "${V:?m}", "${V?m}", "${V:+$V}", "${V+$V}", "${X:-${V}}", "${X:-${Y-${V:-z}}}", "${X:?$V}", "${X?${V:-}}", "${X:-$$}$V", "$$${V}", "{{$V}}", "${V}${V}"];

describe.each(ASKED)("%s", (variable) => {
  test.each(SPELLINGS)("%s gives nothing away", (spelling) => {
    const text = spelling.replaceAll("V", variable);
    for (const place of [{ environment: { A: text } }, { command: text }, { labels: [`a=${text}`] }, { hostname: text }, { env_file: text }, { deploy: { replicas: text } }]) {
      const output = said(hostileText({ web: place }));
      expect(canariesIn(output)).toEqual([]);
      // Each is told of what it asked in vain, or of what came of it.
      expect(output).toMatch(new RegExp(`${variable}|the variable X is required|there is no file "[dz]"|(replicas|env_file\\[0\\].path): found "[dz]?"`));
    }
  });

  test.each([
    ["a name alone", { web: { environment: [variable] } }],
    ["a name without a value", { web: { environment: { [variable]: null } } }],
    ["a config", { configs: { q: { environment: variable } } }],
    ["a secret", { secrets: { q: { environment: variable } } }],
    ["a config's text", { configs: { q: { content: `\${${variable}}` } } }],
  ])("%s is refused, with what to write", (_what, file) => {
    const output = said(hostileText(file));
    expect(canariesIn(output)).toEqual([]);
    if (variable === "SOME_TOKEN") expect(output).toMatch(/write (variables: \{ SOME_TOKEN|(secrets|configs): \{ "q"): \{ environment: SOME_TOKEN \} \} in the settings/);
    else expect(output).toContain("variables that begin with PULUMI_, DOCKYARD_, AWS_, SSH_ hold the run's own access, and no application gets them");
  });
});

test.each(Object.entries(HOSTILE_FILES))("%s: no canary in what is said", (_what, file) => {
  const output = said(hostileText(file));
  expect(canariesIn(output)).toEqual([]);
  expect(output).toMatch(/leads (out|to)|in the settings|no application gets|is in the folder|remove it; list the files|there is no file/);
});

test("a canary that is found, is found in each of its spellings", () => {
  const token = CANARIES.token;
  for (const text of [token, `x${token}y`, JSON.stringify({ a: token }), Buffer.from(`a ${token} b`).toString("base64"), Buffer.from(`ab ${token} c`).toString("base64url"), encodeURIComponent(CANARIES.agent)]) {
    expect(canariesIn(text)).toHaveLength(1);
  }
});

describe("what the settings name is seen, and no more", () => {
  test("a variable under another name", () => {
    const output = said(hostileText({ web: { environment: { A: "$MINE", B: "${SOME_TOKEN:-none}" } } }), "variables: { MINE: { environment: SOME_TOKEN } }");
    expect(output).toContain(`"A=${CANARIES.token}","B=none"`);
  });

  test.each(["PULUMI_CONFIG", "pulumi_config_passphrase", "DOCKYARD_X", "AWS_SECRET_ACCESS_KEY", "Aws_Session_Token", "SSH_AUTH_SOCK", "ssh_agent_pid"])("%s is never handed over", (name) => {
    const message = /hold the run's own access, and no application gets them; write another/;
    expect(failureOf(() => parseSettings(`variables: { X: { environment: ${name} } }`, "s"))).toMatch(/^settings s: variables\.X/);
    expect(failureOf(() => parseSettings(`secrets: { x: { environment: ${name} } }`, "s"))).toMatch(message);
    expect(failureOf(() => parseSettings(`configs: { x: { environment: ${name} } }`, "s"))).toMatch(message);
  });

  test.each([
    ["variables: { A: 1 }", 'variables.A: found 1; write a value in quotes, or { environment: NAME } for a variable of the process'],
    ["variables: { A: { env: X } }", "variables.A: found a block; write a value in quotes, or { environment: NAME } for a variable of the process"],
    ["folders: ../x", 'folders: found "../x"; write folders, as a list'],
    ['folders: [""]', 'folders[0]: found ""; write the path of a folder'],
  ])("%s is refused", (yaml, message) => expect(failureOf(() => parseSettings(yaml, "s"))).toBe(`settings s: ${message}`));

  test("a secret's value is not written down in the settings", () => {
    expect(said(hostileText({ secrets: { q: { environment: "KEY" } } }), 'variables: { KEY: "1" }')).toMatch(/a secret is not written down: write secrets: \{ "q": \{ environment: KEY \} \}/);
  });

  test("a secret or config that the settings say themselves is not the bundle's any more", () => {
    expect(said(hostileText({ configs: { q: { file: "../STATE/passphrase" } } }), 'configs: { q: { content: "mine" } }')).toContain('"source":{"kind":"inline","content":"mine"}');
  });
});
