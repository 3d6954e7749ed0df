import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { devConfiguration, Workspace } from "../support/program";

/** Secrets of applications that the stack's own file keeps, encrypted: `fromConfig` in their settings. */

jest.setTimeout(120_000);
const workspace = new Workspace();
afterAll(() => workspace.remove());

/** The stack "dev" whose demo takes its token from the key `asked`, with these encrypted and plain keys beside. */
function run(asked: string, encrypted: Record<string, string>, plain: Record<string, string> = {}) {
  const settings = parse(readFileSync(join(workspace.folder, "bundles/demo/settings.dev.yaml"), "utf8"));
  settings.secrets = { token: { fromConfig: asked } };
  settings.services.api.secrets = ["token"];
  workspace.write("withToken.yaml", JSON.stringify(settings));
  const configuration = devConfiguration();
  configuration["applications"][0].settings = "withToken.yaml";
  return workspace.run({ ...configuration, ...encrypted, ...plain }, { secretKeys: Object.keys(encrypted).map((key) => `dockyard:${key}`) });
}

test("reach the Swarm from the stack's file", async () => {
  const { graph } = await run("apiToken", { apiToken: "PRIVATE token" });
  const secret = graph.one("swarm:Secret", "demo-secret-token");
  expect([secret.inputs["data"], secret.masked["data"]]).toEqual(["PRIVATE token", "[secret]"]);
});

test("that no application asks for are refused, with those that they do ask for", async () => {
  const attempt = run("apiToken", { apiToken: "PRIVATE token", apiTokn: "PRIVATE other" });
  await expect(attempt).rejects.toThrow(
    'dockyard:apiTokn: no application asks for this secret, they ask for "apiToken"; correct the name, or take it out with: pulumi config rm apiTokn',
  );
  await expect(attempt).rejects.toThrow(/^(?!.*PRIVATE)/s);
});

test("do not stand there in the clear: a plain key is none that the configuration knows", async () => {
  await expect(run("apiToken", {}, { apiToken: "open to all" })).rejects.toThrow("dockyard:apiToken: unknown key");
});

test("do not hide the platform's own keys: what is wrong in an encrypted one is told", async () => {
  await expect(run("apiToken", { apiToken: "PRIVATE token", networks: '[{"nam":"x"}]' })).rejects.toThrow(/dockyard:networks\[0\]/);
});
