import * as fc from "fast-check";
import { formatDuration, milliseconds, parseDuration } from "../../../../provider/swarm/service/duration";

test.each([
  ["0", 0],
  ["0s", 0],
  ["10s", 10e9],
  ["1m30s", 90e9],
  ["1.5h", 5400e9],
  ["250us", 250e3],
  ["250µs", 250e3],
  ["1s500ms", 1500e6],
])("%s is %d ns", (text, nanoseconds) => expect(parseDuration(text)).toBe(nanoseconds));

test.each(["", "10", "s", "10s ", "-1s", "1d", "10ss"])("%j is refused", (text) => expect(() => parseDuration(text)).toThrow(RangeError));

test("a duration written is the one that is read", () => {
  fc.assert(fc.property(fc.nat(2 ** 50), (nanoseconds) => parseDuration(formatDuration(nanoseconds)) === nanoseconds));
});

test("it is written shortly", () => {
  expect([0, 90e9, 3600e9, 1500e6, 42].map(formatDuration)).toEqual(["0s", "1m30s", "1h", "1s500ms", "42ns"]);
});

test("timers count in milliseconds", () => expect(milliseconds("2s")).toBe(2000));
