import * as fc from "fast-check";
import { random } from "./seeded";
import { randomChange, type SoakHost, type SoakState } from "./soakChanges";

const host = (name: string, role: "manager" | "worker"): SoakHost => ({ name, role, address: name, availability: "active" });
const SPARE = [host("w3", "worker")];
const START: SoakState = { hosts: [host("w1", "worker"), host("m1", "manager"), host("m2", "manager"), host("m3", "manager"), host("w2", "worker")], release: 1, logSize: 1, joinTokens: 1 };

test("however long it goes on, there are three managers, room for the tasks, the keeper of the registry, and each change is one", () =>
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const next = random(seed);
      let state = START;
      for (let turn = 0; turn < 30; turn++) {
        const change = randomChange(state, SPARE, next);
        expect(change.state).not.toEqual(state);
        state = change.state;
        expect(state.hosts.filter(({ role }) => role === "manager")).toHaveLength(3);
        expect(state.hosts.filter(({ availability }) => availability === "active").length).toBeGreaterThanOrEqual(4);
        expect(state.hosts[0]).toEqual(START.hosts[0]);
        expect(new Set(state.hosts.map(({ name }) => name)).size).toBe(state.hosts.length);
      }
    }),
    { numRuns: 20 },
  ));
