import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ageOf, backupAge, hours, readRecord, recordFile, remember, tooOld } from "../../backup/record";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "dockyard-record-"))));
afterEach(() => rmSync(directory, { recursive: true }));

const at = (hour: number) => `2026-11-25T${String(hour).padStart(2, "0")}:00:00.000Z`;
const backup = (hour: number) => ({ id: "x", at: at(hour), where: "/b", bytes: 1, seconds: 2 });
const drill = (hour: number, good: boolean) => ({ backup: "x", at: at(hour), good, says: "", seconds: 3 });
const HOUR = 3_600_000;

test("ages are counted from the last backup and the last drill that was good", () => {
  const record = { backup: backup(10), drill: drill(12, false), goodDrill: { at: at(9), backupAt: at(8) } };
  expect(ageOf(record, new Date(at(13)))).toEqual({ backup: 3 * HOUR, drill: 4 * HOUR });
  expect(ageOf({ drill: drill(12, false) }, new Date(at(13)))).toEqual({});
});

test("a record holds what was remembered last of each, for its stack alone", () => {
  remember(directory, "dev", { backup: backup(10) });
  remember(directory, "dev", { drill: drill(11, true), goodDrill: { at: at(11), backupAt: at(10) } });
  remember(directory, "dev", { drill: drill(12, false) });
  expect(readRecord(directory, "dev")).toEqual({ backup: backup(10), drill: drill(12, false), goodDrill: { at: at(11), backupAt: at(10) } });
  expect(backupAge({ directory, stack: "dev" }, new Date(at(12)))).toEqual({ backup: 2 * HOUR, drill: HOUR });
  expect(backupAge({ directory, stack: "prod" })).toEqual({});
  expect(statSync(recordFile(directory, "dev")).mode & 0o777).toBe(0o600);
});

test("a record that cannot be read counts as none: the gate stays shut", () => {
  writeFileSync(recordFile(directory, "dev"), '{"backup":');
  expect(backupAge({ directory, stack: "dev" })).toEqual({});
});

test.each([
  [undefined, /^no backup was ever made from here; one younger than 24 h is asked for \(backup\.maxAge\)$/],
  [25 * HOUR, /^the last backup is 25 h old; one younger than 24 h/],
])("a backup of age %s is too old", (age, reason) => expect(tooOld({ backup: age }, 24 * HOUR)).toMatch(reason));
test("a young one is not", () => expect(tooOld({ backup: 23 * HOUR }, 24 * HOUR)).toBeUndefined());

test.each([[0, "0 min"], [119 * 60_000, "119 min"], [2 * HOUR, "2 h"], [71 * HOUR, "71 h"], [72 * HOUR, "3 d"]])("%d ms reads as %s", (age, text) => expect(hours(age)).toBe(text));
