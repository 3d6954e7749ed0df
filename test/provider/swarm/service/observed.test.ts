import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import type { ServiceSpec } from "../../../../provider/swarm/service/engineApi";
import { diffService } from "../../../../provider/swarm/service/effects";
import { isAsWanted } from "../../../../provider/swarm/service/adopt";
import { ServiceInputs } from "../../../../provider/swarm/service/inputs";
import { fromSpec, observe } from "../../../../provider/swarm/service/observed";
import { toSpec } from "../../../../provider/swarm/service/spec";
import { withEngineDefaults } from "./engineDefaults";
import { fields, service } from "./serviceArbitrary";

const recorded = JSON.parse(readFileSync(join(__dirname, "../../../fixtures/swarm/services-engine-26.1.json"), "utf8")) as { inputs: ServiceInputs; got: ServiceSpec }[];
const drift = (inputs: ServiceInputs, seen: ServiceInputs) => diffService({ inputs, outputs: {} }, seen, []).map(({ path }) => path.split(/[.[]/)[0]!);

describe("a real engine", () => {
  test.each(recorded.map(({ inputs, got }) => [inputs.name, inputs, got] as const))("gave %s back as the inputs that it was made from", (_name, inputs, got) => {
    expect(observe(inputs, got)).toEqual(inputs);
    expect(isAsWanted(got, inputs)).toBe(true);
  });

  test("fills in what the model of its defaults says", () => {
    for (const { inputs, got } of recorded) {
      const modelled = withEngineDefaults(toSpec(inputs));
      for (const rollout of [modelled.UpdateConfig, modelled.RollbackConfig]) if (rollout?.MaxFailureRatio) rollout.MaxFailureRatio = Number(rollout.MaxFailureRatio.toPrecision(6));
      expect(modelled).toEqual(got);
    }
  });
});

test("the generated services are ones that the schema takes", () => {
  fc.assert(fc.property(service, (inputs) => void ServiceInputs.parse(inputs)));
});

test("a service that nobody touched reads back exactly as it was written", () => {
  fc.assert(fc.property(service, (inputs) => expect(observe(inputs, withEngineDefaults(toSpec(inputs)))).toEqual(inputs)));
});

test("its description makes the same spec again, byte for byte", () => {
  fc.assert(
    fc.property(service, (inputs) => {
      const spec = toSpec(inputs);
      expect(JSON.stringify(toSpec({ cluster: "c1", ...fromSpec(withEngineDefaults(spec)) }))).toBe(JSON.stringify(spec));
    }),
  );
});

const fieldsOfSpec = Object.keys(fields).filter((field) => field !== "convergence") as (keyof typeof fields)[];

test.each(fieldsOfSpec)("a foreign change of %s shows as drift there and nowhere else", (field) => {
  fc.assert(
    fc.property(service, fields[field] as fc.Arbitrary<unknown>, (inputs, other) => {
      const changed = { ...inputs, [field]: other } as ServiceInputs;
      const seen = observe(inputs, withEngineDefaults(toSpec(changed)));
      const isDrift = JSON.stringify(toSpec(changed)) !== JSON.stringify(toSpec(inputs));
      // An operator may scale what is left open.
      const open = field === "replicas" && inputs.replicas === undefined;
      const { [field]: _seen, ...othersSeen } = seen;
      const { [field]: _written, ...others } = inputs;
      expect(othersSeen).toEqual(others);
      expect(new Set(drift(inputs, seen))).toEqual(new Set(isDrift && !open ? [field] : []));
    }),
    { numRuns: 25 },
  );
});

test("what a foreign hand adds beside ours is shown, and ours stays where it was written", () => {
  const inputs: ServiceInputs = { cluster: "c1", name: "web", image: "i", env: ["B=2", "A=1"], labels: { team: "x" }, ports: [{ target: 80, published: 81, protocol: "tcp" }] };
  const live = withEngineDefaults(toSpec({ ...inputs, env: ["A=1", "B=3", "C=4"], labels: { team: "x", hand: "made" }, ports: [...inputs.ports!, { target: 90 }] }));
  expect(observe(inputs, live)).toEqual({ ...inputs, env: ["B=3", "A=1", "C=4"], labels: { team: "x", hand: "made" }, ports: [{ target: 80, published: 81, protocol: "tcp" }, { target: 90 }] });
});

describe("an update", () => {
  const inputs: ServiceInputs = { cluster: "c1", name: "web", image: "i" };

  test("keeps the scale and the forced restarts of an operator where the inputs leave them open", () => {
    const live = withEngineDefaults({ ...toSpec(inputs), Mode: { Replicated: { Replicas: 7 } } });
    live.TaskTemplate.ForceUpdate = 3;
    const spec = toSpec(inputs, live);
    expect(spec.Mode).toEqual({ Replicated: { Replicas: 7 } });
    expect(spec.TaskTemplate.ForceUpdate).toBe(3);
    expect(toSpec({ ...inputs, replicas: 2 }, live).Mode).toEqual({ Replicated: { Replicas: 2 } });
  });

  test("writes the same bytes in whatever order the inputs are", () => {
    const a: ServiceInputs = { ...inputs, env: ["A=0", "B=2", "A=1"], ports: [{ target: 2, published: 2 }, { target: 1, published: 1 }], mounts: [{ type: "tmpfs", target: "/b" }, { type: "tmpfs", target: "/a" }], networks: [{ id: "n2" }, { id: "n1", aliases: ["y", "x"] }], placement: { constraints: ["b==1", "a == 1"] } };
    const b: ServiceInputs = { ...inputs, env: ["A=1", "B=2"], ports: [...a.ports!].reverse(), mounts: [...a.mounts!].reverse(), networks: [{ id: "n1", aliases: ["x", "y"] }, { id: "n2" }], placement: { constraints: ["a==1", "b == 1"] } };
    expect(JSON.stringify(toSpec(a))).toBe(JSON.stringify(toSpec(b)));
  });

  test("never asks for all tasks at once where a rollout says nothing about it", () => {
    expect(toSpec({ ...inputs, updateConfig: { order: "start-first" } }).UpdateConfig).toEqual({ Parallelism: 1, Order: "start-first" });
  });
});
