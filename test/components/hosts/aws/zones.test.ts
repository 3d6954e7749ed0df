import fc from "fast-check";
import { spread, zoneWithQuorum } from "../../../../components/hosts/aws/zones";

const zones = (count: number) => ["a", "b", "c"].slice(0, count);

describe("managers over three zones", () => {
  it.each([[1, "1-0-0"], [3, "1-1-1"], [5, "2-2-1"], [7, "3-2-2"]])("%i stand %s", (count, expected) => {
    const placed = spread(count, zones(3));
    expect(zones(3).map((zone) => placed.filter((other) => other === zone).length).join("-")).toBe(expected);
  });
  it.each([3, 5, 6, 7])("%i of them outlive the loss of any zone", (count) => expect(zoneWithQuorum(spread(count, zones(3)))).toBeUndefined());
});

describe("managers over two zones", () => {
  it.each([1, 3, 5, 7])("%i of them do not: of an odd number one zone has more than half", (count) => expect(zoneWithQuorum(spread(count, zones(2)))).toBe("a"));
});

it("hosts differ by one between zones at most, and one more moves none", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 2, max: 3 }), (count, of) => {
      const placed = spread(count, zones(of));
      const counts = zones(of).map((zone) => placed.filter((other) => other === zone).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      expect(spread(count + 1, zones(of)).slice(0, count)).toEqual(placed);
    }),
  );
});
