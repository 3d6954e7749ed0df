import { evidenceText, parseEvidence, rank } from "../../../cli/lostQuorum/evidence";

const LOG = "file 0000000000000000-0000000000000000.wal 1764108000.5000000000\n";
const SNAPSHOT = "file 0000000000000003-0000000000002715.snap 1764104400.0000000000\n";

describe("what is seen of a manager's copy of the Swarm's state", () => {
  it("is nothing without files of raft", () => expect(["", "last 3 20\n"].map(parseEvidence)).toEqual([undefined, undefined]));
  it("is how far the names of its files go, and when it wrote last", () => {
    expect(parseEvidence(LOG)).toEqual({ files: 0, written: 1_764_108_000_500 });
    expect(parseEvidence(LOG + SNAPSHOT)).toEqual({ files: 0x2715, written: 1_764_108_000_500 });
  });
  it("is the end of its log where the engine named it", () => {
    expect(parseEvidence(`${LOG}last 3 10021\n`)).toEqual({ last: { term: 3, index: 10_021 }, files: 0, written: 1_764_108_000_500 });
  });
  it("takes no file of another kind", () => expect(parseEvidence("file 0000000000000000-0000000000000000.wal.broken 1.0\nfile 0.tmp 2.0\n")).toBeUndefined());
  it("reads well", () => {
    expect(evidenceText({ files: 12, written: 1_764_108_000_500 })).toBe("files reach index 12, last written 2025-11-25T22:00:00Z");
    expect(evidenceText({ last: { term: 3, index: 40 }, files: 0, written: 0 })).toBe("log ends at 40 of term 3, last written 1970-01-01T00:00:00Z");
  });
});

describe("the order of survivors", () => {
  const survivor = (name: string, written: number, files = 0, last?: { term: number; index: number }) => ({ name, raft: { written, files, ...(last && { last }) } });
  const orderOf = (...survivors: ReturnType<typeof survivor>[]) => {
    const { by, order } = rank(survivors);
    return [by, ...order.map(({ name }) => name)];
  };

  it("goes by the end of the logs, a later term before a higher index", () => {
    expect(orderOf(survivor("a", 9, 9, { term: 2, index: 90 }), survivor("b", 1, 1, { term: 3, index: 80 }), survivor("c", 1, 1, { term: 3, index: 81 }))).toEqual(["the end of their logs", "c", "b", "a"]);
  });
  it("does not go by the end of one log when another has not named its own", () => {
    expect(orderOf(survivor("a", 9, 1, { term: 9, index: 90 }), survivor("b", 1, 2))).toEqual(["their files", "b", "a"]);
  });
  it("goes by the last write where all else is equal", () => {
    expect(orderOf(survivor("a", 1), survivor("b", 2))).toEqual(["the time of their last write", "b", "a"]);
  });
});
