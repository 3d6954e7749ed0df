import { addTallies, renderTally, tallyCheck, tallyJest } from "../../cli/suites";

const result = (passed: number, failed: number, more: object = {}) =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numPendingTests: 0, numTodoTests: 0, numRuntimeErrorTestSuites: 0, ...more });

describe("the count of a suite", () => {
  it("is jest's", () => expect(tallyJest(result(5, 2), 1)).toEqual({ passed: 5, failed: 2, skipped: 0 }));
  it("takes a file that did not load for a failed test", () => expect(tallyJest(result(5, 0, { numRuntimeErrorTestSuites: 1 }), 1)).toMatchObject({ failed: 1 }));
  it("is one failure when there are no tests", () => expect(tallyJest(result(0, 0), 1)).toEqual({ passed: 0, failed: 1, skipped: 0 }));
  it("does not hide a failing exit code behind passed tests", () => expect(tallyJest(result(5, 0), 130)).toMatchObject({ failed: 1 }));
  it("names what did not run", () => expect(tallyJest(result(5, 0, { numPendingTests: 2, numTodoTests: 1 }), 0).skipped).toBe(3));
  it.each([undefined, "", "{", '{"numPassedTests":3}'])("is one failure when jest left %j", (json) => {
    expect(tallyJest(json, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
  it("is one for a check", () => expect([tallyCheck(0), tallyCheck(2)].map(renderTally)).toEqual(["1 passed, 0 failed", "0 passed, 1 failed"]));
  it("adds up", () => expect(renderTally(addTallies([tallyCheck(0), tallyCheck(1), tallyJest(result(40, 0), 0)]))).toBe("41 passed, 1 failed"));
});
