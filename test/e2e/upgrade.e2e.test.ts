import { labHosts, platformOn, standInApplication } from "./support/configuration";
import { onHost } from "./support/labHost";
import { visitAny } from "./support/load";
import { requireSetup } from "./support/machine";
import { enginePackage, offerNextEngine } from "./support/nextPackage";
import { failure, Platform, type Run } from "./support/platform";
import { nodes } from "./support/swarm";

/** Another version of the engine on every host, by the package manager, and back; not without a backup. */

jest.setTimeout(900_000);

const SUBNET = 70;
const PORT = 8098;
const platform = new Platform("upgrade");
const HOSTS = ["m1", "m2", "m3"];
const ADDRESSES = HOSTS.map((_, index) => `10.213.${SUBNET}.${11 + index}`);
const container = (host: string) => platform.container(host);
const installed = () => Promise.all(HOSTS.map((host) => enginePackage(container(host))));
let [version, next] = ["", ""];
let withPassphrase: string[];

function configure(wanted?: string): void {
  const pair = standInApplication(platform, "pair", { replicas: 2, ports: [{ target: 80, published: PORT, mode: "host" }] });
  platform.configure({ ...platformOn(labHosts(SUBNET), { applications: [pair] }), engine: wanted === undefined ? {} : { version: wanted } });
}

/** Does a change while visitors ask for the service; each of their requests has to be answered by some host. */
async function visited(work: () => Promise<Run>): Promise<void> {
  const { lost, answered, result } = await visitAny(ADDRESSES, [PORT], work);
  expect(failure(result)).toBe("");
  expect(lost).toEqual([]);
  expect(answered).toBeGreaterThan(20);
}

const engineStart = async (host: string) => Number(/=(\d+)/.exec(await onHost(container(host), "systemctl", "show", "docker", "-p", "ActiveEnterTimestampMonotonic"))![1]);

beforeAll(async () => {
  await requireSetup();
  await platform.clear();
  configure();
  expect(failure(await platform.up())).toBe("");
  await Promise.all(HOSTS.map((host) => offerNextEngine(container(host))));
  version = await enginePackage(container("m1"));
  next = `${version}+next`;
  withPassphrase = ["--to", `${platform.folder}/backups`, "--passphrase-file", platform.write("passphrase", "the passphrase of this test, long enough\n")];
});
afterAll(() => platform.clear());

describe("another version of the engines", () => {
  it("is refused without a backup: the preview warns, the run changes nothing and says what to do", async () => {
    configure(next);
    const preview = await platform.preview();
    expect(failure(preview)).toBe("");
    expect(preview.output).toContain("another version of the engines will be refused: no backup was ever made from here");
    const refused = await platform.dockyard("up");
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain(`"./dockyard backup --stack ${platform.paths.stack}"`);
    expect(await installed()).toEqual([version, version, version]);
  });

  it("goes without one by the stack's name: from host to host, the leader last, and no visitor notices", async () => {
    const wrong = await platform.dockyard("up", "--without-backup", "another");
    expect(wrong.code).toBe(1);
    const leader = Object.entries(await nodes(container("m1"))).find(([, node]) => node.manager === "Leader")![0];
    await visited(() => platform.dockyard("up", "--without-backup", platform.paths.stack));
    expect(await installed()).toEqual([next, next, next]);
    const started = await Promise.all(HOSTS.map(async (host) => ({ host, at: await engineStart(host) })));
    expect(started.sort((a, b) => a.at - b.at).at(-1)!.host).toBe(leader);
    expect(failure(await platform.preview("--expect-no-changes"))).toBe("");
  });

  it("goes back after a backup, without a word of it", async () => {
    expect(failure(await platform.dockyard("backup", ...withPassphrase))).toBe("");
    configure(version);
    expect((await platform.preview()).output).not.toContain("will be refused");
    await visited(() => platform.dockyard("up"));
    expect(await installed()).toEqual([version, version, version]);
    const found = Object.values(await nodes(container("m1")));
    expect(found.map(({ status, availability }) => `${status} ${availability}`)).toEqual(Array(3).fill("Ready Active"));
    expect(failure(await platform.refresh("--preview-only", "--expect-no-changes"))).toBe("");
  });
});
