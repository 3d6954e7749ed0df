import { actionFor, stronger } from "../../../provider/hosts/reloadable";

describe("what a running engine needs", () => {
  test.each<[string, object, object, string, string[]]>([
    ["nothing changed", { debug: true }, { debug: true }, "none", []],
    ["a label is set", {}, { labels: ["a=b"] }, "reload", ["labels"]],
    ["a label changes", { labels: ["a=b"] }, { labels: ["a=c"] }, "reload", ["labels"]],
    ["labels go: a reload leaves them as they were", { labels: ["a=b"] }, {}, "restart", ["labels"]],
    ["debug goes", { debug: true }, {}, "restart", ["debug"]],
    ["a limit goes: a reload resets it", { "max-concurrent-downloads": 5 }, {}, "reload", ["max-concurrent-downloads"]],
    ["a mirror and debug are set", {}, { "registry-mirrors": ["https://m"], debug: true }, "reload", ["debug", "registry-mirrors"]],
    ["the log driver changes", { "log-driver": "json-file" }, { "log-driver": "local" }, "restart", ["log-driver"]],
    ["one of two needs a restart: it is the one that is told", {}, { debug: true, icc: false }, "restart", ["icc"]],
    ["a key that nobody knows", {}, { "from-the-future": 1 }, "restart", ["from-the-future"]],
    ["a feature is set", {}, { features: { cdi: true } }, "reload", ["features"]],
    ["the image store changes", { features: { cdi: true } }, { features: { cdi: true, "containerd-snapshotter": true } }, "restart", ["features"]],
  ])("%s", (_name, before, after, action, because) => {
    expect(actionFor(before as Record<string, unknown>, after as Record<string, unknown>)).toEqual({ action, because });
  });

  test("the stronger of two wins", () => {
    expect(stronger("none", "reload")).toBe("reload");
    expect(stronger("restart", "reload")).toBe("restart");
  });
});
