import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fetchOnce, fetchPorts, groupByPort, isGood, portWorks, type Answer } from "../../cli/answers";
import { formatDuration } from "../../cli/duration";
import { parseOutputs } from "../../cli/outputs";
import { runningText } from "../../cli/progress";
import { renderPhases, renderStack } from "../../cli/report";

// eslint-disable-next-line no-control-regex
const plain = (text: string) => text.replace(/\u001b\[[0-9;]*m/g, "");

const answer = (url: string, status: number | undefined, reason = "connect ECONNREFUSED 10.0.0.2:80"): Answer => ({
  url,
  status,
  took: 1,
  ...(status === undefined ? { reason } : {}),
});

describe("the account of a stack", () => {
  const outputs = parseOutputs(
    JSON.stringify({
      hosts: [{ name: "manager-1", address: "10.0.0.2", role: "manager" }],
      applications: [
        { name: "demo", services: [{ name: "web", replicas: 3, mode: "replicated" }, { name: "agent", mode: "global" }], urls: ["http://x/"] },
      ],
      registry: { address: "10.0.0.2:5000" },
      later: "is no harm",
    }),
  );

  it("is a table of each, without trailing space", () => {
    const text = plain(renderStack(outputs, [[{ url: "http://x/", status: 200, took: 12 }]]));
    expect(text.split("\n")).toEqual([
      "HOST       ADDRESS   ROLE",
      "manager-1  10.0.0.2  manager",
      "",
      "APPLICATION  SERVICE  REPLICAS",
      "demo         web      3",
      "demo         agent    every host",
      "",
      "URL        ANSWER",
      "http://x/  200 in 12 ms",
      "",
      "Registry  10.0.0.2:5000",
    ]);
  });
  it("says why a URL did not answer", () => {
    expect(plain(renderStack(outputs, [[answer("http://x/", undefined)]]))).toContain("connect ECONNREFUSED");
  });
  it("names the output that is not as expected", () => expect(() => parseOutputs('{"hosts":[{"name":"a","address":1,"role":"x"}]}')).toThrow("hosts.0.address"));
  it("of nothing is nothing", () => expect(renderStack(parseOutputs("{}"), [])).toBe(""));
  it("does not take a host without a task for a failure, as long as another one answers", () => {
    const text = plain(renderStack(outputs, [[answer("http://a/", 200), answer("http://b/", undefined)]]));
    expect(text).toMatch(/http:\/\/a\/ {2}200 in 1 ms\nhttp:\/\/b\/ {2}no task on this host/);
  });
  it("ends with the time of each phase and the whole", () => {
    expect(renderPhases([{ name: "set-up", took: 200 }, { name: "pulumi up", took: 61_000 }])).toBe("set-up 0.2 s · pulumi up 1 min 01 s · total 1 min 01 s");
  });
  it.each([[0, "0.0 s"], [9_940, "9.9 s"], [9_960, "10 s"], [59_400, "59 s"], [59_600, "1 min 00 s"], [3_599_700, "60 min 00 s"]])("%d ms are %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
  it("shows everything that runs on one line of the terminal", () => {
    const running = new Map([["Pulumi CLI 3.259.0", { since: 0, line: "cli: 200 modules downloaded, compiling" }], ["Docker engine", { since: 5_000, line: "" }]]);
    expect(runningText(running, 65_000, 80)).toBe("Pulumi CLI: cli: 200 mo… 1 min 05 s | Docker engine 1 min 00 s");
    for (const width of [40, 60, 80, 120, 200]) expect(runningText(running, 65_000, width).length).toBeLessThan(width);
  });
});

describe("asking a URL", () => {
  let server: Server;
  let url: string;
  let statuses: number[];
  beforeAll(async () => {
    server = createServer((_, response) => response.writeHead(statuses.length > 1 ? statuses.shift()! : statuses[0]!).end("x"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it.each([[200, true], [302, true], [404, false], [503, false]])("%d is good: %s", async (status, good) => {
    statuses = [status];
    expect(isGood(await fetchOnce(url))).toBe(good);
  });
  it("waits until it answers well", async () => {
    statuses = [503, 502, 200];
    expect(await fetchPorts([url], undefined, 10_000)).toMatchObject([[{ url, status: 200 }]]);
  });
  it("gives up with the last answer", async () => {
    statuses = [503];
    expect(await fetchPorts([url], undefined, 0)).toMatchObject([[{ status: 503 }]]);
  });
  it("reports silence with its reason", async () => {
    const answer = await fetchOnce("http://127.0.0.1:1/");
    expect(answer.status).toBeUndefined();
    expect(answer.reason).toContain("ECONNREFUSED");
  });
});

describe("a published port", () => {
  it("is the same URL on every host", () => {
    expect(groupByPort(["http://a:80/", "http://b:80", "http://a:81/", "https://a:81/", "http://a/x"])).toEqual([
      ["http://a:80/", "http://b:80"],
      ["http://a:81/"],
      ["https://a:81/"],
      ["http://a/x"],
    ]);
  });
  it.each<[string, Answer[], boolean]>([
    ["one host answers, the others have no task", [answer("a", 200), answer("b", undefined)], true],
    ["nobody listens anywhere", [answer("a", undefined), answer("b", undefined)], false],
    ["one task is broken", [answer("a", 200), answer("b", 500)], false],
    ["one host is not reachable", [answer("a", 200), answer("b", undefined, "no answer within 3 s")], false],
    ["there is none", [], false],
  ])("when %s", (_, answers, works) => expect(portWorks(answers)).toBe(works));
});
