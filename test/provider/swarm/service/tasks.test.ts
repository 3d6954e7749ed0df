import { logLines } from "../../../../provider/swarm/service/logFrames";
import { describeTask } from "../../../../provider/swarm/service/tasks";
import type { LiveNode, LiveTask } from "../../../../provider/swarm/service/engineApi";

const frame = (stream: number, text: string) => {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
};

describe("a log", () => {
  test("comes in frames of two streams", () => expect(logLines(Buffer.concat([frame(1, "one\ntwo\n"), frame(2, "bang ü\r\n")]))).toEqual(["one", "two", "bang ü"]));
  test("of a terminal is plain text", () => expect(logLines(Buffer.from("hello there\r\nworld\n"))).toEqual(["hello there", "world"]));
  test("of a few bytes is text too", () => expect(logLines(Buffer.from("hi"))).toEqual(["hi"]));
  test("may be empty", () => expect(logLines(Buffer.alloc(0))).toEqual([]));
  test("that is JSON is shown as it is", () => expect(logLines({ level: "error" })).toEqual(['{"level":"error"}']));
});

describe("a task in one line", () => {
  const nodes = new Map([["n", { ID: "n", Spec: {}, Description: { Hostname: "m2" }, Status: { State: "ready" } } as LiveNode]]);
  const task = (status: Partial<LiveTask["Status"]>, node: string | undefined = "n"): LiveTask => ({ ID: "t", ServiceID: "s", NodeID: node, CreatedAt: "", DesiredState: "running", Status: { State: "failed", ...status } });

  test("names node, state and error", () => expect(describeTask(task({ Err: "task: non-zero exit (3)", ContainerStatus: { ExitCode: 3 } }), nodes)).toBe("task on m2 failed: task: non-zero exit (3)"));
  test("adds an exit code that the error does not tell", () => expect(describeTask(task({ Err: "starting failed", ContainerStatus: { ExitCode: 127 } }), nodes)).toBe("task on m2 failed: starting failed (exit code 127)"));
  test("has the node's id where its name is unknown", () => expect(describeTask(task({ Message: "preparing" }, "x9"), nodes)).toBe("task on x9 failed: preparing"));
});
