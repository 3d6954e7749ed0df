import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backupPassphrase } from "../../../cli/backup/passphrase";
import type { Pulumi } from "../../../cli/pulumi";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "dockyard-passphrase-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const configured = (value?: string) => ({ ask: async () => (value === undefined ? { code: 255, stdout: "", stderr: "not found" } : { code: 0, stdout: `${value}\n`, stderr: "" }) }) as unknown as Pulumi;
const file = (content: string) => {
  writeFileSync(join(folder, "pass"), content);
  return join(folder, "pass");
};

test("a file goes before the configuration, and its first line counts", async () => {
  expect(await backupPassphrase(configured("from the configuration"), file("from the file, long\r\nnot this\n"))).toBe("from the file, long");
  expect(await backupPassphrase(configured("from the configuration"), undefined)).toBe("from the configuration");
});

test.each([
  ["none", () => backupPassphrase(configured(), undefined), "There is no passphrase to encrypt backups with"],
  ["an empty one", () => backupPassphrase(configured(""), undefined), "There is no passphrase to encrypt backups with"],
  ["a file that is not there", () => backupPassphrase(configured(), join(folder, "gone")), "gone cannot be read (ENOENT)"],
  ["a short one, which is not repeated", () => backupPassphrase(configured(), file("hunter2\n")), "has 7 characters; at least 12 are needed"],
])("%s is refused", async (_, asked, reason) => {
  const error = await asked().catch((problem: Error) => problem);
  expect((error as Error).message).toContain(reason);
  expect((error as Error).message).not.toContain("hunter2");
});
