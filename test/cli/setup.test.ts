import { collectObstacles, describeBlocked, setUp, unsatisfied } from "../../cli/setup";
import { UserError } from "../../cli/error";
import type { Progress } from "../../cli/progress";
import type { SetupStep } from "../../toolchain/step";

interface FakeStep extends SetupStep {
  done: boolean;
}

const log: string[] = [];
beforeEach(() => log.splice(0));

function step(title: string, options: { done?: boolean; blocked?: boolean; fails?: boolean; useless?: boolean } = {}): FakeStep {
  const made: FakeStep = {
    title,
    done: options.done === true,
    satisfied: async () => made.done,
    obstacles: async () => (options.blocked === true ? [{ reason: `no ${title}`, fix: `get ${title}` }] : []),
    run: async () => {
      log.push(title);
      if (options.fails === true) throw new Error("broken");
      made.done = options.useless !== true;
    },
  };
  return made;
}

const quiet: Progress = { begin: () => undefined, report: () => undefined, end: (title, failed) => log.push(`${failed ? "failed" : "ended"} ${title}`), close: () => log.push("closed") };

describe("set-up", () => {
  it("does in order what is not there yet, and nothing the second time", async () => {
    const chains = [[step("a", { done: true }), step("b"), step("c")]];
    expect(await setUp(chains, quiet)).toBe(true);
    expect(log).toEqual(["b", "ended b", "c", "ended c", "closed"]);
    log.splice(0);
    expect(await setUp(chains, quiet)).toBe(false);
    expect(log).toEqual([]);
  });

  it("tells every obstacle of every step before the first one runs", async () => {
    const chains = [[step("a"), step("b", { blocked: true })], [step("c", { blocked: true }), step("d", { done: true, blocked: true })]];
    const failure = await setUp(chains, quiet).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect((failure as Error).message).toMatch(/nothing was changed[^]*b: no b[^]*fix:.*get b[^]*c: no c[^]*fix:.*get c/);
    expect((failure as Error).message).not.toContain("no d");
    expect(log).toEqual([]);
  });

  it("ends a chain at its first failure and lets the other one come to rest", async () => {
    const chains = [[step("a", { fails: true }), step("b")], [step("c"), step("d")]];
    await expect(setUp(chains, quiet)).rejects.toThrow('Set-up of "a" failed: broken');
    expect(log.filter((line) => !line.includes(" ")).sort()).toEqual(["a", "c", "closed", "d"]);
    expect(log).toContain("failed a");
  });

  it("does not believe a step that leaves nothing behind", async () => {
    await expect(setUp([[step("a", { useless: true })]], quiet)).rejects.toThrow("is not there");
  });

  it("takes a step that cannot tell as not done", async () => {
    const unsure = { ...step("a"), satisfied: () => Promise.reject(new Error("no engine")) };
    expect((await unsatisfied([[unsure, step("b", { done: true })]])).flat().map(({ title }) => title)).toEqual(["a"]);
  });

  it("reports each obstacle with its step", async () => {
    const blocked = await collectObstacles([[step("engine", { blocked: true })]]);
    expect(describeBlocked(blocked)).toMatch(/engine: no engine\n.*fix: .*get engine/);
  });
});
