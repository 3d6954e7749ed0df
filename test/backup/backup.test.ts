import fc from "fast-check";
import { compare, same } from "../../backup/compare";
import { backupId, backupTime, isBackupId } from "../../backup/id";
import type { Inventory } from "../../backup/manifest";
import { parsePlace, placeText } from "../../backup/place";
import { outdated } from "../../backup/retention";

describe("the name of a backup", () => {
  it("is its time, to the second, and sorts as times do", () => {
    expect(backupId(new Date("2026-11-25T22:10:07.999Z"))).toBe("2026-11-25T22-10-07Z");
    const times = fc.date({ min: new Date("2020-01-01"), max: new Date("2099-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(times, times, (a, b) => {
        expect(backupTime(backupId(a))).toEqual(new Date(Math.floor(a.getTime() / 1000) * 1000));
        if (a < b) expect(backupId(a) <= backupId(b)).toBe(true);
      }),
    );
  });
  it("is no other text", () => expect(["", "lost+found", "2026-11-25T22:10:07Z", "2026-13-25T22-10-07Z", "2026-11-25T22-10-07Z.new"].filter(isBackupId)).toEqual([]));
});

describe("a place for backups", () => {
  it.each([
    ["/backups", { kind: "directory", path: "/backups" }],
    ["s3", { kind: "directory", path: "s3" }],
    ["s3://platform-backups", { kind: "s3", bucket: "platform-backups", prefix: "" }],
    ["s3://b.1/a/b/", { kind: "s3", bucket: "b.1", prefix: "a/b" }],
  ])("%s", (text, place) => {
    expect(parsePlace(text)).toEqual(place);
    expect(placeText(parsePlace(placeText(parsePlace(text))))).toBe(placeText(parsePlace(text)));
  });
  it.each(["s3://", "s3:///x", "s3://A/x", "gs://bucket/x", "https://example.net/x"])("is not %s", (text) => expect(() => parsePlace(text)).toThrow(/names no bucket|no place for backups/));
  it("keeps the service of the configuration for another bucket", () => {
    const known = { kind: "s3", bucket: "a", prefix: "", region: "r", endpoint: "http://s3" } as const;
    expect(parsePlace("s3://bbb/c", known)).toEqual({ kind: "s3", bucket: "bbb", prefix: "c", region: "r", endpoint: "http://s3" });
  });
});

describe("what goes after a new backup", () => {
  const stored = (...ids: string[]) => ids.map((id) => ({ id: id.replace("?", ""), complete: !id.endsWith("?") }));
  it("is what is complete beyond the newest that are kept", () => expect(outdated(stored("1", "2", "3", "4"), 2)).toEqual(["1", "2"]));
  it("is what an interrupted run left, but not what may be just being made", () => expect(outdated(stored("1?", "2", "3?", "4", "5?"), 2)).toEqual(["1", "3"]));
  it("is never the last good one, nor more than the surplus", () => {
    const backups = fc.array(fc.boolean(), { maxLength: 12 }).map((list) => list.map((complete, index) => ({ id: String(index).padStart(2, "0"), complete })));
    fc.assert(
      fc.property(backups, fc.integer({ min: 1, max: 5 }), (all, keep) => {
        const gone = new Set(outdated(all, keep));
        const complete = all.filter((backup) => backup.complete);
        const left = complete.filter(({ id }) => !gone.has(id));
        expect(left).toEqual(complete.slice(-keep));
        expect(outdated(all.filter(({ id }) => !gone.has(id)), keep)).toEqual([]);
      }),
    );
  });
});

describe("the comparison of what came back", () => {
  const inventory: Inventory = {
    nodes: [{ id: "n1", name: "m1", role: "manager", address: "10.0.0.1", engine: "26.1.5" }],
    services: [{ id: "s1", name: "web", image: "web@sha256:1" }, { id: "s2", name: "api", image: "api@sha256:1" }],
    secrets: [{ id: "x1", name: "key" }],
    configs: [],
    networks: [{ id: "w1", name: "ingress" }],
  };
  it("is good when everything is there, whatever name the restored node has now", () => {
    const back = compare(inventory, { ...inventory, nodes: [{ ...inventory.nodes[0]!, name: "scratch", address: "10.9.9.9" }] });
    expect(same(back)).toBe(true);
    expect(back.map(({ kind, expected, found }) => [kind, expected, found])).toEqual([["nodes", 1, 1], ["services", 2, 2], ["secrets", 1, 1], ["configs", 0, 0], ["networks", 1, 1]]);
  });
  it.each<[string, Partial<Inventory>, object]>([
    ["a service is missing", { services: [inventory.services[0]!] }, { kind: "services", missing: ["api"], extra: [] }],
    ["a service runs another image", { services: [inventory.services[0]!, { ...inventory.services[1]!, image: "api@sha256:2" }] }, { kind: "services", missing: ["api"], extra: ["api"] }],
    ["a secret was made anew", { secrets: [{ id: "x2", name: "key" }] }, { kind: "secrets", missing: ["key"], extra: ["key"] }],
    ["there is a config more", { configs: [{ id: "c1", name: "new" }] }, { kind: "configs", missing: [], extra: ["new"] }],
    ["a node is missing", { nodes: [] }, { kind: "nodes", missing: ["m1"], extra: [] }],
  ])("tells that %s", (_, change, told) => {
    const back = compare(inventory, { ...inventory, ...change });
    expect(same(back)).toBe(false);
    expect(back).toContainEqual(expect.objectContaining(told));
  });
});
