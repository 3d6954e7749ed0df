import { scenarioRows, type Outcome } from "./results";

const kill = (scenario: string, step: number, victim: string, wrong?: string): Outcome => ({ scenario, victim, step, during: "+ something creating", ...(wrong === undefined ? {} : { wrong }) });

test("a scenario's row counts its steps once and its victims, and names what was not survived", () => {
  const rows = scenarioRows([kill("rollout", 1, "everything"), kill("rollout", 2, "the CLI", "a node twice"), kill("rollout", 2, "the provider"), kill("bring-up", 1, "the CLI"), { scenario: "bring-up", victim: "the CLI", step: 2 }]);
  expect(rows).toEqual([
    ["rollout", "the first 2", "1", "1", "0", "1", "not after step 2 (the CLI)"],
    ["bring-up", "all 1", "0", "0", "0", "1", "every time"],
  ]);
});
