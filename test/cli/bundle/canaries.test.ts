import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleCommand } from "../../../cli/bundle/command";
import { UserError } from "../../../cli/error";
import { canariesIn, CANARIES, HOSTILE_ENVIRONMENT, HOSTILE_FILES, hostileFolder, hostileText } from "../../support/hostileBundle";
import { temporaryFolder } from "./archives";

jest.setTimeout(120_000);

const ROOT = join(__dirname, "../../..");
const folder = temporaryFolder();
const before = { cwd: process.cwd(), env: { ...process.env }, exitCode: process.exitCode };

beforeAll(() => {
  hostileFolder(folder);
  writeFileSync(join(folder, "none.yaml"), "");
  process.chdir(folder);
  Object.assign(process.env, HOSTILE_ENVIRONMENT, { DOCKER_HOST: "tcp://127.0.0.1:1" });
});
afterAll(() => {
  process.chdir(before.cwd);
  process.env = before.env;
  process.exitCode = before.exitCode;
});

const COMMANDS: readonly (readonly string[])[] = [
  ["lint"],
  ["lint", "--settings", "none.yaml"],
  ["lint", "--strict"],
  ["show"],
  ["show", "--settings", "none.yaml"],
  ["show", "--plan"],
  ["show", "--dab"],
  ["pack", "--no-engine", "-o", "packed.dab", "--force"],
  ["relocate", "--no-engine", "--to", "registry.example"],
];

/** All that a command writes: to the terminal, and to the files that it makes. */
async function written([name, ...options]: readonly string[]): Promise<string> {
  let output = "";
  const spies = (["stdout", "stderr"] as const).map((stream) => jest.spyOn(process[stream], "write").mockImplementation((text) => ((output += String(text)), true)));
  try {
    await bundleCommand().parseAsync([name!, "app/compose.yaml", ...options], { from: "user" });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    output += error.message;
  } finally {
    spies.forEach((spy) => spy.mockRestore());
  }
  const files = readdirSync(folder).filter((file) => file.startsWith("packed"));
  return [output, ...files.map((file) => readFileSync(join(folder, file), "utf8"))].join("\n");
}

describe.each(Object.entries(HOSTILE_FILES))("%s", (_what, file) => {
  test.each(COMMANDS.map((command) => [command.join(" "), command] as const))("%s", async (_command, command) => {
    writeFileSync(join(folder, "app/compose.yaml"), hostileText(file));
    const output = await written(command);
    expect(output).not.toBe("");
    expect(canariesIn(output)).toEqual([]);
  });
});

test("as a process of its own, through the launcher's program", async () => {
  const all = Object.assign({}, ...Object.values(HOSTILE_FILES).map((file) => ("configs" in file ? { configs: (file as { configs: object }).configs } : {}))) as object;
  writeFileSync(join(folder, "app/compose.yaml"), hostileText({ ...all, web: { extends: { file: "../outside.yaml", service: "web" }, environment: { X: "${PULUMI_CONFIG}", Y: "$SOME_TOKEN" } } }));
  for (const name of ["lint", "show", "pack"]) {
    const output = await new Promise<string>((resolve) =>
      execFile(process.execPath, ["-r", "tsx/cjs", "cli/main.ts", "bundle", name, join(folder, "app/compose.yaml")], { cwd: ROOT }, (_error, stdout, stderr) => resolve(stdout + stderr)),
    );
    expect(output).toContain("leads out of the bundle's folder");
    expect(canariesIn(output)).toEqual([]);
  }
});

test("pack gives an operator no settings that name what the stranger wanted", async () => {
  for (const file of Object.values(HOSTILE_FILES)) {
    writeFileSync(join(folder, "app/compose.yaml"), hostileText(file as object));
    await written(["pack", "--no-engine", "-o", "packed.dab", "--force"]);
    const settings = join(folder, "packed.settings.yaml");
    if (existsSync(settings)) expect(readFileSync(settings, "utf8")).not.toMatch(/STATE|proc|\.git|link|AWS|PULUMI|SOME_TOKEN/);
  }
});

test("the canaries are there to be found", () => {
  expect(canariesIn(JSON.stringify(process.env)).sort()).toEqual([CANARIES.agent, CANARIES.token, CANARIES.awsKey, CANARIES.configPassphrase, CANARIES.configuration].sort());
  expect(canariesIn(readFileSync(join(folder, "app/link.txt"), "utf8"))).toEqual([CANARIES.passphrase]);
});
