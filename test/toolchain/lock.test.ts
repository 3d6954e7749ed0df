import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { holderAlive, parseHolder, withLock } from "../../toolchain/lock";
import { capture, startTick, succeed } from "../../toolchain/process";

describe("a lock", () => {
  const folder = mkdtempSync(join(tmpdir(), "dockyard-lock-"));
  const path = join(folder, "deep", "build.lock");
  afterAll(() => rmSync(folder, { recursive: true }));

  it("is held while the work runs and gone after it, also after a failure", async () => {
    await withLock(path, () => undefined, async () => expect(existsSync(path)).toBe(true));
    await expect(withLock(path, () => undefined, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(existsSync(path)).toBe(false);
  });

  it("lets one in at a time", async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside--;
    };
    let waited = 0;
    await Promise.all([1, 2].map(() => withLock(path, () => waited++, work)));
    expect([most, waited > 0]).toEqual([1, true]);
  });

  it.each(["999999999 77\n", `${process.pid} 1\n`, "garbage", ""])("of %j is taken over: its holder is dead or nobody", async (content) => {
    await withLock(path, () => undefined, async () => undefined);
    writeFileSync(path, content);
    const waiting = jest.fn();
    await expect(withLock(path, waiting, async () => "done")).resolves.toBe("done");
    expect(waiting).not.toHaveBeenCalled();
  });

  it("tells a process from a later one of the same number", () => {
    const own = { pid: process.pid, tick: startTick(process.pid)! };
    expect(holderAlive(own)).toBe(true);
    expect(holderAlive({ ...own, tick: "1" })).toBe(false);
    expect(parseHolder("12 34\n")).toEqual({ pid: 12, tick: "34" });
  });
});

describe("running a program", () => {
  it("gives its lines as they come, whole", async () => {
    const lines: string[] = [];
    const done = await capture("sh", ["-c", "printf 'a\\nb'; printf 'c\\n'; exit 3"], { onLine: (line) => lines.push(line) });
    expect([done.code, done.stdout, lines]).toEqual([3, "a\nbc\n", ["a", "bc"]]);
  });
  it("that is not there is code 127", async () => expect((await capture("no-such-program-here", [])).code).toBe(127));
  it("that has to succeed fails with what it said last", async () => {
    await expect(succeed("sh", ["-c", "echo because >&2; exit 7"])).rejects.toThrow(/exit code 7[^]*because/);
  });
});
