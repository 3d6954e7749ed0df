import { createColors } from "picocolors";

const NOW = new Date("2026-11-25T22:00:00Z");
const DAY = 24 * 3600_000;
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY);

/** Colours are decided when picocolors is loaded; a test has no terminal. */
async function rendering() {
  jest.resetModules();
  jest.doMock("picocolors", () => ({ __esModule: true, default: createColors(true) }));
  return (await import("../../../cli/credentials/credential")).renderCredentials;
}
// eslint-disable-next-line no-control-regex
const plain = (text: string) => text.replace(/\u001b\[[0-9;]*m/g, "");

test("what ends first stands on top, what never ends below, with its age", async () => {
  const render = await rendering();
  const text = render(
    [
      { name: "join tokens", since: inDays(-40), renewal: "you" },
      { name: "platform CA", expires: inDays(3650.5), renewal: "you" },
      { name: "key", renewal: "nobody" },
      { name: "certificate of m1", expires: inDays(1.9), worryDays: 9, renewal: "its engine" },
    ],
    NOW,
  );
  expect(plain(text).split("\n")).toEqual([
    "CREDENTIAL         ENDS                LEFT       RENEWED BY",
    "certificate of m1  2026-11-27          1 day      its engine",
    "platform CA        2036-11-23          3650 days  you",
    "join tokens        never, 40 days old  -          you",
    "key                never               -          nobody",
  ]);
});

test.each([
  [31, "no", "31 days"],
  [29, "yellow", "29 days"],
  [7, "red", "7 days"],
  [0.5, "red", "0 days"],
  [-1, "red", "has ended"],
])("with %d days left and a worry of 30 the colour is %s", async (days, colour, says) => {
  const [, row] = (await rendering())([{ name: "x", expires: inDays(days), worryDays: 30, renewal: "up" }], NOW).split("\n");
  const { red, yellow } = createColors(true);
  expect(row).toContain({ no: says, yellow: yellow(says), red: red(says) }[colour]);
  expect(row!.includes(yellow(says)) || row!.includes(red(says))).toBe(colour !== "no");
});

test("what could not be found out says why", async () => {
  expect(plain((await rendering())([{ name: "CA of the Swarm", unknown: "no manager answers", renewal: "you" }], NOW))).toContain("CA of the Swarm  unknown  no manager answers  you");
});

test("nothing is no table", async () => expect((await rendering())([], NOW)).toBe(""));
