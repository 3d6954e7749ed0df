import { platformOn, standInApplication } from "../support/configuration";
import { visitAny } from "../support/load";
import { requireSetup } from "../support/machine";
import { failure, Platform } from "../support/platform";
import { nodes, replicas } from "../support/swarm";
import { reportTable } from "./results";
import { CHANGES, random, SEED } from "./seeded";
import { randomChange, type SoakHost, type SoakState } from "./soakChanges";

/*
 * Random planned changes one after the other, while visitors ask for a service of two replicas all the time. How many follows from
 * DOCKYARD_FAULT_CHANGES, which ones from DOCKYARD_FAULT_SEED.
 */

jest.setTimeout(7_200_000);

const SUBNET = 77;
const PORT = 8097;
const platform = new Platform("soak");
const next = random(SEED);

const address = (number: number) => `10.213.${SUBNET}.${10 + number}`;
const host = (name: string, number: number, role: "manager" | "worker"): SoakHost => ({ name, address: address(number), role, availability: "active" });
const KEEPER: SoakHost = { ...host("w1", 4, "worker"), labels: { registry: "true" } };
const SPARE = [host("w3", 6, "worker")];
const ADDRESSES = [1, 2, 3, 4, 5, 6].map(address);

let state: SoakState = { hosts: [KEEPER, host("m1", 1, "manager"), host("m2", 2, "manager"), host("m3", 3, "manager"), host("w2", 5, "worker")], release: 1, logSize: 1, joinTokens: 1 };
const done: string[][] = [];
let requests = 0;
let lostInAll = 0;

function configure({ hosts, release, logSize, joinTokens }: SoakState): void {
  const web = { replicas: 2, update: { order: "start-first" }, environment: { STANDIN_PORTS: "80", RELEASE: String(release) }, ports: [{ target: 80, published: PORT, mode: "host" }] };
  const base = platformOn({ source: "lab", subnet: `10.213.${SUBNET}.0/24`, hosts }, { applications: [standInApplication(platform, "pair", web)] });
  platform.configure({ ...base, swarm: { ...base.swarm, rotation: { joinTokens } }, engine: { daemon: { "log-opts": { "max-size": `${logSize}m` } } } });
}

beforeAll(async () => {
  await requireSetup();
  await platform.clear();
  configure(state);
  expect(failure(await platform.up())).toBe("");
});
afterAll(async () => {
  const head = `seed ${SEED}: ${done.length} changes, ${requests} requests, ${lostInAll} of them answered by no host.`;
  reportTable("soak", head, ["change", "seconds", "requests", "lost"], done);
  await platform.clear();
});

it(`${CHANGES} random changes lose no request of a service of two replicas, and end as the configuration says`, async () => {
  for (let turn = 1; turn <= CHANGES; turn++) {
    const change = randomChange(state, SPARE, next);
    state = change.state;
    configure(state);
    const began = Date.now();
    const { lost, answered, result } = await visitAny(ADDRESSES, [PORT], () => platform.up());
    requests += answered + lost.length;
    lostInAll += lost.length;
    done.push([change.name, ((Date.now() - began) / 1000).toFixed(0), String(answered + lost.length), String(lost.length)]);
    expect({ change: change.name, failed: failure(result), lost }).toEqual({ change: change.name, failed: "", lost: [] });
  }
  expect(failure(await platform.refresh("--preview-only", "--expect-no-changes"))).toBe("");
  expect(failure(await platform.preview("--expect-no-changes"))).toBe("");
  const manager = platform.container(state.hosts.find(({ role }) => role === "manager")!.name);
  const found = await nodes(manager);
  const wanted = state.hosts.map(({ name, role, availability }) => [name, `${role} ${availability}`]);
  expect(Object.fromEntries(Object.entries(found).map(([name, node]) => [name, `${node.manager ? "manager" : "worker"} ${node.availability.toLowerCase()}`]))).toEqual(Object.fromEntries(wanted));
  expect(await replicas(manager)).toMatchObject({ pair_web: "2/2" });
});
