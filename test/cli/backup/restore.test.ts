import { stripVTControlCharacters } from "node:util";
import { drillName, isGood } from "../../../cli/backup/drill";
import { judgeRegistry } from "../../../cli/backup/registryCheck";
import { readdressed } from "../../../cli/backup/restoreRaft";
import { freeNumber } from "../../../cli/backup/scratchSubnet";
import { drillText, recordText, sizeText } from "../../../cli/backup/text";
import { plainKeys } from "../../../cli/sourceConfiguration";

const digest = (letter: string) => letter.repeat(64);

describe("a restored registry", () => {
  const blob = (content: string, name: string) => `${content}  ./${name.slice(0, 2)}/${name}/data`;
  it("is right when every blob is what its name says and all that is referred to is there", () => {
    const printed = [blob(digest("a"), digest("a")), blob(digest("b"), digest("b")), `link sha256:${digest("a")}`, `link sha256:${digest("a")}`].join("\n");
    expect(judgeRegistry(printed)).toEqual({ blobs: 2, damaged: [], missing: [] });
    expect(judgeRegistry("")).toEqual({ blobs: 0, damaged: [], missing: [] });
  });
  it("tells what is damaged and what is missing", () => {
    const printed = [blob(digest("c"), digest("a")), `link sha256:${digest("d")}`, `link sha256:${digest("d")}`].join("\n");
    expect(judgeRegistry(printed)).toEqual({ blobs: 1, damaged: [digest("a")], missing: [digest("d")] });
  });
});

describe("what a drill found", () => {
  const kind = { kind: "services" as const, expected: 2, found: 2, missing: [], extra: [] };
  const resources = { found: 3, expected: 3 };
  const registry = { blobs: 4, damaged: [], missing: [] };
  it("is good only when all of it is", () => {
    expect(isGood({ compared: [kind], registry, resources })).toBe(true);
    expect(isGood({ compared: [kind], resources })).toBe(true);
    expect(isGood({ compared: [{ ...kind, missing: ["web"] }], registry, resources })).toBe(false);
    expect(isGood({ compared: [kind], registry: { ...registry, damaged: ["x"] }, resources })).toBe(false);
    expect(isGood({ compared: [kind], registry: { ...registry, missing: ["x"] }, resources })).toBe(false);
    expect(isGood({ compared: [kind], registry, resources: { found: 2, expected: 3 } })).toBe(false);
  });
  it("is told in a table", () => {
    expect(stripVTControlCharacters(drillText({ compared: [{ ...kind, found: 1, missing: ["web"] }], registry, resources })).split("\n").map((line) => line.replace(/ {2,}/g, " | "))).toEqual([
      "KIND | IN THE BACKUP | RESTORED | RESULT",
      "services | 2 | 1 | missing: web",
      "registry blobs | 4 | 4 | every blob has the content that its name says",
      "state's resources | 3 | 3 | same",
    ]);
  });
});

test("an engine's memory of its place in the Swarm is moved, and nothing else in it", () => {
  const state = { LocalAddr: "10.0.0.2", RemoteAddr: "10.0.0.1:2377", ListenAddr: "10.0.0.2:2377", AdvertiseAddr: "10.0.0.2:2377", DataPathAddr: "10.0.0.2", DefaultAddressPool: ["10.128.0.0/12"], DataPathPort: 4790 };
  expect(JSON.parse(readdressed(JSON.stringify(state), "10.9.9.9"))).toEqual({
    LocalAddr: "10.9.9.9",
    RemoteAddr: "",
    ListenAddr: "10.9.9.9:2377",
    AdvertiseAddr: "10.9.9.9:2377",
    DataPathAddr: "10.9.9.9",
    DefaultAddressPool: ["10.128.0.0/12"],
    DataPathPort: 4790,
  });
});

describe("the scratch network of a drill", () => {
  it("is one that neither this machine nor the platform uses", () => {
    expect(freeNumber([], [])).toBe(239);
    expect(freeNumber(["10.213.239.0/24", "fd00::/64", "172.17.0.0/16"], ["10.213.238.11", "not an address"])).toBe(237);
    expect(() => freeNumber(["10.213.0.0/16"], [])).toThrow(/--subnet/);
  });
  it("belongs to its stack", () => expect([drillName("dev"), drillName("E2E_a.b"), drillName("x".repeat(60))]).toEqual(["drill-dev", "drill-e2e-a-b", `drill-${"x".repeat(18)}`]));
});

test("sizes and ages read as people say them", () => {
  expect([0, 999, 1000, 1_234_567, 5e13].map(sizeText)).toEqual(["0 B", "999 B", "1.0 kB", "1.2 MB", "50.0 TB"]);
  const now = new Date("2026-11-25T22:00:00Z");
  expect(recordText({}, now)).toBe("Backup  none was made from here\nDrill   none was done from here");
  const backup = { id: "b", at: "2026-11-23T22:00:00Z", where: "/backups/dev", bytes: 2000, seconds: 1 };
  expect(recordText({ backup, drill: { backup: "b", at: "2026-11-25T21:00:00Z", good: false, says: "not everything came back", seconds: 1 } }, now, 24 * 3_600_000)).toBe(
    "Backup  48 h old, older than 24 h (backup.maxAge): /backups/dev/b, 2.0 kB\nDrill   60 min ago, FAILED: not everything came back (backup b)",
  );
});

test("of a stack's file the project's plain keys are read", () => {
  const text = "config:\n  dockyard:backup: { keep: 3 }\n  dockyard:apiToken: { secure: v1:x }\n  aws:region: eu\nencryptionsalt: v1:y\n";
  expect(plainKeys(text, "dockyard")).toEqual({ backup: { keep: 3 } });
  expect(plainKeys("", "dockyard")).toEqual({});
});
