import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { RecipeFile } from "./hostRecipe";

/** All files below a folder, as a recipe is hashed. Symbolic links are followed. */
export function readRecipe(folder: string): RecipeFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({
      path: relative(folder, path).split(sep).join("/"),
      content: readFileSync(path),
      executable: (statSync(path).mode & 0o100) !== 0,
    }));
}
