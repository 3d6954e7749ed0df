import { longPorts } from "../../../../components/bundle/compose/ports";
import { longTmpfs, longVolume } from "../../../../components/bundle/compose/volumes";
import { splitWords } from "../../../../components/bundle/compose/words";

describe("ports", () => {
  test.each([
    ["80", [{ target: 80 }]],
    ["80/udp", [{ target: 80, protocol: "udp" }]],
    ["8080:80", [{ target: 80, published: 8080 }]],
    ["8080:80/TCP", [{ target: 80, published: 8080, protocol: "tcp" }]],
    [":80", [{ target: 80 }]],
    ["3000-3001", [{ target: 3000 }, { target: 3001 }]],
    ["9090-9091:80-81", [{ target: 80, published: 9090 }, { target: 81, published: 9091 }]],
    ["8000-8001:80", [{ target: 80, published: 8000 }, { target: 80, published: 8001 }]],
    ["127.0.0.1:8001:8001", [{ target: 8001, published: 8001, host_ip: "127.0.0.1" }]],
    ["127.0.0.1::5000", [{ target: 5000, host_ip: "127.0.0.1" }]],
    ["[::1]:6000:6000", [{ target: 6000, published: 6000, host_ip: "::1" }]],
  ])("%s", (text, long) => expect(longPorts(text)).toEqual(long));

  test.each(["", "a", "80:", "1000-1002:80-81", "80:80-81", "81-80", "1:2:3", "80/"])("%j is no port", (text) => expect(longPorts(text)).toBeUndefined());
});

describe("volumes", () => {
  test.each([
    ["/data", { type: "volume", target: "/data" }],
    ["data:/data", { type: "volume", source: "data", target: "/data" }],
    ["data:/data:ro", { type: "volume", source: "data", target: "/data", read_only: true }],
    ["data:/data:nocopy", { type: "volume", source: "data", target: "/data", volume: { nocopy: true } }],
    ["/srv:/data:rw,rslave", { type: "bind", source: "/srv", target: "/data", bind: { propagation: "rslave" } }],
    ["./x:/data:z", { type: "bind", source: "./x", target: "/data", bind: { selinux: "z" } }],
    ["~/x:/data", { type: "bind", source: "~/x", target: "/data" }],
    ["x:/data:cached", { type: "volume", source: "x", target: "/data", consistency: "cached" }],
  ])("%s", (text, long) => expect(longVolume(text)).toEqual(long));

  test.each(["", "a:", ":/x", "a:/b:c:d", "a:/b:bogus"])("%j is no volume", (text) => expect(longVolume(text)).toBeUndefined());

  test.each([
    ["/run", { type: "tmpfs", target: "/run" }],
    ["/run:size=64m,mode=1777", { type: "tmpfs", target: "/run", tmpfs: { size: "64m", mode: 0o1777 } }],
    ["/run:noexec,size=1g", { type: "tmpfs", target: "/run", tmpfs: { size: "1g" } }],
    ["/run:uid=5", undefined],
  ])("tmpfs %s", (text, long) => expect(longTmpfs(text)).toEqual(long));
});

test.each([
  ["echo ok", ["echo", "ok"]],
  ["a 'b c' d", ["a", "b c", "d"]],
  ['sh -c "echo \\"x\\" \\n"', ["sh", "-c", 'echo "x" \\n']],
  ["a\\ b  c", ["a b", "c"]],
  ["''", [""]],
  ["x''y", ["xy"]],
  ["", []],
  ["'open", undefined],
])("the words of %j", (text, words) => expect(splitWords(text)).toEqual(words));
