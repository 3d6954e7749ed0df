import { engineObstacles, ownsProcess, parseEngineRecord, parsePid, type EngineSituation } from "../../toolchain/enginePlan";

const failure = (code: string) => Object.assign(new Error(`connect ${code}`), { code });
const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n';
const situation: EngineSituation = {
  dockerHost: undefined,
  pingError: failure("ENOENT"),
  root: true,
  osRelease: DEBIAN,
  installed: false,
  user: "ada",
};

describe("an engine that does not answer", () => {
  it("can be installed by root on Debian", () => expect(engineObstacles(situation)).toEqual([]));
  it("can be installed on what derives from it", () => expect(engineObstacles({ ...situation, osRelease: 'ID=mint\nID_LIKE="ubuntu debian"\n' })).toEqual([]));
  it("is no matter when it does answer", () => expect(engineObstacles({ ...situation, pingError: undefined, root: false })).toEqual([]));
  it("needs only a start when it is installed, on any distribution", () => {
    expect(engineObstacles({ ...situation, installed: true, osRelease: "ID=fedora\n" })).toEqual([]);
  });

  it.each<[string, Partial<EngineSituation>, RegExp, RegExp]>([
    ["another distribution", { osRelease: 'ID=fedora\nPRETTY_NAME="Fedora Linux 44"\n' }, /this is Fedora Linux 44/, /docs\.docker\.com/],
    ["no os-release", { osRelease: "" }, /unknown distribution/, /docs\.docker\.com/],
    ["not root", { root: false }, /only root may install/, /apt-get install -y docker\.io iptables && sudo usermod -aG docker ada/],
    ["not root, installed", { root: false, installed: true }, /only root may start/, /systemctl start docker/],
    ["a socket of others", { root: false, installed: true, pingError: failure("EACCES") }, /may not use/, /usermod -aG docker ada/],
    ["a DOCKER_HOST in vain", { dockerHost: "tcp://10.0.0.9:2375" }, /tcp:\/\/10\.0\.0\.9:2375.*ENOENT/, /unset DOCKER_HOST/],
  ])("is an obstacle: %s", (_, change, reason, fix) => {
    expect(engineObstacles({ ...situation, ...change })).toEqual([{ reason: expect.stringMatching(reason), fix: expect.stringMatching(fix) }]);
  });
});

describe("the engine that we started", () => {
  const record = { by: "launcher", pid: 42, tick: "1000" } as const;
  it("is the same process only with the same name and start", () => {
    expect(ownsProcess(record, () => "dockerd", () => "1000")).toBe(true);
    expect(ownsProcess(record, () => "dockerd", () => "1001")).toBe(false);
    expect(ownsProcess(record, () => "bash", () => "1000")).toBe(false);
    expect(ownsProcess(record, () => undefined, () => undefined)).toBe(false);
  });
  it("survives writing and reading its record", () => expect(parseEngineRecord(JSON.stringify(record))).toEqual(record));
  it.each(['{"by":"launcher","pid":42', "", '{"by":"launcher","pid":-1,"tick":"1"}', '{"by":"me"}'])("is unknown with the record %j", (text) => {
    expect(parseEngineRecord(text)).toBeUndefined();
  });
  it("reads pid files strictly", () => expect(["42\n", "42", "", "x", "0", "-1", "4 2"].map(parsePid)).toEqual([42, 42, undefined, undefined, undefined, undefined, undefined]));
});
