import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { SETTINGS_SCHEMA, settingsJsonSchema } from "../../schemas/settings";

const published = readFileSync(SETTINGS_SCHEMA, "utf8");
const editor = z.fromJSONSchema(JSON.parse(published) as Parameters<typeof z.fromJSONSchema>[0]);

test("the published schema is that of the program; if not: npm run schemas", () => {
  expect(published).toBe(settingsJsonSchema());
});

test.each(["demo", "shop", "voting"])("an editor accepts the settings of %s", (name) => {
  const settings: unknown = parse(readFileSync(join(__dirname, "../../bundles", name, "settings.dev.yaml"), "utf8"));
  expect(editor.safeParse(settings).error).toBeUndefined();
});

test.each([
  ["an unknown key", { services: { web: { prots: [] } } }],
  ["an unknown section", { service: {} }],
  ["a count in quotes", { services: { web: { replicas: "2" } } }],
  ["no length of time", { services: { web: { stopGracePeriod: "soon" } } }],
  ["a relocation without a digest", { relocate: { web: "registry.example/web:1" } }],
])("an editor marks %s", (_what, settings) => {
  expect(editor.safeParse(settings).success).toBe(false);
});

test("the doc comments of the sources are the descriptions", () => {
  const schema = JSON.parse(published) as { definitions: { service: { properties: Record<string, { description?: string }> } }; properties: Record<string, { description?: string }> };
  expect(schema.definitions.service.properties.replicas!.description).toMatch(/^Left out, the count stays with whoever scales/);
  expect(schema.properties.relocate!.description).toBe("By the image as written in the bundle.");
});
