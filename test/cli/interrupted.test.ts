import { failingSince, judgeLocks, madeByRun, parseLock, protectedNames, splitPending, unknownToState, usesEngine } from "../../cli/interrupted";
import { isOrphan } from "../../cli/orphans";

describe("the lock of a stack", () => {
  const lock = (pid: number, hostname = "here", timestamp = "2026-11-21T10:00:00Z") => ({ pid, hostname, timestamp });
  const alive = (pid: number) => pid === 1;
  it("is not there", () => expect(judgeLocks([], "here", alive)).toEqual({ state: "free" }));
  it("is stale when everyone who took it is dead", () => {
    const locks = [lock(2), lock(3, "here", "2026-11-21T09:56:56.18Z")];
    expect(judgeLocks(locks, "here", alive)).toEqual({ state: "stale", since: new Date("2026-11-21T09:56:56.18Z") });
  });
  it("is held by one who lives", () => expect(judgeLocks([lock(2), lock(1)], "here", alive)).toEqual({ state: "held", by: lock(1) }));
  it("is held by another machine, of which nobody here can know", () => {
    expect(judgeLocks([lock(2, "there")], "here", alive)).toEqual({ state: "held", by: lock(2, "there") });
  });
  it("is read as Pulumi writes it", () => {
    expect(parseLock('{"pid":21459,"username":"root","hostname":"vm","timestamp":"2026-11-21T09:56:56Z"}')).toEqual(lock(21459, "vm", "2026-11-21T09:56:56Z"));
    expect(parseLock('{"pid":214')).toBeUndefined();
  });
});

describe("creations that were interrupted", () => {
  const operation = (type: string, token: string, inputs: object = {}) => ({ type, resource: { urn: `urn::${token}`, type: token, inputs } });
  const network = operation("creating", "docker:index/network:Network", { name: "lab" });
  const container = operation("creating", "docker:index/container:Container", { name: "host-1" });
  const image = operation("creating", "docker:index/remoteImage:RemoteImage", { name: "x" });
  const node = operation("creating", "dockyard:index:Node");
  const owner = operation("creating", "pulumi:index:Stash");
  const bucket = operation("creating", "aws:s3/bucket:Bucket");
  const update = operation("updating", "docker:index/volume:Volume", { name: "v" });
  const exported = { version: 3, deployment: { resources: [{ urn: "a" }], pending_operations: [network, container, image, node, owner, bucket, update] } };

  it("are cleared where repeating them does no harm; what others may have made stays on record", () => {
    const plan = splitPending(exported);
    expect([plan.settled, plan.unsure]).toEqual([5, 1]);
    expect(plan.deployment).toEqual({ version: 3, deployment: { resources: [{ urn: "a" }], pending_operations: [bucket, update] } });
  });
  it.each<[string, { stack: string | undefined; created: string }, boolean]>([
    ["it was made during the run", { stack: "dev", created: "2026-11-21T10:00:05.123456789Z" }, true],
    ["it is older than the run: another checkout's", { stack: "dev", created: "2026-11-21T09:59:59.9Z" }, false],
    ["it belongs to another stack", { stack: "prod", created: "2026-11-21T10:00:05Z" }, false],
    ["it has no label of ours", { stack: undefined, created: "2026-11-21T10:00:05Z" }, false],
    ["nobody knows when it was made", { stack: "dev", created: "" }, false],
  ])("are removed, or left, when %s", (_, object, removed) => {
    expect(madeByRun(object, "dev", new Date("2026-11-21T10:00:00Z"))).toBe(removed);
  });
  it.each([{}, { deployment: {} }, { deployment: { pending_operations: [] } }])("are none in %j", (empty) => expect(splitPending(empty).settled).toBe(0));
});

describe("what is on the local engine", () => {
  const container = (name: unknown) => ({ type: "docker:index/container:Container", inputs: { name } });
  const exported = { deployment: { resources: [container("host-1"), { type: "docker:index/network:Network", inputs: { name: "lab" } }] } };
  it("is unknown to the state when no resource of its kind has its name", () => {
    const found = ["host-1", "host-2", "lab"].map((name) => ({ kind: "container" as const, name }));
    expect(unknownToState([...found, { kind: "network", name: "lab" }], exported).map(({ name }) => name)).toEqual(["host-2", "lab"]);
  });
  it("is never unknown when it is a volume, which holds data and can be created twice", () => {
    expect(unknownToState([{ kind: "volume", name: "data" }], {})).toEqual([]);
  });
  it("is looked at only for a stack that uses the engine, or was about to", () => {
    const creating = (type: string) => ({ deployment: { pending_operations: [{ type: "creating", resource: { type } }] } });
    expect([exported, creating("docker:index/volume:Volume"), creating("dockyard:hosts:Host"), {}].map(usesEngine)).toEqual([true, true, false, false]);
  });
});

describe("runs that failed", () => {
  const run = (kind: string, result: string, minute: number) => ({ kind, result, startTime: `2026-11-21T10:0${minute}:00.000Z` });
  it.each([
    ["are counted from the last one that succeeded", [run("update", "failed", 5), run("destroy", "failed", 4), run("update", "succeeded", 3), run("update", "failed", 1)], "2026-11-21T10:04:00.000Z"],
    ["are all of them when none succeeded", [run("update", "failed", 5), run("update", "failed", 1)], "2026-11-21T10:01:00.000Z"],
    ["are not made good by a refresh", [run("refresh", "succeeded", 5), run("update", "failed", 4)], "2026-11-21T10:04:00.000Z"],
    ["are none after one that succeeded", [run("update", "succeeded", 5), run("update", "failed", 4)], undefined],
    ["are none in an empty history", [], undefined],
  ])("%s", (_, history, since) => expect(failingSince(history)?.toISOString()).toBe(since));
});

describe("a process that an interrupted run left", () => {
  const marks = ["PATH=/bin", "DOCKYARD_RUN=/home/ada/y/.dockyard", "DOCKYARD_LAUNCHER=12 345"];
  const directory = "/home/ada/y/.dockyard";
  it("carries the marks of a launcher that is dead", () => expect(isOrphan(marks, directory, () => false)).toBe(true));
  it("is none while its launcher runs", () => {
    const asked: string[] = [];
    expect(isOrphan(marks, directory, (mark) => asked.push(mark) > 0)).toBe(false);
    expect(asked).toEqual(["12 345"]);
  });
  it("is none of ours with the marks of another folder, or none", () => {
    expect(isOrphan(marks, "/home/ada/y", () => false)).toBe(false);
    expect(isOrphan(["PATH=/bin"], directory, () => false)).toBe(false);
    expect(isOrphan(marks.slice(0, 2), directory, () => false)).toBe(false);
  });
});

describe("what a stack protects", () => {
  const resource = (name: string, protect?: boolean) => ({ urn: `urn:pulumi:prod::dockyard::a:b$tls:index/privateKey:PrivateKey::${name}`, protect });
  it("is told by name", () => expect(protectedNames({ deployment: { resources: [resource("ca-key", true), resource("leaf"), resource("x", false)] } })).toEqual(["ca-key"]));
  it.each([{}, { deployment: {} }])("is nothing in %j", (empty) => expect(protectedNames(empty)).toEqual([]));
});
