import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { remember } from "../../../backup/record";
import { assertFreshBackup, backupMissing } from "../../../provider/hosts/freshBackup";
import { type Operation, Refused } from "../../../provider/resource";

const HOUR = 3_600_000;
let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "dockyard-record-"))));
afterEach(() => rmSync(directory, { recursive: true }));

const missing = (env: NodeJS.ProcessEnv = {}, backupMaxAge?: number) =>
  backupMissing({ stack: "prod", engines: { workersAtOnce: 1, backupMaxAge } }, { DOCKYARD_RUN: directory, ...env });
const madeBefore = (age: number, stack = "prod") =>
  remember(directory, stack, { backup: { id: "b", at: new Date(Date.now() - age).toISOString(), where: "/b", bytes: 1, seconds: 1 } });

describe("another version of an engine in a Swarm", () => {
  it("waits for a first backup, and the message says how to make one and how to go without", () => {
    const said = missing({}, 24 * HOUR);
    expect(said).toMatch(/^no backup was ever made from here; one younger than 24 h/);
    expect(said).toContain('"./dockyard backup --stack prod"');
    expect(said).toContain("--without-backup prod (DOCKYARD_WITHOUT_BACKUP=prod for pulumi up)");
  });
  it("waits for a younger one, of its own stack", () => {
    madeBefore(HOUR, "dev");
    expect(missing({}, 2 * HOUR)).toContain("no backup was ever made");
    madeBefore(3 * HOUR);
    expect(missing({}, 2 * HOUR)).toMatch(/^the last backup is 3 h old/);
    expect(missing({}, 4 * HOUR)).toBeUndefined();
  });
  it("goes without one by the stack's own name, and where none is asked for", () => {
    expect(missing({ DOCKYARD_WITHOUT_BACKUP: "prod" }, HOUR)).toBeUndefined();
    expect(missing({ DOCKYARD_WITHOUT_BACKUP: "dev" }, HOUR)).toBeDefined();
    expect(missing({ DOCKYARD_WITHOUT_BACKUP: "" }, HOUR)).toBeDefined();
    expect(missing()).toBeUndefined();
  });
  it("is refused, not failed: the other engines are not held back by it", () => {
    const op = { stack: "none-of-this-name", engines: { workersAtOnce: 1, backupMaxAge: HOUR } } as Operation;
    expect(() => assertFreshBackup(op, "10.0.0.1")).toThrow(Refused);
  });
});
