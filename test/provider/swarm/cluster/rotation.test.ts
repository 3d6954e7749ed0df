import fc from "fast-check";
import type { ClusterSpec } from "../../../../provider/swarm/cluster/clusterInfo";
import { type CertifiedNode, newMarks, refuseBackwards, rootRotation, rotate, rotationDone, rotationMarks, type Rotation } from "../../../../provider/swarm/cluster/rotation";

const NOW = new Date("2026-11-25T22:00:00Z");
const ALL = ["ca", "joinTokens", "unlockKey"] as const;
const wanted = (change: Partial<Rotation> = {}): Rotation => ({ ca: 1, joinTokens: 1, unlockKey: 1, ...change });
const counts = fc.record({ ca: fc.integer({ min: 1, max: 9 }), joinTokens: fc.integer({ min: 1, max: 9 }), unlockKey: fc.integer({ min: 1, max: 9 }) });

describe("what was rotated", () => {
  test("is told by the Swarm's labels, with the time; without one it is the first", () => {
    expect(rotationMarks({ "dockyard.rotation.ca": "3 2026-11-25T22:00:00Z", other: "x" })).toEqual({ ca: { count: 3, at: "2026-11-25T22:00:00Z" }, joinTokens: { count: 1 }, unlockKey: { count: 1 } });
    expect(rotationDone()).toEqual(wanted());
  });
  test.each(["", "0", "-1", "2026-11-25", "1e3", "two", "3 4 5"])("a label that a hand has spoilt (%j) is the first", (label) => {
    expect(rotationDone({ "dockyard.rotation.ca": label }).ca).toBe(1);
  });
  test("cannot be taken back", () => {
    expect(() => refuseBackwards(wanted({ ca: 3 }), wanted({ ca: 2 }))).toThrow("rotation.ca of the Swarm is 3 and cannot become 2: what was rotated away is gone. Write 3, or 4 to rotate once more");
    expect(() => refuseBackwards(wanted({ ca: 3 }), wanted({ ca: 3, joinTokens: 2 }))).not.toThrow();
  });
});

describe("a rotation", () => {
  const spec: ClusterSpec = { Name: "default", Labels: { team: "x" }, CAConfig: { NodeCertExpiry: 1, ForceRotate: 4 }, Raft: {} };

  test("of the CA is one more forced rotation, marked in the same update", () => {
    expect(rotate(ALL, spec, wanted({ ca: 2 }), NOW)).toEqual({
      spec: { ...spec, Labels: { team: "x", "dockyard.rotation.ca": "2 2026-11-25T22:00:00.000Z" }, CAConfig: { NodeCertExpiry: 1, ForceRotate: 5 } },
      query: {},
    });
  });
  test("of tokens and key is asked for by flags, and leaves the CA alone", () => {
    const { spec: changed, query } = rotate(ALL, spec, wanted({ joinTokens: 2, unlockKey: 2 }), NOW);
    expect(query).toEqual({ rotateWorkerToken: true, rotateManagerToken: true, rotateManagerUnlockKey: true });
    expect(changed.CAConfig).toBe(spec.CAConfig);
  });
  test("is limited to what is named", () => expect(rotate(["ca"], spec, wanted({ unlockKey: 2 }), NOW)).toEqual({ spec, query: {} }));

  test("is done once, however often it is asked for, and a new Swarm needs none", () => {
    fc.assert(
      fc.property(counts, counts, (first, then) => {
        const target = { ca: Math.max(first.ca, then.ca), joinTokens: Math.max(first.joinTokens, then.joinTokens), unlockKey: Math.max(first.unlockKey, then.unlockKey) };
        const fresh = { Labels: newMarks(first, NOW) };
        expect(rotate(ALL, fresh, first, NOW)).toEqual({ spec: fresh, query: {} });
        const once = rotate(ALL, fresh, target, NOW).spec;
        expect(rotationDone(once.Labels)).toEqual(target);
        expect(once.CAConfig?.ForceRotate ?? 0).toBe(target.ca > first.ca ? 1 : 0);
        expect(rotate(ALL, once, target, NOW)).toEqual({ spec: once, query: {} });
      }),
    );
  });
});

describe("a rotation of the CA under way", () => {
  const info = (inProgress: boolean) => ({ RootRotationInProgress: inProgress, TLSInfo: { CertIssuerPublicKey: "new" } }) as never;
  const node = (name: string, issuer: string, state = "ready"): CertifiedNode => ({ Description: { Hostname: name, TLSInfo: { CertIssuerPublicKey: issuer } }, Status: { State: state } });

  test("names the nodes that are still to come, and those that hold it up", () => {
    expect(rootRotation(info(true), [node("m1", "new"), node("m2", "old"), node("w1", "old", "down")])).toEqual({ says: "1 of 3 nodes have a certificate of the new root; m2, w1 (down) still to come" });
    expect(rootRotation(info(true), [node("m1", "new")])).toEqual({ says: "1 of 1 nodes have a certificate of the new root" });
  });
  test("is over when Swarm says so", () => expect(rootRotation(info(false), [node("m1", "old")])).toBeUndefined());
});
