import { judgeLocks, madeByRun, parseLock, protectedNames, splitPending } from "../../cli/interrupted";
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
  const bucket = operation("creating", "aws:s3/bucket:Bucket");
  const update = operation("updating", "docker:index/volume:Volume", { name: "v" });
  const exported = { version: 3, deployment: { resources: [{ urn: "a" }], pending_operations: [network, container, image, node, bucket, update] } };

  it("are cleared where repeating them does no harm; what others may have made stays on record", () => {
    const plan = splitPending(exported);
    expect([plan.settled, plan.unsure]).toEqual([4, 1]);
    expect(plan.deployment).toEqual({ version: 3, deployment: { resources: [{ urn: "a" }], pending_operations: [bucket, update] } });
  });
  it("name what may be on the local engine", () => {
    expect(splitPending(exported).dockerObjects).toEqual([
      { kind: "network", name: "lab" },
      { kind: "container", name: "host-1" },
    ]);
  });
  it("are not looked for among volumes, which hold data and can be created twice", () => {
    const volume = operation("creating", "docker:index/volume:Volume", { name: "data" });
    expect(splitPending({ deployment: { pending_operations: [volume] } })).toMatchObject({ settled: 1, dockerObjects: [] });
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
  it("without a known name are left for the engine to report", () => {
    const secret = operation("creating", "docker:index/network:Network", { name: { "4dabf18193072939515e22adb298388d": "x" } });
    expect(splitPending({ deployment: { pending_operations: [secret] } })).toMatchObject({ settled: 1, dockerObjects: [] });
  });
  it.each([{}, { deployment: {} }, { deployment: { pending_operations: [] } }])("are none in %j", (empty) => expect(splitPending(empty).settled).toBe(0));
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
