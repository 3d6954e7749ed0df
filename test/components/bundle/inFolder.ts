import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs the tests of a file in a folder of their own, which is the current one meanwhile and goes with the last of them. */
export function inFolderOfItsOwn(fill: () => void): void {
  const before = process.cwd();
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "bundle-"));
    process.chdir(folder);
    fill();
  });
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });
}
