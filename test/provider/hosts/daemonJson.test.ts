import * as fc from "fast-check";
import { changedKeys, mergeDaemon, parseDaemon, pickDaemon, renderDaemon } from "../../../provider/hosts/daemonJson";

const key = fc.constantFrom("debug", "labels", "log-opts", "data-root", "mtu", "registry-mirrors");
const value = fc.oneof(fc.boolean(), fc.integer(), fc.string(), fc.array(fc.string()), fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }));
const daemon = fc.dictionary(key, value, { noNullPrototype: true });
const keys = fc.uniqueArray(key);

describe("daemon.json", () => {
  test.each([[undefined], [""], ["  \n"]])("no content (%j) is no configuration", (text) => expect(parseDaemon(text)).toEqual({}));

  test.each([
    ["{", "/etc/docker/daemon.json is not JSON"],
    ["[]", "/etc/docker/daemon.json holds no JSON object"],
    ["null", "/etc/docker/daemon.json holds no JSON object"],
  ])("%s is refused", (text, message) => expect(() => parseDaemon(text)).toThrow(message));

  test("is written with sorted keys at every level, lists in their order", () => {
    expect(renderDaemon({ "log-opts": { "max-size": "10m", "max-file": "3" }, debug: true, labels: ["b", "a"] })).toBe(
      '{\n  "debug": true,\n  "labels": [\n    "b",\n    "a"\n  ],\n  "log-opts": {\n    "max-file": "3",\n    "max-size": "10m"\n  }\n}\n',
    );
  });

  test("is no file at all when there is nothing to say", () => expect(renderDaemon({})).toBeUndefined());

  test("reads back as it was written", () => fc.assert(fc.property(daemon, (config) => expect(parseDaemon(renderDaemon(config))).toEqual(config))));

  test("holds every wanted key, no former one that is wanted no more, and all that are not ours", () =>
    fc.assert(
      fc.property(daemon, daemon, keys, (found, wanted, former) => {
        const merged = mergeDaemon(found, wanted, former);
        expect(pickDaemon(merged, Object.keys(wanted))).toEqual(wanted);
        for (const [name, item] of Object.entries(found)) {
          if (name in wanted) continue;
          if ((former as string[]).includes(name)) expect(merged).not.toHaveProperty([name]);
          else expect(merged[name]).toEqual(item);
        }
      }),
    ));

  test("is left alone when it is as wanted", () =>
    fc.assert(
      fc.property(daemon, daemon, keys, (found, wanted, former) => {
        const once = mergeDaemon(found, wanted, former);
        expect(changedKeys(once, mergeDaemon(once, wanted, former))).toEqual([]);
      }),
    ));

  test("what differs is told by key, whatever the order inside", () => {
    expect(changedKeys({ a: { x: 1, y: 2 }, b: 1, c: [1, 2] }, { a: { y: 2, x: 1 }, c: [2, 1], d: 1 })).toEqual(["b", "c", "d"]);
  });
});
