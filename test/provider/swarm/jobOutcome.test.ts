import { outcome } from "../../../provider/swarm/job/outcome";
import type { LiveTask, TaskState } from "../../../provider/swarm/service/engineApi";

const nodes = new Map();
let clock = 0;
const task = (State: TaskState, Err?: string): LiveTask => ({
  ID: `t${clock}`,
  ServiceID: "s",
  CreatedAt: `2026-01-01T00:00:${String(clock++).padStart(2, "0")}Z`,
  DesiredState: "shutdown",
  Status: { State, Err },
});

test("a job is done as soon as one task ended well, also after failures", () => {
  expect(outcome([task("failed"), task("complete")], nodes, 1)).toEqual({ state: "done" });
});

test("while a task is under way nothing is decided", () => {
  expect(outcome([], nodes, 1)).toEqual({ state: "waiting", reason: "it has no task yet" });
  expect(outcome([task("failed", "task: non-zero exit (3)"), task("running")], nodes, 2)).toMatchObject({ state: "waiting", reason: "task running" });
});

test("it has failed when its attempts are used up, and the newest failure tells why", () => {
  const failed = [task("failed", "task: non-zero exit (3)"), task("failed", "task: non-zero exit (4)")];
  expect(outcome(failed, nodes, 2)).toMatchObject({ state: "failed", reason: "after 2 attempts: task failed: task: non-zero exit (4)", tasks: failed });
  expect(outcome(failed, nodes, 3)).toMatchObject({ state: "waiting", reason: "task failed: task: non-zero exit (4); it is tried again" });
});

test("an image that is not there needs no second attempt", () => {
  expect(outcome([task("rejected", "No such image: x")], nodes, 5)).toMatchObject({ state: "failed" });
});
