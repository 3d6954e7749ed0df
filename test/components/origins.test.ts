import { forgoOrigins } from "../../components/origins";

const before = Error.prepareStackTrace;
afterEach(() => {
  Error.prepareStackTrace = before;
});

describe("origins of resources", () => {
  it("are not looked up: the SDK notes them as errors without a message", () => {
    forgoOrigins();
    expect(new Error().stack).toBe("Error");
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
