import { restartRank, restartRefused, versionRefused } from "../../../provider/hosts/restartSafety";
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

describe("the version of a manager's engine", () => {
  const nodes = [node("m", "reachable", "26.1.5"), node("n", "reachable", "29.0.0"), node("w", undefined, "27.5.1"), node("x", undefined, "28.2.2")];

  test("is not below a worker's, which the refusal names with what to do", () =>
    expect(versionRefused(nodes, "m", "5:27.3.0-1~debian")).toBe(
      "with 5:27.3.0-1~debian it would be older than host-w (27.5.1), host-x (28.2.2), and a manager must not be older than a worker. " +
        "Bring such a worker to 5:27.3.0-1~debian or take it out of the Swarm, or write a newer package.version",
    ));
  test.each(["28", "28.2", "28.2.2", "28.2.10", "29"])("%s is as new as the newest worker, or newer", (version) => expect(versionRefused(nodes, "m", version)).toBeUndefined());
  test.each(["27", "28.1", "28.2.1"])("%s is older", (version) => expect(versionRefused(nodes, "m", version)).toMatch(/older than .*host-x \(28\.2\.2\)/));
  test("of a worker is its own matter, and other managers do not count", () => {
    expect(versionRefused(nodes, "w", "26")).toBeUndefined();
    expect(versionRefused([node("m", "reachable"), node("n", "reachable", "29.0.0")], "m", "28")).toBeUndefined();
  });
});
