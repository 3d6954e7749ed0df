import { labHosts, platformOn, standInApplication, type HostsSection } from "../support/configuration";
import { dockerJson } from "../support/labHost";
import { requireSetup } from "../support/machine";
import { failure, Platform, type Running } from "../support/platform";
import { machineId, nodes, replicas } from "../support/swarm";
import { record, recorded, report, VICTIMS, type Outcome } from "./results";
import { chosen, KILLS, random, SEED, SHARD } from "./seeded";

/*
 * Kills a run at a step, then lets the next one finish it: bring-up, a rollout, the rotation of a CA, other machines, more managers. Which steps and what is killed follows from
 * a seed (DOCKYARD_FAULT_SEED); DOCKYARD_FAULT_KILLS says how many in each scenario, "all" for every step in turn. A kill that was not
 * survived is noted, and the others are made all the same: a run of hours is to tell all that it finds.
 */

jest.setTimeout(4 * 3_600_000);

const SUBNET = SHARD.parts === 1 ? 68 : [78, 88, 98][SHARD.part - 1]!;
const platform = new Platform(SHARD.parts === 1 ? "faults" : `faults-${SHARD.part}`);
const next = random(SEED);
const outcomes: Outcome[] = recorded();

type Victim = (typeof VICTIMS)[number];
/** What the CLI shows for each step that it begins or ends; a preview says "create" where this says "creating" and "created". */
const STEP = /^\s*[+~-]{1,2} +\w+:\S+ .*(?:creat|updat|delet|replac)(?:ing|ed)/;
/** More than any run has. */
const ENDLESS = 1000;

interface Scenario {
  readonly name: string;
  /** Brings the platform to where the scenario begins. */
  before(): Promise<void>;
  /** Writes the configuration that the killed run is to reach. */
  change(): void;
  readonly managers: readonly string[];
}

/** Counts up, so that a scenario that comes again has something to change. */
const rotations = { ca: 1, release: 1 };
const release = () => standInApplication(platform, "pair", { replicas: 2, environment: { STANDIN_PORTS: "80", RELEASE: String(rotations.release) } });
const configure = (hosts: HostsSection) => {
  const base = platformOn(hosts, { applications: [release()] });
  platform.configure({ ...base, swarm: { ...base.swarm, rotation: { ca: rotations.ca } } });
};

const upWith = (hosts: HostsSection) => async () => {
  configure(hosts);
  expect(failure(await platform.dockyard("up"))).toBe("");
};
const [THREE, FIVE] = [labHosts(SUBNET, 3), labHosts(SUBNET, 5)];
const named = ({ hosts }: HostsSection) => hosts.map(({ name }) => name);
/** The third machine gone, and another one in its place. */
const REPLACED: HostsSection = { ...THREE, hosts: [...THREE.hosts.slice(0, 2), FIVE.hosts[3]!] };

const scenarios: readonly Scenario[] = [
  { name: "bring-up of three hosts", before: () => platform.clear(), change: () => configure(THREE), managers: named(THREE) },
  { name: "rollout", before: upWith(THREE), change: () => (rotations.release++, configure(THREE)), managers: named(THREE) },
  { name: "the Swarm's CA", before: upWith(THREE), change: () => (rotations.ca++, configure(THREE)), managers: named(THREE) },
  { name: "a machine replaced", before: upWith(THREE), change: () => configure(REPLACED), managers: named(REPLACED) },
  { name: "managers 3 → 5", before: upWith(THREE), change: () => configure(FIVE), managers: named(FIVE) },
];

beforeAll(async () => {
  await requireSetup();
  await platform.clear();
  process.stdout.write(`faults: seed ${SEED}, ${KILLS} kills in each scenario\n`);
});
afterAll(async () => {
  report(outcomes);
  await platform.clear();
});

/** About how many steps each scenario shows. One that is chosen beyond its end is the end: nothing is killed, and all has to be whole all the same. */
const STEPS: Readonly<Record<string, number>> = { "bring-up of three hosts": 110, rollout: 2, "the Swarm's CA": 2, "a machine replaced": 36, "managers 3 → 5": 40 };

describe.each(scenarios)("$name", (scenario) => {
  it("is finished by the run after the one that was killed", async () => {
    const mine = () => outcomes.filter((outcome) => outcome.scenario === scenario.name);
    const all = chosen(KILLS === "all" ? ENDLESS : STEPS[scenario.name]!, KILLS, next).map((step) => ({ step, victim: VICTIMS[Math.floor(next() * VICTIMS.length)]! }));
    for (const { step, victim } of all.filter((_, index) => index % SHARD.parts === SHARD.part - 1)) {
      if (mine().some((outcome) => outcome.step === step)) continue;
      const outcome = await killed(scenario, step, victim);
      outcomes.push(outcome);
      record(outcome);
      if (outcome.during === undefined) break;
    }
    expect(mine().filter(({ wrong }) => wrong !== undefined)).toEqual([]);
  });
});

async function killed({ name, before, change, managers }: Scenario, step: number, victim: Victim): Promise<Outcome> {
  await before();
  const known = await machineIds();
  change();
  const outcome = { scenario: name, step, ...(await killAt(step, victim)) };
  try {
    await finished(managers, known);
    return outcome;
  } catch (error) {
    await platform.clear(); // the next kill begins with what is whole
    return { ...outcome, wrong: (error as Error).message };
  }
}

/** The next run ends what was begun: on the same machines, nothing twice, nothing pending, nothing left to do. */
async function finished(managers: readonly string[], known: ReadonlyMap<string, string>): Promise<void> {
  expect(failure(await platform.dockyard("up"))).toBe("");
  for (const [host, id] of known) if (managers.includes(host)) expect({ host, id: await machineId(platform.container(host)) }).toEqual({ host, id });
  await nothingTwice(managers);
  expect(await platform.pending()).toEqual([]);
  expect(failure(await platform.preview("--expect-no-changes"))).toBe("");
}

/** Starts an update and kills the victim when that many steps have been shown. @returns that step, undefined when the run had fewer, and who was killed */
async function killAt(step: number, victim: Victim): Promise<Pick<Outcome, "victim" | "during">> {
  const running = platform.launch("up");
  const shown = await stepsShown(running, step);
  const killed = strike(running, victim);
  await running.ended;
  return { victim: killed, ...(shown.length >= step && { during: shown[step - 1]! }) };
}

/** Kills the victim; where that one is not at work, everything. */
function strike(running: Running, victim: Victim): Victim | "nothing" {
  if (running.child.exitCode !== null) return "nothing";
  try {
    if (victim === "everything") platform.kill(running);
    else if (victim === "the provider") platform.killPlugin("dockyard");
    else if (victim === "the program") platform.killProgram();
    else platform.killCli();
    return victim;
  } catch {
    platform.kill(running);
    return "everything";
  }
}

/** Resolves when so many steps were shown, or the run has ended with fewer. */
async function stepsShown(running: Running, count: number): Promise<string[]> {
  const shown: string[] = [];
  await new Promise<void>((resolve) => {
    let rest = "";
    const read = (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      shown.push(...lines.filter((line) => STEP.test(line)).map((line) => line.trim().replace(/\s+/g, " ").replace(/ \(.*/, "")));
      if (shown.length >= count) resolve();
    };
    for (const stream of [running.child.stdout!, running.child.stderr!]) stream.on("data", read);
    void running.ended.then(() => resolve());
  });
  return shown;
}

async function machineIds(): Promise<Map<string, string>> {
  const containers = (await platform.resources()).filter(({ type }) => type === "docker:index/container:Container");
  return new Map(await Promise.all(containers.map(async ({ inputs }) => [String(inputs!.hostname), await machineId(platform.container(String(inputs!.hostname)))] as const)));
}

/** Every node, service, network and secret of the Swarm is known to the state, and the other way round. */
async function nothingTwice(managers: readonly string[]): Promise<void> {
  const m1 = platform.container("m1");
  const resources = await platform.resources();
  const idsOf = (type: string) => resources.filter((resource) => resource.type === `dockyard:swarm:${type}`).map(({ id }) => id!).sort();
  const listed = async (...command: string[]) => (await dockerJson(m1, ...command)).map(({ ID }) => ID!).sort();
  expect(Object.keys(await nodes(m1)).sort()).toEqual([...managers]);
  expect(await listed("node", "ls")).toEqual(idsOf("Node"));
  expect(await listed("secret", "ls")).toEqual(idsOf("Secret"));
  expect(await listed("service", "ls")).toEqual(idsOf("Service").map((id) => id.slice(0, 12)).sort());
  const found = Object.values(await replicas(m1));
  expect(found.filter((count) => count.split("/")[0] !== count.split("/")[1])).toEqual([]);
}
