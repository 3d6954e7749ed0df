import { forgoOrigins } from "../../components/origins";

const before = { format: Error.prepareStackTrace, frames: Error.stackTraceLimit };
afterEach(() => {
  Error.prepareStackTrace = before.format;
  Error.stackTraceLimit = before.frames;
});

describe("origins of resources", () => {
  it("are not looked up: the SDK notes them as errors without a message", () => {
    forgoOrigins();
    expect(new Error().stack).toBe("Error");
  });

  it("cost no more frames than V8 takes by itself: a library that is loaded raises their number", () => {
    Error.stackTraceLimit = 100;
    forgoOrigins();
    expect(Error.stackTraceLimit).toBe(10);
  });

  it("leave the traces of real errors as they are", () => {
    forgoOrigins();
    expect(new Error("broken").stack).toMatch(/^Error: broken\n +at .*origins\.test\.ts:\d+/);
    expect(new TypeError().stack).toContain("origins.test.ts");
  });

  it("stay where somebody looks for promises that leak", () => {
    process.env["PULUMI_DEBUG_PROMISE_LEAKS"] = "1";
    try {
      forgoOrigins();
      expect(new Error().stack).toContain("origins.test.ts");
    } finally {
      delete process.env["PULUMI_DEBUG_PROMISE_LEAKS"];
    }
  });
});
