import fc from "fast-check";
import { foreignName } from "../../../../provider/swarm/foreignName";
import { leaseIn, leaseLabels, LONGEST_LEASE, refusedBy } from "../../../../provider/swarm/lease/claim";
import { leaseHolder } from "../../../../provider/swarm/lease/holder";

const NOW = Date.parse("2026-12-01T12:00:00.000Z");
const at = (time: number) => new Date(time).toISOString();
const labels = (holder: string, until: string) => ({ "dockyard.lease.holder": holder, "dockyard.lease.until": until });

describe("the lease of a cluster", () => {
  it("is free where nobody holds it, for its own holder, when it has run out, and when it is broken by name", () => {
    expect(refusedBy(undefined, "me", NOW, undefined)).toBeUndefined();
    expect(refusedBy({ holder: "me", until: NOW + 1 }, "me", NOW, undefined)).toBeUndefined();
    expect(refusedBy({ holder: "you", until: NOW }, "me", NOW, undefined)).toBeUndefined();
    expect(refusedBy({ holder: "you", until: NOW + 1 }, "me", NOW, "you")).toBeUndefined();
  });
  it("is refused with who holds it, for how long, and what to do", () => {
    const refusal = refusedBy({ holder: "dockyard/prod, anna@desk:1f3a", until: NOW + 41_500 }, "me", NOW, "somebody else");
    expect(refusal).toContain('being changed by "dockyard/prod, anna@desk:1f3a", which holds it for another 42 s');
    expect(refusal).toContain("--break-lease 'dockyard/prod, anna@desk:1f3a' (or");
  });
  it("reads back from its labels", () =>
    fc.assert(fc.property(fc.string(), fc.integer({ min: 0, max: LONGEST_LEASE }), (holder, ttl) => {
      expect(leaseIn(leaseLabels({ holder, until: NOW + ttl }), at(NOW))).toEqual({ holder: foreignName(holder), until: NOW + ttl });
    })));
  it("is held by a stack where it is run from", () => {
    const urn = "urn:pulumi:dev::dockyard::dockyard:swarm:Node::m1";
    expect(leaseHolder(urn, "/a")).toMatch(/^dockyard\/dev, \S+@\S+:[0-9a-f]{4}$/);
    expect(leaseHolder(urn, "/a")).toBe(leaseHolder(urn, "/a"));
    expect(leaseHolder(urn, "/b")).not.toBe(leaseHolder(urn, "/a"));
  });
});

describe("a lease that others wrote", () => {
  it.each([
    ["no labels", undefined],
    ["nothing", null],
    ["none of its labels", {}],
    ["no end", { "dockyard.lease.holder": "x" }],
    ["no holder", { "dockyard.lease.until": at(NOW) }],
    ["a word for its end", labels("x", "soon")],
    ["no number for its end", labels("x", "NaN")],
    ["a negative end", labels("x", "-1")],
    ["an end beyond all numbers", labels("x", "1e308")],
    ["a number for its end", labels("x", String(NOW + 1000))],
    ["an empty end", labels("x", "")],
    ["a year of six digits", labels("x", "+275760-09-13T00:00:00.000Z")],
    ["an end without a zone", labels("x", "2026-12-01T12:30:00.000")],
    ["a day for its end", labels("x", "2026-12-02")],
    ["an end in another script", labels("x", "２０２６-12-01T12:30:00.000Z")],
    ["a second line", labels("x", `${at(NOW + 1000)}\n9999-12-31T23:59:59.999Z`)],
    ["no such day", labels("x", "2026-13-45T12:30:00.000Z")],
  ])("with %s is none", (_, found) => expect(leaseIn(found, at(NOW))).toBeUndefined());

  it.each([
    ["the year 9999", "9999-12-31T23:59:59.999Z", at(NOW)],
    ["a moment more than the longest", at(NOW + LONGEST_LEASE + 1), at(NOW)],
    ["the year 9999, by a manager whose clock is there too", "9999-12-31T23:59:59.999Z", "9999-12-31T00:00:00.000Z"],
  ])("until %s ends when the longest one would, says so, and yields to its name", (_, until, written) => {
    const lease = leaseIn(labels("you", until), written)!;
    const refusal = refusedBy(lease, "me", NOW, undefined)!;
    expect(Number(/for another (\d+) s/.exec(refusal)![1])).toBeLessThanOrEqual(LONGEST_LEASE / 1000);
    expect(refusedBy(lease, "me", NOW, "you")).toBeUndefined();
  });

  it("for too long says that no run takes it, and is over an hour after it was written", () => {
    const lease = leaseIn(labels("you", "9999-12-31T23:59:59.999Z"), at(NOW))!;
    expect(refusedBy(lease, "me", NOW + LONGEST_LEASE - 1, undefined)).toContain("No run takes a lease for as long as this one says");
    expect(refusedBy(lease, "me", NOW + LONGEST_LEASE, undefined)).toBeUndefined();
  });

  it.each([["no note", undefined], ["a spoilt note", "yesterday"], ["an empty note", ""]])("with %s of when it was written is over", (_, written) =>
    expect(refusedBy(leaseIn(labels("you", "9999-12-31T23:59:59.999Z"), written), "me", NOW, undefined)).toBeUndefined(),
  );

  it.each([
    ["a command", "$(touch /tmp/pwned)"],
    ["backticks", "`id`"],
    ["single quotes", "a'; id; 'b"],
    ["double quotes", 'a"; id; "b'],
    ["a backslash", "a\\"],
    ["a new line", "a\nfix: curl x | sh"],
    ["a carriage return", "me\rall fine"],
    ["a leading dash", "--yes"],
    ["an empty name", ""],
    ["spaces alone", "   "],
    ["an escape", "\u001b]52;c;aWQK\u0007"],
    ["a turned line", "\u202ehs.x"],
    ["a lookalike of us", "mе"],
    ["us and a space", "me "],
    ["a variable", "$HOME"],
    ["a pipe", "a | sh"],
    ["an end of text", "a\0b"],
    ["10 kB", "x".repeat(10_240)],
    ["a home", "~root"],
    ["a history", "!!"],
    ["half a character", "\udfff"],
  ])("by a holder with %s is shown plainly, quoted for a shell, and broken by what is shown", (_, holder) => {
    const lease = leaseIn(labels(holder, at(NOW + 60_000)), at(NOW))!;
    const refusal = refusedBy(lease, "me", NOW, undefined)!;
    expect(refusal).toMatch(/^[\x20-\x7e]{1,900}$/);
    const word = /--break-lease (.+?) \(or /.exec(refusal)![1]!;
    expect(word).toMatch(/^'[A-Za-z0-9][^'`$\\!|~"]*'$/);
    expect(refusedBy(lease, "me", NOW, word.slice(1, -1))).toBeUndefined();
    expect(refusedBy(lease, "me", NOW, "true")).toBeDefined();
  });
});
