import * as fc from "fast-check";
import { renderDaemon } from "../../../provider/hosts/daemonJson";
import { type EngineFacts, type EngineStep, type EngineWish, planEngine, titleOf } from "../../../provider/hosts/enginePlan";
import { withNames } from "../../../provider/hosts/hostsFile";

const running: EngineFacts = {
  machineId: "m",
  package: { source: "distribution", version: "26.1.5+dfsg1-9+b9" },
  engineVersion: "26.1.5+dfsg1",
  enabled: true,
  active: true,
  pending: "none",
  inSwarm: false,
  fresh: false,
  bridgeFilter: true,
  daemonText: undefined,
  hostsText: "127.0.0.1 localhost\n",
};
const bare: EngineFacts = { ...running, package: undefined, engineVersion: undefined, enabled: false, active: false };
const nothing: EngineWish = { package: { source: "distribution" }, daemon: {}, names: {}, formerKeys: [] };
const kinds = (wish: Partial<EngineWish>, facts: Partial<EngineFacts>) => planEngine({ ...nothing, ...wish }, { ...running, ...facts }).map(({ kind }) => kind);

describe("the plan for an engine", () => {
  test("nothing to do, nothing done", () => expect(kinds({}, {})).toEqual([]));

  test.each<[string, Partial<EngineWish>, Partial<EngineFacts>, string[]]>([
    ["a bare host: configured before it is installed, so that it never runs otherwise", { daemon: { icc: false } }, bare, ["daemon", "install", "start"]],
    ["an engine that does not run is started, whatever changed", { daemon: { icc: false } }, { active: false }, ["daemon", "start"]],
    ["an engine that would not start at boot", {}, { enabled: false }, ["enable"]],
    ["a key that a reload takes over", { daemon: { labels: ["a=b"] } }, {}, ["daemon", "reload"]],
    ["a key that needs a restart", { daemon: { "log-driver": "local" } }, {}, ["daemon", "restart"]],
    ["a restart that an earlier run did not get to", {}, { pending: "restart" }, ["restart"]],
    ["a reload to do while a restart is pending", { daemon: { debug: true } }, { pending: "restart" }, ["daemon", "restart"]],
    ["names", { names: { "a.example": "10.0.0.1" } }, {}, ["names"]],
    ["names that are there", { names: { a: "10.0.0.1" } }, { hostsText: withNames("", "names", { a: "10.0.0.1" }) }, []],
    ["a pinned version that is installed", { package: { source: "distribution", version: "26.1" } }, {}, []],
    ["a pinned version that is not", { package: { source: "distribution", version: "26.1.4" } }, {}, ["install", "restart"]],
    ["an engine that belongs to no package, nothing pinned", {}, { package: undefined }, []],
  ])("%s", (_name, wish, facts, steps) => expect(kinds(wish, facts)).toEqual(steps));

  test("keys of others stay in the file, former ones of ours go", () => {
    const steps = planEngine(
      { ...nothing, daemon: { debug: true }, formerKeys: ["labels"] },
      { ...running, daemonText: '{"mtu":1400,"labels":["a=b"]}' },
    );
    expect(steps[0]).toEqual({ kind: "daemon", text: '{\n  "debug": true,\n  "mtu": 1400\n}\n', then: "restart" });
    expect(steps[1]).toEqual({ kind: "restart", because: "labels", before: '{"mtu":1400,"labels":["a=b"]}' });
  });

  test("a file that says the same in another form is not touched", () => expect(kinds({ daemon: { debug: true } }, { daemonText: '{"debug":true}' })).toEqual([]));

  test("a file that is no JSON is left to the operator", () =>
    expect(() => kinds({ daemon: { debug: true } }, { daemonText: "{," })).toThrow("/etc/docker/daemon.json is not JSON"));

  test("the data of a node does not move", () => {
    expect(() => kinds({ daemon: { "data-root": "/srv/docker" } }, { inSwarm: true })).toThrow("daemon.json's data-root cannot change on a node of a Swarm");
    expect(kinds({ daemon: { "data-root": "/srv/docker" } }, {})).toEqual(["daemon", "restart"]);
  });

  test.each<[string, EngineWish["package"], Partial<EngineFacts>, string]>([
    ["the package of another source", { source: "docker" }, {}, 'the engine is the package of source "distribution"'],
    ["a version for an engine that belongs to no package", { source: "distribution", version: "27" }, { package: undefined }, "belongs to no package"],
  ])("refuses %s", (_name, from, facts, message) => expect(() => kinds({ package: from }, facts)).toThrow(message));

  test("refuses a jump over a major version in a Swarm, up or down, and nothing else", () => {
    const asked = (version: string, inSwarm = true) => () => kinds({ package: { source: "distribution", version } }, { inSwarm });
    expect(asked("28.0")).toThrow("the engine is 26.1.5+dfsg1, and 28.0 is more than one major version away; nodes of a Swarm go one at a time: write package.version: 27 first");
    expect(asked("5:24.0.9-1~debian")).toThrow("write package.version: 25 first");
    for (const version of ["27.5", "25", "26.1.4"]) expect(asked(version)()).toEqual(["install", "restart"]);
    expect(asked("28", false)()).toEqual(["install", "restart"]);
  });

  test("every step has a title of its own", () => {
    const steps: EngineStep[] = [
      { kind: "names", names: {} },
      { kind: "daemon", text: "", then: "none" },
      { kind: "install", source: "docker", version: "27", upgrade: false },
      { kind: "enable" },
      { kind: "start", because: "it did not run", before: undefined },
      { kind: "reload", because: "labels", before: undefined },
      { kind: "restart", because: "icc", before: undefined },
    ];
    expect(steps.map(titleOf)).toEqual([
      "writing names to /etc/hosts",
      "writing daemon.json",
      "installing the engine (docker 27)",
      "enabling the engine at boot",
      "starting the engine (it did not run)",
      "reloading the configuration of the engine (labels)",
      "restarting the engine (icc)",
    ]);
  });

  test("carried out, there is nothing left to do", () => {
    const key = fc.constantFrom("debug", "labels", "icc", "mtu", "log-opts");
    const daemon = fc.dictionary(key, fc.oneof(fc.boolean(), fc.array(fc.string())), { noNullPrototype: true });
    const names = fc.dictionary(fc.constantFrom("a", "b.example"), fc.ipV4(), { noNullPrototype: true });
    const wishes = fc.record({ package: fc.constant({ source: "distribution" as const }), daemon, names, formerKeys: fc.uniqueArray(key) });
    const facts = fc.record({
      machineId: fc.constant("m"),
      package: fc.constant(running.package),
      engineVersion: fc.constant(running.engineVersion),
      enabled: fc.boolean(),
      active: fc.boolean(),
      pending: fc.constantFrom("none" as const, "reload" as const, "restart" as const),
      inSwarm: fc.boolean(),
      fresh: fc.constant(false),
      bridgeFilter: fc.constant(true),
      daemonText: daemon.map(renderDaemon),
      hostsText: names.map((found) => withNames("127.0.0.1 localhost\n", "names", found)),
    });
    fc.assert(fc.property(wishes, facts, (wish, before) => expect(planEngine(wish, after(before, planEngine(wish, before)))).toEqual([])));
  });
});

/** What a host looks like when the steps are done. */
function after(facts: EngineFacts, steps: readonly EngineStep[]): EngineFacts {
  return steps.reduce<EngineFacts>((now, step) => {
    switch (step.kind) {
      case "names":
        return { ...now, hostsText: withNames(now.hostsText, "names", step.names) };
      case "daemon":
        return { ...now, daemonText: step.text, pending: step.then };
      case "enable":
        return { ...now, enabled: true };
      case "install":
        return { ...now, engineVersion: "26.1.5+dfsg1", enabled: true };
      default:
        return { ...now, active: true, pending: "none" };
    }
  }, facts);
}
