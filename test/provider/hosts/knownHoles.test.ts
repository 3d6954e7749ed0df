import { knownHoles, type RunningEngine } from "../../../provider/hosts/knownHoles";

/** The release that is named as the first without the hole, by engine and runc. */
const mended = (engine: RunningEngine) => knownHoles(engine).map((line) => /older than ([\d.]+) /.exec(line)![1]);

describe("an engine below the first mended release of its line is told", () => {
  test.each<[string, string | undefined]>([
    ["20.10.23", "20.10.24"],
    ["20.10.24", undefined],
    ["20.10.27", undefined],
    ["20.10.24+dfsg1", undefined],
    ["20.10.5+dfsg1", "20.10.24"],
    ["23.0.2", "23.0.15"],
    ["23.0.15", undefined],
    ["24.0.2", "24.0.9"],
    ["24.0.9", undefined],
    ["25.0.5", "25.0.6"],
    ["25.0.13", undefined],
    ["26.0.2", "26.1.5"],
    ["26.1.4", "26.1.5"],
    ["26.1.5", undefined],
    ["26.1.5+dfsg1", undefined],
    ["26.1.3-0ubuntu1~22.04.1", "26.1.5"],
    ["27.0.3", "27.1.1"],
    ["27.1.0", "27.1.1"],
    ["27.1.1", undefined],
    ["27.5.1", undefined],
    ["28.2.2", "28.3.3"],
    ["28.2.2-0ubuntu1~22.04.1", "28.3.3"],
    ["28.3.3", undefined],
    ["28.3.3-0ubuntu1", undefined],
    ["28.10.0", undefined],
    ["29.0.0", "29.5.1"],
    ["29.5.0", "29.5.1"],
    ["29.5.1-rc.1", "29.5.1"],
    ["29.5.1~rc1", "29.5.1"],
    ["29.5.1", undefined],
    ["29.9.0", undefined],
    ["290.0.0", undefined],
    ["2.9", undefined],
    ["30.0.0", undefined],
    ["29", undefined],
    ["", undefined],
    ["dev", undefined],
    ["library-import", undefined],
  ])("%s: %s", (version, release) => expect(mended({ version, source: "docker" })).toEqual(release === undefined ? [] : [release]));
});

describe("so is the runc of Docker's packages", () => {
  test.each<[string, string | undefined]>([
    ["1.0.3", "1.1.12"],
    ["1.1.5", "1.1.12"],
    ["1.1.12", undefined],
    ["1.1.15", undefined],
    ["1.2.7", "1.2.8"],
    ["1.2.8", undefined],
    ["1.3.0", "1.3.6"],
    ["1.3.3", "1.3.6"],
    ["1.3.6", undefined],
    ["1.4.0-rc.2", "1.4.3"],
    ["1.4.3", undefined],
    ["1.5.2", undefined],
    ["1.10.0", undefined],
    ["1.20.1", undefined],
    ["", undefined],
  ])("%s: %s", (runc, release) => expect(mended({ version: "29.9.0", runc, source: "docker" })).toEqual(release === undefined ? [] : [release]));
  test("and both at once", () => expect(mended({ version: "27.0.3", runc: "1.1.5", source: "docker" })).toEqual(["27.1.1", "1.1.12"]));
});

test.each(["28.2.2\u001b]52;c;cm0gLXJm\u0007", "28.2.2\r\u001b[2Jall fine", "28.2.2\n28.3.3", "28.2.2 \u009b31m", "28.2.2\u202e3.3.82", "28.2.2,28.3.3"])("words of a host that are no version are not repeated: %j", (version) => {
  expect(knownHoles({ version, source: "docker" })).toEqual([expect.stringMatching(/^engine 28\.2\.2 is older than 28\.3\.3 \([A-Za-z0-9 ,-]+\)$/)]);
});

describe("what a distribution has mended shows in no number", () => {
  test("its engine is a doubt that says where to look", () =>
    expect(knownHoles({ version: "28.2.2", source: "distribution" })).toEqual([
      "engine 28.2.2 is older than 28.3.3 (CVE-2025-54388, published ports are open to the network after a reload of firewalld); the distribution may have mended it in its own package (its changelog says so)",
    ]));
  test("its runc is left to it", () => expect(knownHoles({ version: "26.1.5+dfsg1", runc: "1.1.5+ds1", source: "distribution" })).toEqual([]));
});
