import fc from "fast-check";
import { foreignName, PLAIN } from "../../../../provider/swarm/foreignName";
import { notAnswered, notOwned, Owner, ownerIn, ownerLabels } from "../../../../provider/swarm/owner/owner";

const OURS: Owner = { id: "0123456789abcdef", name: "dockyard/prod@desk" };
const THEIRS: Owner = { id: "fedcba9876543210", name: "dockyard/prod@laptop" };
const SWARM = "kf9qkd0d9f4v9uyx0u8ct9bhu";
const labelled = (labels: Record<string, string> | null | undefined) => ({ id: SWARM, labels });
const refusal = (labels: Record<string, string> | null | undefined, who: Parameters<typeof notOwned>[2], known = false) => notOwned("host m1 (10.0.0.11)", labelled(labels), who, known);
const by = (id: string, name = "x") => ({ "dockyard.owner": id, "dockyard.owner-name": name });

describe("a platform", () => {
  it("is its owner's to change", () => expect(refusal(ownerLabels(OURS), { owner: OURS })).toBeUndefined());

  it("is refused to another state, by both names, and with the way on", () => {
    expect(refusal(ownerLabels(THEIRS), { owner: OURS }, true)).toBe(
      "host m1 (10.0.0.11) belongs to the platform of dockyard/prod@laptop (owner fedcba9876543210), not to dockyard/prod@desk (owner 0123456789abcdef); nothing was changed. " +
        "Work with the state of dockyard/prod@laptop, or take other hosts. Only if that one is to lose its platform to this one, name it: " +
        "./dockyard up --take-over 'fedcba9876543210' (DOCKYARD_TAKE_OVER='fedcba9876543210' for pulumi up)",
    );
  });

  it("is refused to a program that names no owner", () => expect(refusal(ownerLabels(THEIRS), {}, true)).toContain("not to this program, which names no owner"));

  it("that nobody owns is claimed by the state that knows it, and by a stranger only under its name", () => {
    const unowned: (Record<string, string> | null | undefined)[] = [undefined, null, {}, { "dockyard.owner-name": "a/b" }];
    for (const labels of unowned) {
      expect(refusal(labels, { owner: OURS }, true)).toBeUndefined();
      expect(refusal(labels, { owner: OURS }, false)).toContain(`is in the Swarm ${SWARM}, which has no owner and which this state does not know`);
      expect(refusal(labels, { owner: OURS, takeOver: SWARM }, false)).toBeUndefined();
    }
  });

  it("of which no manager answers is left alone, unless the state knew the host or names the Swarm", () => {
    expect(notAnswered("host w1", SWARM, { owner: OURS }, false)).toContain(`host w1 is in the Swarm ${SWARM}, which this state does not know`);
    expect(notAnswered("host w1", SWARM, { owner: OURS, takeOver: THEIRS.id }, false)).toContain(`It was to be taken over from ${THEIRS.id}, which is another one.`);
    expect(notAnswered("host w1", SWARM, { owner: OURS }, true)).toBeUndefined();
    expect(notAnswered("host w1", SWARM, { owner: OURS, takeOver: SWARM }, false)).toBeUndefined();
  });
});

describe("a takeover", () => {
  it("takes from the owner that it names", () => expect(refusal(ownerLabels(THEIRS), { owner: OURS, takeOver: THEIRS.id })).toBeUndefined());

  it("leaves the new owner free to go on, and the former one refused in turn", () => {
    expect(refusal(ownerLabels(OURS), { owner: OURS, takeOver: THEIRS.id })).toBeUndefined();
    expect(refusal(ownerLabels(OURS), { owner: THEIRS }, true)).toContain("belongs to the platform of dockyard/prod@desk (owner 0123456789abcdef), not to dockyard/prod@laptop");
  });

  it.each([
    ["another id", "0000000000000000"],
    ["the id in capitals", THEIRS.id.toUpperCase()],
    ["a part of the id", THEIRS.id.slice(0, 15)],
    ["the id and more", `${THEIRS.id}0`],
    ["the id with a space", ` ${THEIRS.id}`],
    ["the id with a line break", `${THEIRS.id}\n`],
    ["the name, which two states may share", THEIRS.name],
    ["one's own id", OURS.id],
    ["the Swarm's id, which is owned", SWARM],
    ["nothing", ""],
    ["a pattern", "*"],
    ["any word", "true"],
    ["the label", "dockyard.owner"],
    ["a property of every object", "constructor"],
    ["a lookalike", THEIRS.id.replace("e", "е")],
    ["10 kB", "f".repeat(10_240)],
    ["control codes", "\u001b[2Jall fine"],
  ])("that names %s is refused with what was found", (_, takeOver) => {
    const said = refusal(ownerLabels(THEIRS), { owner: OURS, takeOver }, true)!;
    expect(said).toContain("dockyard/prod@laptop (owner fedcba9876543210)");
    expect(said).toContain(`It was to be taken over from ${foreignName(takeOver)}, which is another one.`);
    expectTypeable(said);
  });
});

describe("labels that others wrote", () => {
  it.each([
    ["an empty id", by("")],
    ["an id of spaces", by("   ")],
    ["our id with a space behind", by(`${OURS.id} `)],
    ["our id with a line break before", by(`\n${OURS.id}`)],
    ["our id in capitals", by(OURS.id.toUpperCase())],
    ["our id with a zero-width space", by(`${OURS.id}\u200b`)],
    ["our id with a lookalike", by(OURS.id.replace("a", "а"))],
    ["our id in full-width digits", by([...OURS.id].map((sign) => String.fromCodePoint(sign.codePointAt(0)! + 0xfee0)).join(""))],
    ["two ids", by(`${OURS.id},${THEIRS.id}`)],
    ["an id of 10 kB", by("a".repeat(10_240))],
    ["an id with an end", by(`${OURS.id}\0`)],
    ["a command in the id", by("$(touch /tmp/pwned)")],
    ["backticks in the id", by("`id`")],
    ["quotes in the id", by(`'"'; id; '`)],
    ["a leading dash", by("--yes")],
    ["our name under another id", by(THEIRS.id, OURS.name)],
    ["a name that clears the screen", by(THEIRS.id, "\u001b[2J\u001b[Hall fine")],
    ["a name that fills the clipboard", by(THEIRS.id, "\u001b]52;c;aWQK\u0007")],
    ["a name that turns the line around", by(THEIRS.id, "\u202egnp.exe")],
    ["a name of several lines", by(THEIRS.id, "a/b\n  fix: curl x | sh")],
    ["a name of 10 kB", by(THEIRS.id, "n".repeat(10_240))],
    ["no name", { "dockyard.owner": THEIRS.id }],
    ["half a character", by(THEIRS.id, "\ud800")],
    ["C1 control codes", by(THEIRS.id, "\u009b2J")],
  ])("with %s are another's, and do no harm where they are shown", (_, labels) => {
    const said = refusal(labels as Record<string, string>, { owner: OURS }, true)!;
    expect(said).toContain("not to dockyard/prod@desk (owner 0123456789abcdef)");
    expectTypeable(said);
  });

  it("name an owner that can be taken from as it is shown, whatever they are", () =>
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (id, name) => {
        const said = refusal(by(id, name), { owner: OURS }, true)!;
        expectTypeable(said);
        const shown = /--take-over '([^']*)'/.exec(said)![1]!;
        expect(refusal(by(id, name), { owner: OURS, takeOver: shown }, true)).toBeUndefined();
      }),
    ));

  it("read back as they were written", () => expect(ownerIn(ownerLabels(OURS))).toEqual(OURS));
});

describe("the name of a strange text", () => {
  it("is plain, bounded, its own name, and not another's", () =>
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), fc.string({ unit: "binary", maxLength: 400 }), (one, other) => {
        const name = foreignName(one);
        expect(name).toMatch(PLAIN);
        expect(foreignName(name)).toBe(name);
        const strange = `${other}\u0000`;
        if (!PLAIN.test(one) && one !== strange) expect(name).not.toBe(foreignName(strange));
      }),
    ));

  it("of a name is that name", () => expect(foreignName("dockyard/prod, anna@desk:1f3a")).toBe("dockyard/prod, anna@desk:1f3a"));
});

describe("an owner as a program gives it", () => {
  it.each([
    [{ ...OURS, id: "" }],
    [{ ...OURS, id: OURS.id.toUpperCase() }],
    [{ ...OURS, id: `${OURS.id}\n` }],
    [{ ...OURS, name: "" }],
    [{ ...OURS, name: "-x" }],
    [{ ...OURS, name: "a\u001b[2J" }],
    [{ ...OURS, name: "a".repeat(201) }],
    [{ ...OURS, more: 1 }],
    [{ id: OURS.id }],
  ])("is refused as %j", (given) => expect(Owner.safeParse(given).success).toBe(false));
});

/** One line of plain characters, of bounded length, in which nothing is left for a shell to run where it is quoted. */
function expectTypeable(said: string): void {
  expect(said).toMatch(/^[\x20-\x7e]{1,1500}$/);
  for (const [, word] of said.matchAll(/(?:--take-over |DOCKYARD_TAKE_OVER=)(\S.*?)(?= \(| for)/g)) expect(word).toMatch(/^'[A-Za-z0-9][^'`$"\\]*'$/);
  expect(said).not.toMatch(/[`$\\"]/);
}
