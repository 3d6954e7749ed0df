import { Refused } from "../../provider/resource";
import { Turns } from "../../provider/turns";

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("turns", () => {
  it("go by rank, one at a time, in the order of coming within a rank", async () => {
    const turns = new Turns(10);
    const done: string[] = [];
    let running = 0;
    const take = (name: string, rank: number) =>
      turns.take(name, rank, async () => {
        expect(++running).toBe(1);
        await soon();
        running--;
        done.push(name);
      });
    await Promise.all([take("leader", 2), take("m2", 1), take("w1", 0), take("m3", 1), take("w2", 0)]);
    expect(done).toEqual(["w1", "w2", "m2", "m3", "leader"]);
    await Promise.all([take("again", 2)]);
    expect(done.at(-1)).toBe("again");
  });

  it("end for all with the first that fails, and the others are told of it", async () => {
    const turns = new Turns(10);
    const results = await Promise.allSettled([
      turns.take("m1", 1, async () => "done"),
      turns.take("w1", 0, async () => "done"),
      turns.take("w2", 0, () => Promise.reject(new Error("w2 did not return"))),
    ]);
    expect(results.map((result) => (result.status === "fulfilled" ? result.value : (result.reason as Error).message))).toEqual([
      expect.stringContaining("left as it is, because w2 failed"), "done", "w2 did not return",
    ]);
    await expect(turns.take("late", 0, async () => "done")).rejects.toThrow("because w2 failed");
  });

  it("go on after one that was refused: it changed nothing", async () => {
    const turns = new Turns(10);
    const results = await Promise.allSettled([turns.take("m1", 0, () => Promise.reject(new Refused("no quorum"))), turns.take("m2", 0, async () => "done")]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });
});
