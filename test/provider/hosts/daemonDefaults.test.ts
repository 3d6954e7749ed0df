import { daemonDefaults, effectiveDaemon, writtenAsFound } from "../../../provider/hosts/daemonDefaults";
import type { Daemon } from "../../../provider/hosts/daemonJson";
import { engineKind, type EngineOutputs } from "../../../provider/hosts/engine";
import type { EngineInputs } from "../../../provider/hosts/engineInputs";
import { actionFor } from "../../../provider/hosts/reloadable";

const logs = { "log-driver": "json-file", "log-opts": { "max-size": "20m", "max-file": "5" } };
const privileges = { "no-new-privileges": true };
const proxy = { "userland-proxy": false };
const all = { ...logs, ...privileges, ...proxy };
const fresh = { found: {}, fresh: true, bridgeFilter: true };

describe("the defaults that an engine gets when it is set up", () => {
  test.each<[string, Partial<typeof fresh>, Daemon]>([
    ["one that nobody set up gets all", {}, all],
    ["one that somebody else set up gets none", { fresh: false }, {}],
    ["somebody else's file stays as it is", { fresh: false, found: { "log-driver": "journald", debug: true } }, {}],
    ["a file that was there before the package keeps its keys", { found: { "log-driver": "journald" } }, { ...privileges, ...proxy }],
    ["and its log options, which are of another driver", { found: { "log-opts": { tag: "x" } } }, { ...privileges, ...proxy }],
    ["and its privileges", { found: { "no-new-privileges": false } }, { ...logs, ...proxy }],
    ["and its proxies", { found: { "userland-proxy": true } }, { ...logs, ...privileges }],
    ["a key of another kind takes nothing away", { found: { mtu: 1400 } }, all],
    ["without a filter on bridges the engine needs its proxies", { bridgeFilter: false }, { ...logs, ...privileges }],
    ["what a killed run wrote is ours", { fresh: false, found: { ...all, labels: ["a=b"] } }, all],
    ["what a killed run wrote in part is ours in part", { fresh: false, found: { ...privileges, "log-driver": "json-file" } }, privileges],
    ["an option more is somebody else's", { fresh: false, found: { ...logs, "log-opts": { ...logs["log-opts"], tag: "x" } } }, {}],
    ["a number for a text is somebody else's", { fresh: false, found: { ...logs, "log-opts": { "max-size": "20m", "max-file": 5 } } }, {}],
    ["a name of the prototype is no key", { fresh: true, found: JSON.parse('{"__proto__": {"userland-proxy": true}}') as Daemon }, all],
  ])("%s", (_which, origin, defaults) => expect(daemonDefaults({ ...fresh, ...origin })).toEqual(defaults));
});

describe("what is written comes before a default", () => {
  test.each<[string, Daemon | undefined, Daemon | undefined, Daemon]>([
    ["nothing is written", undefined, all, all],
    ["an empty mapping", {}, all, all],
    ["another key", { debug: true }, all, { ...all, debug: true }],
    ["another driver has options of its own", { "log-driver": "journald" }, all, { ...privileges, ...proxy, "log-driver": "journald" }],
    ["the same driver has the engine's options", { "log-driver": "json-file" }, all, { ...privileges, ...proxy, "log-driver": "json-file" }],
    ["options alone", { "log-opts": { "max-size": "5m" } }, all, { ...privileges, ...proxy, "log-opts": { "max-size": "5m" } }],
    ["no options", { "log-opts": {} }, all, { ...privileges, ...proxy, "log-opts": {} }],
    ["privileges", { "no-new-privileges": false }, all, { ...logs, ...proxy, "no-new-privileges": false }],
    ["proxies", { "userland-proxy": true }, all, { ...logs, ...privileges, "userland-proxy": true }],
    ["the proxy's path is none of it", { "userland-proxy-path": "/usr/bin/docker-proxy" }, all, { ...all, "userland-proxy-path": "/usr/bin/docker-proxy" }],
    ["everything", { ...all, "userland-proxy": true }, all, { ...all, "userland-proxy": true }],
    ["an engine of an earlier version has none", { debug: true }, undefined, { debug: true }],
    ["an engine of somebody else has none", undefined, {}, {}],
    ["one that got a part has that part", { debug: true }, privileges, { ...privileges, debug: true }],
    ["what a state says beyond the defaults is none", undefined, { ...privileges, hosts: ["tcp://0.0.0.0:2375"] }, privileges],
  ])("%s", (_what, written, defaults, effective) => expect(effectiveDaemon(written, defaults)).toEqual(effective));
});

describe("what a look finds is put as it would have to be written", () => {
  test.each<[string, Daemon | undefined, Daemon, Daemon]>([
    ["as it is to be", undefined, all, {}],
    ["with keys of others", undefined, { ...all, mtu: 1400 }, {}],
    ["a default that a hand has changed", undefined, { ...all, "userland-proxy": true }, { "userland-proxy": true }],
    ["one that a hand took out", undefined, { ...logs, ...proxy }, { "no-new-privileges": null }],
    ["no file at all", undefined, {}, { "log-driver": null, "log-opts": null, "no-new-privileges": null, "userland-proxy": null }],
    ["what is written in place of a default", { "userland-proxy": true }, { ...all, "userland-proxy": true }, { "userland-proxy": true }],
    ["what was written and is gone", { debug: true }, all, {}],
    ["what was written and is another", { debug: true }, { ...all, debug: false }, { debug: false }],
  ])("%s", (_what, written, found, as) => expect(writtenAsFound(written, all, found)).toEqual(as));
});

describe("the difference of an engine", () => {
  const inputs: EngineInputs = { connection: { address: "10.0.0.1", hostKey: "ssh-ed25519 AAAA" }, host: "m" };
  const outputs: EngineOutputs = { version: "26.1.5", apiVersion: "1.45", storageDriver: "overlay2", state: "running" };
  const diff = (old: { daemon?: Daemon; defaults?: Daemon }, daemon: Daemon | undefined) =>
    engineKind
      .diff!({ inputs: { ...inputs, ...(old.daemon && { daemon: old.daemon }) }, outputs: { ...outputs, ...(old.defaults && { defaults: old.defaults }) } }, { ...inputs, ...(daemon && { daemon }) }, [])
      .map(({ path, kind }) => `${kind} ${path}`);

  test.each<[string, { daemon?: Daemon; defaults?: Daemon }, Daemon | undefined, string[]]>([
    ["an engine of an earlier version stays as it is", {}, undefined, []],
    ["an engine of an earlier version stays as it was written", { daemon: { debug: true } }, { debug: true }, []],
    ["one that was set up with defaults stays as it is", { defaults: all }, undefined, []],
    ["an override shows key by key, with what goes with it", { defaults: all }, { "log-driver": "journald" }, ["update daemon.log-driver", "delete daemon.log-opts"]],
    ["an override that is taken back", { daemon: { "userland-proxy": true }, defaults: all }, {}, ["update daemon.userland-proxy"]],
    ["an override that says the same is none", { defaults: all }, privileges, []],
    ["what a hand took out is put back", { daemon: { "no-new-privileges": null }, defaults: all }, undefined, ["update daemon.no-new-privileges"]],
  ])("%s", (_what, old, wanted, changes) => expect(diff(old, wanted)).toEqual(changes));
});

test.each(Object.entries(all))("%s, written on an engine that runs, asks for a restart, which the preview foretells", (key, value) => {
  expect(actionFor({}, { [key]: value })).toEqual({ action: "restart", because: [key] });
});
