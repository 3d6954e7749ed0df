import { dirname, join, relative, resolve } from "node:path";

const ROOT = join(__dirname, "../..");

/** The line by which editors find the schema of a settings file; none for a file outside this checkout. */
export function schemaComment(settingsPath: string): string[] {
  const folder = dirname(resolve(settingsPath));
  if (relative(ROOT, folder).startsWith("..")) return [];
  return [`yaml-language-server: $schema=${relative(folder, join(ROOT, "schemas/settings.schema.json"))}`];
}
