import fc from "fast-check";
import { leaseIn, leaseLabels, refusedBy } from "../../../../provider/swarm/lease/claim";
import { leaseHolder } from "../../../../provider/swarm/lease/holder";

const NOW = 1_000_000;

describe("the lease of a cluster", () => {
  it("is free where nobody holds it, for its own holder, when it has run out, and when it is broken by name", () => {
    expect(refusedBy(undefined, "me", NOW, undefined)).toBeUndefined();
    expect(refusedBy({ holder: "me", until: NOW + 1 }, "me", NOW, undefined)).toBeUndefined();
    expect(refusedBy({ holder: "you", until: NOW }, "me", NOW, undefined)).toBeUndefined();
    expect(refusedBy({ holder: "you", until: NOW + 1 }, "me", NOW, "you")).toBeUndefined();
  });
  it("is refused with who holds it, for how long, and what to do", () => {
    const refusal = refusedBy({ holder: 'a "b"', until: NOW + 41_500 }, "me", NOW, "somebody else");
    expect(refusal).toMatch(/being changed by "a "b"", which holds it for another 42 s/);
    expect(refusal).toContain('--break-lease "a \\"b\\""');
  });
  it("reads back from its labels", () =>
    fc.assert(fc.property(fc.string(), fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }), (holder, until) => {
      expect(leaseIn(leaseLabels({ holder, until: until.getTime() }))).toEqual({ holder, until: until.getTime() });
    })));
  it("is none where labels tell none", () => {
    const none: (Record<string, string> | null | undefined)[] = [undefined, null, {}, { "dockyard.lease.holder": "x" }, { "dockyard.lease.holder": "x", "dockyard.lease.until": "soon" }];
    for (const labels of none) expect(leaseIn(labels)).toBeUndefined();
  });
  it("is held by a stack where it is run from", () => {
    const urn = "urn:pulumi:dev::dockyard::dockyard:swarm:Node::m1";
    expect(leaseHolder(urn, "/a")).toMatch(/^dockyard\/dev, \S+@\S+:[0-9a-f]{4}$/);
    expect(leaseHolder(urn, "/a")).toBe(leaseHolder(urn, "/a"));
    expect(leaseHolder(urn, "/b")).not.toBe(leaseHolder(urn, "/a"));
  });
});
