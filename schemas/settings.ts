import { join } from "node:path";
import * as z from "zod";
import { settingsSchema } from "../components/bundle/settings/schema";
import { serviceSettings } from "../components/bundle/settings/serviceSettings";
import { documentedBlocks, type DocumentedBlock } from "./docComments";

/** Where the schema is published for editors. */
export const SETTINGS_SCHEMA = join(__dirname, "settings.schema.json");

const SOURCES = ["schema.ts", "serviceSettings.ts", "storedFiles.ts"].map((name) => join(__dirname, "../components/bundle/settings", name));

type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * The JSON Schema of a settings file (draft 7, which editors know best), made of the very schema that reads the file; the doc
 * comments of its sources are the descriptions. What keys demand of each other is not in it: the reader has a few more rules.
 */
export function settingsJsonSchema(): string {
  const metadata = z.registry<{ id: string }>().add(serviceSettings, { id: "service" });
  const blocks = SOURCES.flatMap(documentedBlocks);
  const schema = z.toJSONSchema(settingsSchema, { io: "input", target: "draft-7", metadata, override: ({ jsonSchema }) => finished(jsonSchema, blocks) });
  return `${JSON.stringify({ $schema: schema.$schema, title: "Dockyard: settings of an application in one environment", ...schema }, undefined, 2)}\n`;
}

/** Takes out what says nothing, puts in the descriptions. */
function finished(schema: JsonSchema, blocks: readonly DocumentedBlock[]): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (JSON.stringify(schema.propertyNames) === '{"type":"string"}') delete schema.propertyNames;
  const names = Object.keys(schema.properties ?? {});
  for (const block of blocks.filter((each) => each.names.every((name) => names.includes(name)))) {
    for (const [name, description] of block.comments) schema.properties![name] = { description, ...(schema.properties![name] as JsonSchema) };
  }
}
