import fc from "fast-check";
import * as z from "zod";
import { checkInputs } from "../../provider/check";
import { checkConfiguration, parseConfiguration, registryAuth } from "../../provider/configuration";
import { changesBetween, replacing } from "../../provider/diff";
import { kinds } from "../../provider/kinds";
import type { ResourceKind } from "../../provider/resource";
import { packageSchema } from "../../provider/schema";
import { fromWire, pathText, toWire, UNKNOWN, unknownPaths, withoutUnknowns } from "../../provider/wire";

const kind = {
  type: "dockyard:test:Thing",
  inputs: z.strictObject({ name: z.string().min(2), count: z.int().optional(), nested: z.strictObject({ list: z.array(z.string()) }).optional() }),
  outputs: z.strictObject({}),
  check: ({ name }: { name: string }) => (name === "no" ? [{ property: "name", reason: "not this one" }] : []),
} as unknown as ResourceKind;

describe("check", () => {
  test("names every property that is wrong", () => {
    expect(checkInputs(kind, { name: "x", nested: { list: [1] }, extra: true }).map(({ property }) => property).sort()).toEqual(["", "name", "nested.list[0]"]);
  });
  test("unknown values are not complained of, the rest is; rules wait", () => {
    expect(checkInputs(kind, { name: "ok", count: UNKNOWN, nested: UNKNOWN })).toEqual([]);
    expect(checkInputs(kind, { name: UNKNOWN, count: 1.5 })).toHaveLength(1);
    expect(checkInputs(kind, { name: "no", count: UNKNOWN })).toEqual([]);
    expect(checkInputs(kind, { name: "no" })).toEqual([{ property: "name", reason: "not this one" }]);
  });
});

describe("diff", () => {
  test("leaf by leaf for objects, whole for lists", () => {
    expect(changesBetween({ a: { x: 1, y: 2 }, l: [1, 2], gone: 1 }, { a: { x: 1, y: 3, "k.z": 1 }, l: [2, 1], n: 0 })).toEqual([
      { path: 'a["k.z"]', kind: "add" },
      { path: "a.y", kind: "update" },
      { path: "gone", kind: "delete" },
      { path: "l", kind: "update" },
      { path: "n", kind: "add" },
    ]);
  });
  test("nothing differs from itself, however its keys are ordered", () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse());
      expect(changesBetween(value, turned)).toEqual([]);
    }));
  });
  test("replacing marks what lies below the named properties", () => {
    expect(replacing([{ path: "name", kind: "update" }, { path: "labels.name", kind: "update" }, { path: "ports[0]", kind: "add" }], ["name", "ports"]).map(({ replace }) => replace)).toEqual([true, undefined, true]);
  });
});

const json = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

describe("the wire", () => {
  test("plain data survives the way there and back", () => {
    const value = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 3 }));
    // protobuf's own struct conversion drops this one key, which no input of ours has.
    const possible = (data: object) => !JSON.stringify(data).includes("__proto__");
    fc.assert(fc.property(value.filter(possible), (data) => expect(json(fromWire(toWire(data)))).toEqual(json(data))));
  });
  test("secrets come out plain, undefined is left out, unknown parts are found", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "s" };
    expect(fromWire(toWire({ a: [secret], b: undefined }))).toEqual({ a: ["s"] });
    expect(unknownPaths({ a: UNKNOWN, b: [{ c: UNKNOWN }] }).map(pathText)).toEqual(["a", "b[0].c"]);
    expect(withoutUnknowns({ a: UNKNOWN, b: [UNKNOWN, 1], c: { d: UNKNOWN } })).toEqual({ b: [undefined, 1], c: {} });
  });
});

describe("the provider's configuration", () => {
  const good = { privateKey: "key", managers: JSON.stringify([{ address: "10.0.0.1", hostKey: "ssh-ed25519 AAAA" }]), registries: JSON.stringify({ "r:5000": { username: "u", password: "p" } }) };
  test("is JSON text for what is structured", () => {
    const parsed = parseConfiguration(good);
    expect(parsed).toMatchObject({ privateKey: "key", managers: [{ address: "10.0.0.1" }], timeouts: { connect: 10_000, drain: 120_000 } });
    for (const image of ["other/demo/web", "constructor/x", "__proto__/x", ""]) expect(registryAuth(parsed, image, "pull")).toBeUndefined();
  });
  test("has one login for hosts and, where it says so, another for a push", () => {
    const login = { username: "u", password: "p" };
    const auth = (registry: object, purpose: "pull" | "push") => registryAuth(parseConfiguration({ ...good, registries: JSON.stringify({ "r:5000": registry }) }), "r:5000/demo/web@sha256:1", purpose);
    const both = { ...login, push: { username: "builder", password: "q" } };
    expect(auth(both, "pull")).toEqual({ ...login, serveraddress: "r:5000" });
    expect(auth(both, "push")).toEqual({ username: "builder", password: "q", serveraddress: "r:5000" });
    // As the state of a platform has it that was made before there were two.
    expect([auth(login, "pull"), auth(login, "push")]).toEqual(Array(2).fill({ ...login, serveraddress: "r:5000" }));
    expect(() => auth({ ...login, push: { username: "builder" } }, "push")).toThrow(/registries/);
    expect(() => auth({ ...login, pull: login }, "push")).toThrow(/registries/);
  });
  test("is refused by path, and no secret is repeated", () => {
    const failures = checkConfiguration({ ...good, registries: JSON.stringify({ "r:5000": { username: "u", password: "hunter2", extra: 1 } }), managers: "[{}", surprise: "x" });
    expect(failures.map(({ property }) => property).sort()).toEqual(["", "managers", 'registries["r:5000"]']);
    expect(JSON.stringify(failures)).not.toContain("hunter2");
  });
  test("what is unknown at preview is let through", () => expect(checkConfiguration({ privateKey: UNKNOWN, managers: UNKNOWN })).toEqual([]));
});

describe("the package schema", () => {
  const schema = packageSchema(kinds, "0.1.0") as { resources: Record<string, { inputProperties: Record<string, object>; properties: object }>; types: Record<string, object> };
  test("has every kind with all its inputs and outputs", () => {
    expect(Object.keys(schema.resources).sort()).toEqual(kinds.map(({ type }) => type).sort());
    for (const { type, inputs, outputs } of kinds) {
      expect(Object.keys(schema.resources[type]!.inputProperties).sort()).toEqual(Object.keys(inputs.shape).sort());
      expect(Object.keys(schema.resources[type]!.properties).sort()).toEqual(Object.keys(outputs.shape).sort());
    }
  });
  test("names no type that it does not have", () => {
    const refs = [...JSON.stringify(schema).matchAll(/#\/types\/([^"]+)/g)].map(([, name]) => decodeURIComponent(name!));
    expect(refs.length).toBeGreaterThan(5);
    for (const name of refs) expect(schema.types).toHaveProperty([name]);
  });
});
