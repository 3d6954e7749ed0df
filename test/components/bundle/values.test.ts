import * as fc from "fast-check";
import { byBytes } from "../../../components/bundle/byteOrder";
import { parseByteSize } from "../../../components/bundle/byteSize";
import { parseCpus } from "../../../components/bundle/cpus";
import { formatDuration, parseDuration } from "../../../components/bundle/duration";
import { nearest } from "../../../components/bundle/nearest";
import { ServiceInputs } from "../../../provider/swarm/service/inputs";

test.each([
  ["0", 0, "0s"],
  ["10s", 10e9, "10s"],
  ["90s", 90e9, "1m30s"],
  ["1m30s", 90e9, "1m30s"],
  ["1.5h", 5400e9, "1h30m"],
  ["500ms", 0.5e9, "500ms"],
  ["1.5s", 1.5e9, "1s500ms"],
  ["3µs", 3e3, "3us"],
])("duration %s", (text, nanoseconds, canonical) => {
  expect(parseDuration(text)).toEqual({ nanoseconds });
  expect(formatDuration({ nanoseconds })).toBe(canonical);
});

test.each(["", "10", "s", "1 s", "-1s", "1d", "1s ", "9999999999h"])("%j is no duration", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test("a duration is written so that it reads back as it was, and in the words of the provider", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (nanoseconds) => {
      const text = formatDuration({ nanoseconds });
      expect(parseDuration(text)).toEqual({ nanoseconds });
      expect(ServiceInputs.shape.stopGracePeriod.safeParse(text).success).toBe(true);
    }),
  );
});

test.each([
  ["64M", 64 * 1024 ** 2],
  ["64m", 64 * 1024 ** 2],
  ["64MB", 64 * 1024 ** 2],
  ["64MiB", 64 * 1024 ** 2],
  ["1.5G", 1.5 * 1024 ** 3],
  ["1024", 1024],
  ["2 k", 2048],
  ["64X", undefined],
  ["-1M", undefined],
  ["M", undefined],
  ["9999999P", undefined],
])("size %s is %p bytes", (text, bytes) => expect(parseByteSize(text)).toBe(bytes));

test.each([
  ["0.5", 0.5],
  ["2", 2],
  ["0", undefined],
  ["0.0000000001", undefined],
  ["1e3", undefined],
  [".5", undefined],
])("%s cores", (text, cores) => expect(parseCpus(text)).toBe(cores));

test.each([
  ["prots", ["ports", "mode"], "ports"],
  ["wbe", ["web", "db"], "web"],
  ["Web", ["db", "web"], "web"],
  ["frontend", ["web", "db"], undefined],
  ["x", [], undefined],
])("nearest to %s of %j is %s", (name, candidates, expected) => expect(nearest(name, candidates)).toBe(expected));

test("text sorts by its bytes, not by code units", () => {
  expect(["\u{1f600}", "\uffee", "b", "B"].sort(byBytes)).toEqual(["B", "b", "\uffee", "\u{1f600}"]);
});
