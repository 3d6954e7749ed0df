import { Refused } from "../../provider/resource";
import { Turns } from "../../provider/turns";

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("turns", () => {
  it("go by rank, one at a time, in the order of coming within a rank", async () => {
    const turns = new Turns(10);
    const done: string[] = [];
    let running = 0;
    const take = (name: string, rank: number) =>
      turns.take({ name, rank }, async () => {
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
      turns.take({ name: "m1", rank: 1 }, async () => "done"),
      turns.take({ name: "w1", rank: 0 }, async () => "done"),
      turns.take({ name: "w2", rank: 0 }, () => Promise.reject(new Error("w2 did not return"))),
    ]);
    expect(results.map((result) => (result.status === "fulfilled" ? result.value : (result.reason as Error).message))).toEqual([
      expect.stringContaining("left as it is, because w2 failed"), "done", "w2 did not return",
    ]);
    await expect(turns.take({ name: "late", rank: 0 }, async () => "done")).rejects.toThrow("because w2 failed");
  });

  it("go on after one that was refused: it changed nothing", async () => {
    const turns = new Turns(10);
    const results = await Promise.allSettled([turns.take({ name: "m1", rank: 0 }, () => Promise.reject(new Refused("no quorum"))), turns.take({ name: "m2", rank: 0 }, async () => "done")]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });

  it("of one rank go side by side as far as they may, and the next rank waits for all of them", async () => {
    const turns = new Turns(10);
    let running = 0;
    const most: Record<string, number> = {};
    const take = (name: string, rank: number, atOnce?: number) =>
      turns.take({ name, rank, atOnce }, async () => {
        running++;
        await soon();
        most[rank] = Math.max(most[rank] ?? 0, running);
        running--;
      });
    await Promise.all([take("m1", 1), take("w1", 0, 2), take("w2", 0, 2), take("w3", 0, 2), take("m2", 1)]);
    expect(most).toEqual({ 0: 2, 1: 1 });
  });

  it("take in one that comes while others of its rank are at it", async () => {
    const turns = new Turns(1);
    const second = new Promise<void>((done) => {
      void turns.take({ name: "w1", rank: 0, atOnce: 2 }, async () => {
        await turns.take({ name: "w2", rank: 0, atOnce: 2 }, async () => done()); // would wait for ever for w1 to end
      });
    });
    await second;
  });

  it("refuse those that wait when one of several at once fails", async () => {
    const turns = new Turns(10);
    const results = await Promise.allSettled([
      turns.take({ name: "w1", rank: 0, atOnce: 2 }, async () => { await soon(); throw new Error("gone"); }),
      turns.take({ name: "w2", rank: 0, atOnce: 2 }, soon),
      turns.take({ name: "m1", rank: 1 }, soon),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected"]);
  });

  it("wait for those that are known to go before, without gathering first, and not for ever", async () => {
    const turns = new Turns(60_000);
    const done: string[] = [];
    const take = (name: string, rank: number, after: string[]) => turns.take({ name, rank, after }, async () => void done.push(name));
    const last = take("m3", 3, ["m1", "m2"]);
    await soon();
    expect(done).toEqual([]);
    await Promise.all([take("m2", 2, ["m1"]), take("m1", 1, []), last]);
    expect(done).toEqual(["m1", "m2", "m3"]);
    const impatient = new Turns(20);
    await impatient.take({ name: "m2", rank: 2, after: ["m1"] }, async () => void done.push("alone"));
    expect(done.at(-1)).toBe("alone");
  });

  it("go on after one that failed where it says so", async () => {
    const turns = new Turns(10);
    const results = await Promise.allSettled([
      turns.take({ name: "m1", rank: 0, after: [], othersGoOn: true }, () => Promise.reject(new Error("no answer"))),
      turns.take({ name: "m2", rank: 1, after: ["m1"], othersGoOn: true }, async () => "done"),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });
});
