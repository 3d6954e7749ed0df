import * as fc from "fast-check";
import { serviceNameProblem } from "../../../components/bundle/serviceName";

/** The rule as swarmkit writes it. */
const SWARM = /^[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*$/;

test.each(["app_web", "app_web-1", "app__web", "1_1", "a".repeat(63)])("Swarm accepts %s", (name) => {
  expect(serviceNameProblem(name)).toBeUndefined();
});

test.each([
  ["app_a.b", 'write "app_a-b"'],
  ["app_web-", 'write "app_web"'],
  ["app___proto__", 'write "app___proto"'],
  ["_web", 'write "web"'],
  ["app_", 'write "app"'],
  ["app_wéb", 'write "app_web"'],
  ["app_web ", 'write "app_web"'],
  ["a".repeat(64), "shorten it by 1"],
  ["", "write letters"],
  ["äöü_", 'write "aou"'],
])("Swarm refuses %j, and the message says what to do: %s", (name, advice) => expect(serviceNameProblem(name)).toContain(advice));

test("the rule is swarmkit's", () => {
  const name = fc.string({ unit: fc.constantFrom("a", "Z", "0", "-", "_", ".", "é"), maxLength: 12 });
  fc.assert(fc.property(name, (text) => expect(serviceNameProblem(text) === undefined).toBe(SWARM.test(text))));
});

test("what the message advises is accepted", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), (text) => {
      const advised = /; write "(.+)" instead/.exec(serviceNameProblem(text) ?? "")?.[1];
      if (advised !== undefined) expect(serviceNameProblem(advised)).toBeUndefined();
    }),
  );
});
