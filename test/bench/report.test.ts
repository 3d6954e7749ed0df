import fc from "fast-check";
import { amount, median, ratio, time } from "../../bench/measure";
import { renderTable, updateDocument } from "../../bench/report";

const circumstances = { date: new Date("2026-11-21T10:00:00Z"), cores: 2, memory: 24e9, kernel: "6.18", load: 0.3 };
const section = (id: string, what: string) => ({ id, title: `Section ${id}`, measures: [time(what, 2340, 3000)] });

describe("measures", () => {
  it("say in words what was measured, and whether the aim is met", () => {
    expect(time("preview", 2340, 3000)).toEqual({ what: "preview", value: "2.34 s", aim: "< 3 s", met: true });
    expect(time("up", 45_000, 45_000)).toEqual({ what: "up", value: "45.0 s", aim: "< 45.0 s", met: false });
    expect(ratio("beside", 1.5, 1.5)).toEqual({ what: "beside", value: "1.50×", aim: "≤ 1.5×", met: true });
    expect(amount("state", 2035, 2000)).toEqual({ what: "state", value: "2035 B", aim: "< 2000 B", met: false });
    expect(amount("memory", 133_400_000)).toEqual({ what: "memory", value: "133 MB" });
  });

  it("take the one in the middle, whatever the order", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2);
    expect(() => median([])).toThrow(RangeError);
    fc.assert(fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => values.includes(median(values)) && median(values) === median([...values].reverse())));
  });

  it("stand in the table under their section", () => {
    const lines = renderTable([section("a", "preview")]).split("\n").map((line) => line.trim().split(/ {2,}/));
    expect(lines).toContainEqual(["Section a"]);
    expect(lines).toContainEqual(["preview", "2.34 s", "< 3 s", "yes"]);
  });
});

describe("the document", () => {
  const text = updateDocument("# Benchmarks\n\nWords.\n", [section("a", "first"), section("b", "second")], circumstances);

  it("gets each section once, dated and with the machine, and keeps what else it says", () => {
    expect(text).toMatch(/^# Benchmarks\n\nWords\.\n/);
    expect(text).toContain("2026-11-21 10:00 UTC · 2 cores, 24 GB, Linux 6.18 · load before the start 0.3");
    expect(text).toContain("| first | 2.34 s | < 3 s | yes |");
  });

  it("has a section replaced where it stands, and the others left alone", () => {
    const again = updateDocument(text, [section("a", "new")], circumstances);
    expect(again).toBe(text.replace("first", "new"));
  });

  it("does not change when the same is written twice", () => {
    expect(updateDocument(text, [section("a", "first"), section("b", "second")], circumstances)).toBe(text);
  });
});
