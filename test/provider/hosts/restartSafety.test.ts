import { restartRank, restartRefused } from "../../../provider/hosts/restartSafety";
import { leading, node } from "../support/swarmNode";

const managers = (reachable: number, silent: number) => [
  ...Array.from({ length: reachable }, (_, i) => node(`r${i}`, "reachable")),
  ...Array.from({ length: silent }, (_, i) => node(`s${i}`, "unreachable")),
  node("w0"),
];

describe("restarting a manager's engine", () => {
  test.each([
    [1, 0, true],
    [2, 0, true],
    [3, 0, true],
    [2, 1, false],
    [5, 0, true],
    [4, 1, true],
    [3, 2, false],
  ])("%i managers that answer (it is one of them) and %i that do not: %s", (reachable, silent, allowed) => {
    expect(restartRefused(managers(reachable, silent), "r0") === undefined).toBe(allowed);
  });

  test("the refusal says how many are needed and which are to be brought back", () =>
    expect(restartRefused(managers(2, 1), "r0")).toBe("with it away only 1 of 3 managers would answer, 2 are needed; bring back host-s0 first"));
});

describe("the order of restarts", () => {
  test("is workers, managers, the leader", () => {
    const nodes = [leading("l"), node("m", "reachable"), node("w")];
    expect(["w", "m", "l", "unknown"].map((self) => restartRank(nodes, self))).toEqual([0, 1, 2, 0]);
  });
  test("a worker goes whatever the managers do", () => expect(restartRefused(managers(1, 2), "w0")).toBeUndefined());
});
