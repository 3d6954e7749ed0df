import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { canariesIn, CANARIES, HOSTILE_ENVIRONMENT, HOSTILE_FILES, hostileFolder, hostileText } from "../support/hostileBundle";
import { devConfiguration, Workspace } from "../support/program";

/** A stranger's bundle in a stack that has secrets: what a preview and an up of it would show, and send to the engine in the clear. */

jest.setTimeout(120_000);
const workspace = new Workspace();
const before = { ...process.env };
beforeAll(() => {
  hostileFolder(workspace.folder);
  Object.assign(process.env, HOSTILE_ENVIRONMENT);
});
afterAll(() => {
  process.env = before;
  workspace.remove();
});

/** All that the program says, and all that it registers, with secrets masked; or why it is refused. */
async function shown(compose: string, settings: object = {}): Promise<string> {
  writeFileSync(join(workspace.folder, "app/compose.yaml"), compose);
  workspace.write("stranger.yaml", JSON.stringify(settings));
  let output = "";
  const spies = (["stdout", "stderr"] as const).map((stream) => jest.spyOn(process[stream], "write").mockImplementation((text) => ((output += String(text)), true)));
  const logged = (["log", "warn", "error"] as const).map((method) => jest.spyOn(console, method).mockImplementation((...all) => void (output += all.join(" "))));
  const configuration = devConfiguration();
  configuration["applications"] = [{ name: "stranger", bundle: "app/compose.yaml", settings: "stranger.yaml" }];
  try {
    const { graph, ...rest } = await workspace.run(configuration);
    return JSON.stringify([output, rest, graph.all.map(({ urn, masked, outputs }) => [urn, masked, outputs])]);
  } catch (error) {
    return `${output}\n${(error as Error).message}`;
  } finally {
    [...spies, ...logged].forEach((spy) => spy.mockRestore());
  }
}

test("no canary is shown, whatever the bundle asks for", async () => {
  for (const file of Object.values(HOSTILE_FILES)) {
    const output = await shown(hostileText(file));
    expect(canariesIn(output)).toEqual([]);
    expect(output).toMatch(/stranger|app\/compose\.yaml|leads (out|to)|is in the folder/);
  }
});

test("what the operator hands over to configs is secret", async () => {
  const configs = { own: { file: "own.env" }, said: { environment: "X" }, text: { content: "text of its own" } };
  const file = { services: { web: { image: `example/app@sha256:${"a".repeat(64)}`, configs: Object.keys(configs) } }, configs };
  const output = await shown(JSON.stringify(file), { configs: { said: { environment: "SOME_TOKEN" } } });
  expect(output).toContain("stranger_said-");
  expect(output.match(/"data":"\[secret\]"/g)?.length).toBeGreaterThanOrEqual(3);
  expect(output).not.toContain(CANARIES.token);
  expect(output).not.toContain("text of its own");
});
